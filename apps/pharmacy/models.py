"""What the shelf holds, and every change of it."""

from datetime import date

from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field


class BatchQuerySet(models.QuerySet["StockBatch"]):
    def usable(self, today: date) -> "BatchQuerySet":
        """What may be handed over: not expired, not blocked, not empty."""
        return self.filter(expiry__gte=today, blocked="", on_hand__gt=0)

    def first_expiring(self) -> "BatchQuerySet":
        """The order in which lots leave the shelf, and in which they are locked."""
        return self.order_by("medication_code", "expiry", "batch_no", "pk")


class StockBatch(models.Model):
    """A lot in one store, with its expiry and the quantity on hand (never negative)."""

    id = UUID7Field()
    medication_code = models.CharField(max_length=12)
    store = models.CharField(max_length=20, default="main")
    batch_no = models.CharField(max_length=40)
    expiry = models.DateField()
    on_hand = models.DecimalField(max_digits=11, decimal_places=2, default=0)
    unit = models.CharField(max_length=20)
    source = models.CharField(max_length=40, blank=True)
    gtin = models.CharField(max_length=14, blank=True, default="", db_default="")  # GS1 pack code
    blocked = models.CharField(  # not to be issued: "recalled", "damaged", "bin-empty"
        max_length=16, blank=True, default="", db_default=""
    )

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "medication_code", "batch_no"], name="batch_store_no"
            ),
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="batch_not_negative"),
        ]
        indexes = [models.Index(fields=["medication_code", "expiry"], name="batch_medication")]


class StockMovement(models.Model):
    """One change of stock. Never edited; on-hand equals the sum of these."""

    class Kind(models.TextChoices):
        RECEIVED = "received"
        ISSUED = "issued"
        RETURNED = "returned"
        ADJUSTED = "adjusted"
        TRANSFERRED = "transferred"
        COUNTED = "counted"
        CONDEMNED = "condemned"
        USED = "used"

    id = UUID7Field()
    batch = models.ForeignKey(StockBatch, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, choices=Kind)
    quantity = models.DecimalField(max_digits=11, decimal_places=2)  # signed
    reference = models.UUIDField(null=True)
    reason = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = SharedForeignKey("accounts.User", null=True, db_index=False)

    class Meta:
        indexes = [models.Index(fields=["at"], name="movement_at")]  # registers, consumption


class MedicationDispense(models.Model):
    """One handing over from one batch against one prescribed line.

    `substitution` is the reason when another product than the prescribed one was given.
    """

    id = UUID7Field()
    medication_request = models.ForeignKey(
        "prescriptions.MedicationRequest", on_delete=models.PROTECT
    )
    batch = models.ForeignKey(StockBatch, on_delete=models.PROTECT, db_index=False)
    quantity = models.DecimalField(max_digits=9, decimal_places=2)
    returned = models.DecimalField(max_digits=9, decimal_places=2, default=0, db_default=0)
    substitution = models.CharField(max_length=120, blank=True, default="", db_default="")
    at = models.DateTimeField(default=timezone.now)
    by = SharedForeignKey("accounts.User", null=True, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, returned__gte=0)
                & models.Q(returned__lte=models.F("quantity")),
                name="dispense_quantity",
            )
        ]
        indexes = [models.Index(fields=["at"], name="dispense_at")]  # registers by day
