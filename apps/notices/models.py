"""Short messages to people's phones, kept until they are delivered."""

from django.db import models
from django.utils import timezone

from apps.core.fields import EncryptedTextField, UUID7Field

TRAINING = "training"  # a status of its own: kept to be looked at, never due


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self) -> "NoticeQuerySet":
        return self.filter(status=Notice.Status.WAITING, next_attempt_at__lte=timezone.now())


class Notice(models.Model):
    """One message. Number and text are ciphertext, emptied after delivery except in the demo."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    id = UUID7Field()
    facility_id = models.UUIDField(null=True)
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=5, default="hi")
    to_mobile = EncryptedTextField(blank=True)
    body = EncryptedTextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("next_attempt_at", name="notice_due", condition=models.Q(status="waiting"))
        ]
