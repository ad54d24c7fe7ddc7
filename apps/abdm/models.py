"""What a hospital has linked, and what it may show and see by consent."""

from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field


class CareContext(models.Model):
    """One visit as a patient's app sees it. Once linked it can never be unlinked, so it is linked
    only for a verified ABHA. `hi_types` are what the visit has, `told` what the gateway knows of.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"  # for a link token
        SENT = "sent"
        LINKED = "linked"
        REJECTED = "rejected"  # a person must mend something
        HOLD = "hold"  # the token is refused for now

    class Via(models.TextChoices):
        HOSPITAL = "hip"
        PATIENT = "user"

    id = UUID7Field()
    encounter = models.OneToOneField("encounters.Encounter", on_delete=models.PROTECT)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT)
    reference = models.CharField(max_length=40)
    abha_address = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    via = models.CharField(max_length=4, choices=Via, default=Via.HOSPITAL)
    hi_types = models.JSONField(default=list)
    told = models.JSONField(default=list)
    kyc = models.BooleanField(default=False)  # the ABHA behind it is verified by KYC (DHIS)
    error_code = models.CharField(max_length=12, blank=True)
    error = models.CharField(max_length=160, blank=True)
    sent_at = models.DateTimeField(null=True)
    linked_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                name="carecontext_open",
                condition=models.Q(status__in=("draft", "waiting", "sent", "hold")),
            )
        ]
