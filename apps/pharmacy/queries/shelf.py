"""What lies where. Expired and blocked stock is on the shelf, but never counts as there."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.audit import queries as audit
from apps.audit.events import Event
from apps.core.tenancy import current_facility_id
from apps.pharmacy import stores
from apps.pharmacy.items import Item, items, search
from apps.pharmacy.models import StockBatch, StockMovement

Row = dict[str, Any]
NUMBER: "DecimalField[Decimal, Decimal]" = DecimalField(max_digits=13, decimal_places=2)
ZERO = Value(Decimal(0), output_field=NUMBER)
SOON, SOONER = 90, 30  # days before expiry: worth a look, worth a deed
LEDGER_ROWS = 60
COUNT_LASTS = timedelta(days=7)  # by the index on time: a count has no row of its own


def on_hand(codes: Iterable[str]) -> dict[str, Decimal]:
    """What a medicine counter can give now, 0 when nothing. 1 query.

    With several counters it is the fullest one's: a patient stands at one window, and two halves
    in two windows are no whole strip in either.
    """
    wanted = list(codes)
    rows = (
        StockBatch.objects.usable(timezone.localdate())
        .filter(medication_code__in=wanted, store__in=stores.counter_codes())
        .values_list("medication_code", "store")
        .annotate(total=Sum("on_hand"))
    )
    best = dict.fromkeys(wanted, Decimal(0))
    for code, _, total in rows:
        best[code] = max(best[code], total)
    return best


def usable_in(codes: Iterable[str]) -> dict[str, dict[str, Decimal]]:
    """Usable stock of each medicine by store; stores with nothing are left out. 1 query."""
    found: dict[str, dict[str, Decimal]] = {}
    rows = StockBatch.objects.usable(timezone.localdate()).filter(medication_code__in=list(codes))
    for code, store, total in rows.values_list("medication_code", "store").annotate(
        total=Sum("on_hand")
    ):
        found.setdefault(code, {})[store] = total
    return found


def batches(code: str, *, store: str = "main") -> QuerySet[StockBatch]:
    """Usable batches of a medicine, the one that expires first on top. 1 query."""
    rows = StockBatch.objects.usable(timezone.localdate())
    return rows.filter(medication_code=code, store=store).first_expiring()


def batch(batch_id: UUID) -> StockBatch | None:
    """One lot. 1 query."""
    return StockBatch.objects.filter(pk=batch_id).first()


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
    return StockBatch.objects.annotate(
        moved=Coalesce(Subquery(moved, output_field=NUMBER), ZERO)
    ).exclude(on_hand=F("moved"))


def known_changes_alarm() -> bool:
    """Whether the last nightly check found a shelf that is not its ledger's sum. 1 query."""
    since = timezone.now() - timedelta(days=1)
    return audit.happened(Event.STOCK_UNBALANCED, facility_id=current_facility_id(), since=since)


def shelf(*, store: str = "", show: str = "", text: str = "", limit: int = 200) -> list[Row]:
    """The stock list: one row a thing with what is usable here and in all stores. 2 queries.

    `show`: "" everything, "out" nothing usable, "soon" expiring in 90 days, "expired" on the shelf.
    """
    today = timezone.localdate()
    good = Q(expiry__gte=today, blocked="", on_hand__gt=0)
    rows = StockBatch.objects.order_by().values(code=F("medication_code"))
    if text:
        rows = rows.filter(medication_code__in=[item.code for item in search(text, limit=60)])
    in_store = good & Q(store=store) if store else good
    rows = rows.annotate(
        here=Coalesce(Sum("on_hand", filter=in_store), ZERO),
        all=Coalesce(Sum("on_hand", filter=good), ZERO),
        expired=Coalesce(Sum("on_hand", filter=Q(expiry__lt=today)), ZERO),
        stopped=Coalesce(Sum("on_hand", filter=~Q(blocked="") & Q(expiry__gte=today)), ZERO),
        nearest=Min("expiry", filter=in_store),
    )
    conditions = {
        "out": Q(here=0),
        "soon": Q(nearest__lte=today + timedelta(days=SOON)),
        "expired": Q(expired__gt=0),
    }
    rows = rows.filter(conditions[show]) if show in conditions else rows
    found = list(rows[: limit * 5])
    known = items(row["code"] for row in found)
    told: list[Row] = [
        {**row, "item": known[row["code"]], "days": _days(row["nearest"], today)}
        for row in found
        if row["code"] in known
    ]
    return sorted(told, key=lambda row: (row["here"] > 0, row["item"].name.lower()))[:limit]


def _days(expiry: date | None, today: date) -> int | None:
    return (expiry - today).days if expiry else None


def item_page(code: str) -> Row | None:
    """One thing: its lots by store, what is usable in each. 2 queries. None: nobody knows it."""
    item = items([code]).get(code)
    if item is None:
        return None
    today = timezone.localdate()
    lots = list(StockBatch.objects.filter(medication_code=code).first_expiring())
    shown = [lot for lot in lots if lot.on_hand > 0 or lot.blocked]
    names = {store.code: store for store in stores.config().stores}
    rows: list[Row] = [
        {
            "lot": lot,
            "place": names.get(lot.store),
            "days": (lot.expiry - today).days,
            "expired": lot.expiry < today,
        }
        for lot in shown
    ]
    usable: dict[str, Decimal] = {}
    for row in rows:
        lot = row["lot"]
        if not row["expired"] and not lot.blocked:
            usable[lot.store] = usable.get(lot.store, Decimal(0)) + lot.on_hand
    places = [(names.get(code) or code, total) for code, total in usable.items()]
    return {"item": item, "lots": rows, "places": places, "usable": sum(usable.values())}


def ledger(code: str, *, limit: int = LEDGER_ROWS) -> list[StockMovement]:
    """The last changes of a thing in all stores, newest first. 1 query."""
    rows = StockMovement.objects.filter(batch__medication_code=code).select_related("batch")
    return list(rows.order_by("-at", "-pk")[:limit])


def lots_in(store: str, *, text: str = "", limit: int = 300) -> list[Row]:
    """Lots that should lie in a store, for counting and moving, by name. 2 queries."""
    rows = StockBatch.objects.filter(store=store).filter(Q(on_hand__gt=0) | ~Q(blocked=""))
    if text:
        codes = [item.code for item in search(text, limit=60)]
        rows = rows.filter(
            Q(medication_code__in=codes) | Q(batch_no=text.strip().upper()) | Q(gtin=text.strip())
        )
    found = list(rows.first_expiring()[:limit])
    known = items(lot.medication_code for lot in found)
    told = [{"lot": lot, "item": known.get(lot.medication_code)} for lot in found]
    return sorted(told, key=lambda row: row["item"].name.lower() if row["item"] else "~")


def counted_in(count_id: UUID) -> list[StockMovement]:
    """What a count has written so far, newest first. 1 query."""
    rows = StockMovement.objects.filter(
        at__gte=timezone.now() - COUNT_LASTS,
        reference=count_id,
        kind=StockMovement.Kind.COUNTED,
    ).select_related("batch")
    return list(rows.order_by("-at"))


def expiring(days: int, *, store: str = "") -> list[Row]:
    """Lots that expire within `days`, the expired ones first. 2 queries."""
    today = timezone.localdate()
    rows = StockBatch.objects.filter(on_hand__gt=0, expiry__lte=today + timedelta(days=days))
    rows = rows.filter(store=store) if store else rows
    found = list(rows.order_by("expiry", "medication_code")[:500])
    known = items(lot.medication_code for lot in found)
    names = {store.code: store for store in stores.config().stores}
    return [
        {
            "lot": lot,
            "item": known.get(lot.medication_code),
            "days": (lot.expiry - today).days,
            "expired": lot.expiry < today,
            "place": names.get(lot.store),
        }
        for lot in found
    ]


def item_of_gtin(gtin: str) -> Item | None:
    """The thing this hospital knows under a pack code: what it was told last. 2 queries."""
    if not gtin:
        return None
    row = StockBatch.objects.filter(gtin=gtin).order_by("-pk").first()
    return items([row.medication_code]).get(row.medication_code) if row else None


def levels_changed(since: datetime | None) -> list[Row]:
    """Usable stock over all stores of what moved since then (None: everything). 2 queries."""
    today = timezone.localdate()
    rows = StockBatch.objects.order_by()
    if since is not None:
        moved = StockMovement.objects.filter(at__gte=since).values("batch__medication_code")
        ended = Q(expiry__gte=timezone.localdate(since) - timedelta(days=1), expiry__lt=today)
        over = rows.filter(ended).values("medication_code")
        rows = rows.filter(Q(medication_code__in=moved) | Q(medication_code__in=over))
    good = Q(expiry__gte=today, blocked="", on_hand__gt=0)
    counted = rows.values("medication_code").annotate(
        usable=Coalesce(Sum("on_hand", filter=good), ZERO),
        expired=Coalesce(Sum("on_hand", filter=Q(expiry__lt=today)), ZERO),
        nearest_expiry=Min("expiry", filter=good),
    )
    return [dict(row) for row in counted]


def last_movement() -> datetime | None:
    """When the shelf changed last. 1 query."""
    return StockMovement.objects.aggregate(last=Max("at"))["last"]
