"""Orders for tests."""

from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field


class ServiceRequest(models.Model):
    """One ordered test. Collecting, results and reports follow with the laboratory."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        COMPLETED = "completed"
        REVOKED = "revoked"

    id = UUID7Field()
    encounter = models.ForeignKey("encounters.Encounter", on_delete=models.PROTECT)
    test_code = models.CharField(max_length=20)
    display_en = models.CharField(max_length=200)
    display_hi = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    ordered_at = models.DateTimeField(default=timezone.now)
    ordered_by = SharedForeignKey("accounts.User", db_index=False)
