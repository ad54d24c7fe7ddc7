"""How much is used, and how much to ask for: real consumption, lead time, season."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db.models import Min, Sum
from django.utils import timezone

from apps.core.tenancy import current_facility_id
from apps.pharmacy import stores
from apps.pharmacy.items import Item, items
from apps.pharmacy.models import StockMovement
from apps.pharmacy.queries.shelf import usable_in
from apps.prescriptions import queries as prescriptions
from apps.supply import queries as supply

WEEKS = 8
LEAST_SEASON, MOST_SEASON = Decimal("0.5"), Decimal(3)
USED_UP = (StockMovement.Kind.ISSUED, StockMovement.Kind.USED, StockMovement.Kind.RETURNED)


@dataclass(frozen=True, slots=True)
class Need:
    """One medicine of an indent: what is there, what goes in a week, what to ask for and why."""

    item: Item
    usable: Decimal
    on_order: Decimal
    weekly: Decimal
    season: Decimal
    unmet: Decimal
    suggested: Decimal

    @property
    def weeks_left(self) -> Decimal | None:
        return (self.usable / self.weekly).quantize(Decimal(1)) if self.weekly else None


def consumption(first: datetime, last: datetime) -> dict[str, Decimal]:
    """What was given and used up between two moments, by medicine, returns taken off. 1 query."""
    rows = StockMovement.objects.filter(at__gte=first, at__lt=last, kind__in=USED_UP)
    totals = rows.values_list("batch__medication_code").annotate(total=Sum("quantity"))
    return {code: max(-total, Decimal(0)) for code, total in totals}


def needs(*, also: Iterable[str] = ()) -> list[Need]:
    """Suggested indent, the emptiest shelf first. 8 queries.

    Use of the last 8 weeks and what had to be refused meanwhile, by week; raised or lowered by
    what the same weeks of last year were to the weeks before them (0.5 to 3, 1 without a year of
    ledger); times lead time and cover, plus one week; less what is there and on its way.
    """
    facility_id = current_facility_id()
    assert facility_id is not None
    config, now = stores.config(), timezone.now()
    used = consumption(now - timedelta(weeks=WEEKS), now)
    today = timezone.localdate()
    rows = prescriptions.not_given(today - timedelta(weeks=WEEKS), today)
    unmet = {row["code"]: row["total"] for row in rows}
    season = _season(now)
    coming = supply.on_order(facility_id)
    codes = {*used, *unmet, *also}
    there = usable_in(codes)
    known, weeks = items(codes), _weeks(now)
    ahead = Decimal(config.lead_days + config.cover_days) / 7 + 1
    found = []
    for code in codes & known.keys():
        weekly = (used.get(code, Decimal(0)) + unmet.get(code, Decimal(0))) / weeks
        factor = season.get(code, Decimal(1))
        usable = sum(there.get(code, {}).values(), Decimal(0))
        wanted = weekly * factor * ahead - usable - coming.get(code, Decimal(0))
        found.append(
            Need(
                known[code], usable, coming.get(code, Decimal(0)), weekly.quantize(Decimal("0.1")),
                factor, unmet.get(code, Decimal(0)), _round(wanted),
            )
        )  # fmt: skip
    return sorted(found, key=lambda n: (n.weeks_left is None, n.weeks_left or 0, n.item.name))


def _weeks(now: datetime) -> Decimal:
    """How many of the 8 weeks the ledger knows: a new hospital's days are not thinned. 1 query."""
    first = StockMovement.objects.filter(kind__in=USED_UP).aggregate(first=Min("at"))["first"]
    days = (now - first).days + 1 if first else WEEKS * 7
    return max(Decimal(min(days, WEEKS * 7)) / 7, Decimal(1))


def _season(now: datetime) -> dict[str, Decimal]:
    """Last year's coming weeks against the weeks before them. 2 queries."""
    year, span = timedelta(days=364), timedelta(weeks=WEEKS)
    before = consumption(now - year - span, now - year)
    after = consumption(now - year, now - year + span)
    return {
        code: min(max(after.get(code, Decimal(0)) / was, LEAST_SEASON), MOST_SEASON).quantize(
            Decimal("0.01")
        )
        for code, was in before.items()
        if was
    }


def _round(wanted: Decimal) -> Decimal:
    """Up to whole tens, from a hundred on to whole fifties: nobody issues 137 tablets."""
    if wanted <= 0:
        return Decimal(0)
    step = Decimal(50 if wanted > 100 else 10)
    return (wanted / step).to_integral_value(ROUND_CEILING) * step
