"""The trail: one row for each thing that happened, append-only, partitioned by week."""

from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field


class AuditEvent(models.Model):
    """`detail` holds codes and numbers only, never a name or a clinical text."""

    id = UUID7Field()
    at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=40)
    facility_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    system = models.CharField(max_length=30, blank=True, default="")
    subject_type = models.CharField(max_length=40, blank=True, default="")
    subject_id = models.UUIDField(null=True)
    patient_id = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        managed = False  # partitioned: made by SQL in the migration
        db_table = "audit_event"
