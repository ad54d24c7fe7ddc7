"""What the shelf holds. Expired batches do not count."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.pharmacy.models import StockBatch, StockMovement


def on_hand(codes: Iterable[str]) -> dict[str, Decimal]:
    """Unexpired stock of each medicine over all stores, 0 when there is none. 1 query."""
    wanted = list(codes)
    rows = (
        StockBatch.objects.filter(medication_code__in=wanted, expiry__gte=timezone.localdate())
        .values("medication_code")
        .annotate(total=Sum("on_hand"))
        .values_list("medication_code", "total")
    )
    return {**dict.fromkeys(wanted, Decimal(0)), **dict(rows)}


def batches(code: str, *, store: str = "main") -> QuerySet[StockBatch]:
    """Usable batches of a medicine, the one that expires first on top. 1 query."""
    return StockBatch.objects.filter(
        medication_code=code, store=store, expiry__gte=timezone.localdate(), on_hand__gt=0
    ).order_by("expiry", "batch_no")


def batch_on_hand(batch_id: UUID) -> Decimal:
    """What one batch holds. 1 query."""
    return StockBatch.objects.values_list("on_hand", flat=True).get(pk=batch_id)


def unbalanced() -> QuerySet[StockBatch]:
    """Batches whose stock is not the sum of their movements. Must be empty, always. 1 query."""
    moved = (
        StockMovement.objects.filter(batch=OuterRef("pk"))
        .order_by()
        .values("batch")
        .annotate(total=Sum("quantity"))
        .values("total")
    )
    number: DecimalField[Decimal, Decimal] = DecimalField(max_digits=13, decimal_places=2)
    zero = Value(Decimal(0), output_field=number)
    return StockBatch.objects.annotate(
        moved=Coalesce(Subquery(moved, output_field=number), zero)
    ).exclude(on_hand=F("moved"))
