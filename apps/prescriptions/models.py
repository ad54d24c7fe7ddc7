"""What was prescribed: a signed set of requests and its lines."""

from decimal import Decimal

from django.db import models

from apps.core.fields import SharedForeignKey, UUID7Field


class Prescription(models.Model):
    """Signed once, then frozen. The draft lives on the Encounter until it is signed."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        COMPLETED = "completed"
        CANCELLED = "cancelled"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    encounter = models.ForeignKey("encounters.Encounter", on_delete=models.PROTECT)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    signed_at = models.DateTimeField()
    signed_by = SharedForeignKey("accounts.User", db_index=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["signed_at"], name="prescription_open", condition=models.Q(status="active")
            )
        ]


class MedicationRequest(models.Model):
    """One line. `dosage` is FHIR Dosage as JSON plus the shorthand it was typed as."""

    id = UUID7Field()
    prescription = models.ForeignKey(Prescription, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    medication_code = models.CharField(max_length=12)
    display = models.CharField(max_length=200)
    display_hi = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=60)
    dosage = models.JSONField()
    days = models.PositiveSmallIntegerField(null=True)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    unit = models.CharField(max_length=20)
    dispensed = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    note = models.CharField(max_length=200, blank=True)
    unavailable = models.DecimalField(  # told "not available here" at the counter
        max_digits=9, decimal_places=2, default=0, db_default=0
    )
    closed = models.CharField(  # why nothing more is handed over: "not-available", "declined"
        max_length=16, blank=True, default="", db_default=""
    )

    @property
    def due(self) -> Decimal:
        """What is still to be handed over; nothing on a closed line."""
        return Decimal(0) if self.closed else max(self.quantity - self.dispensed, Decimal(0))
