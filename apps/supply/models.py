"""Medicines between hospitals: what each has, and who asked for what. No personal data."""

from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field


class Indent(models.Model):
    """One request of a hospital to its district store. Lines and history are JSON.

    lines: [{"code", "name", "unit", "suggested", "asked", "approved", "lots": [{"batch_no",
    "expiry", "quantity"}]}], quantities as text. history: [{"at", "by", "what", "note"}].
    """

    class Status(models.TextChoices):
        RAISED = "raised"
        APPROVED = "approved"
        ISSUED = "issued"
        ACKNOWLEDGED = "acknowledged"
        REFUSED = "refused"

    class Tier(models.TextChoices):
        DISTRICT = "district"
        STATE = "state"  # the district store had not enough and passed it on

    id = UUID7Field()
    number = models.CharField(max_length=20)
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, db_index=False)
    district_code = models.CharField(max_length=12)
    status = models.CharField(max_length=12, choices=Status, default=Status.RAISED)
    tier = models.CharField(max_length=8, choices=Tier, default=Tier.DISTRICT)
    lines = models.JSONField(default=list)
    history = models.JSONField(default=list)
    raised_by = models.UUIDField(null=True)
    raised_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["facility", "-raised_at"], name="indent_facility"),
            models.Index(fields=["district_code", "status"], name="indent_district"),
        ]


class StockLevel(models.Model):
    """What one hospital can use of one medicine, over all its stores. Expired stock is none."""

    id = UUID7Field()
    facility = models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, db_index=False)
    district_code = models.CharField(max_length=12)
    medication_code = models.CharField(max_length=12)
    usable = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    expired = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    weekly_use = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    nearest_expiry = models.DateField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "medication_code"], name="level_facility_medication"
            )
        ]
        indexes = [
            models.Index(fields=["medication_code", "district_code"], name="level_medication"),
            # `queries.out_at`: the boards ask for what is out in six hundred hospitals at once.
            models.Index(
                fields=["facility"],
                include=["medication_code", "weekly_use"],
                condition=models.Q(usable=0)
                & (models.Q(weekly_use__gt=0) | models.Q(expired__gt=0)),
                name="level_out",
            ),
            models.Index(fields=["nearest_expiry"], name="level_expiry"),
        ]
