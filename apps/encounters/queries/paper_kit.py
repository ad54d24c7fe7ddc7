"""The blocks of slip numbers that were put aside for paper, and what of them was typed in."""

from typing import Any

from django.utils import timezone

from apps.core.tenancy import current_facility
from apps.encounters.models import Encounter
from apps.encounters.paper_slips import SERIES, Kit, slip_of
from apps.facilities import numbers


def kit_of(key: str, year: int, count: int, last: int) -> Kit:
    return Kit(key, last - count + 1, last, year)


def kit_with(key: str) -> Kit | None:
    """One block by the key in its address. 1 query."""
    found = kits(key=key)
    return found[0] if found else None


def kits(*, key: str = "") -> list[Kit]:
    """The last blocks, the newest first. 1 query."""
    facility: Any = current_facility()
    rows = numbers.blocks(facility.pk, SERIES, key=key)
    found = []
    for row in rows:
        year, count = row.series.removeprefix(SERIES).split(":")
        found.append(kit_of(row.period, int(year), int(count), row.last))
    return found


def with_use(found: list[Kit]) -> list[dict[str, Any]]:
    """Each block with how many of its slips were typed in. 1 query a block."""
    facility: Any = current_facility()
    rows = []
    for kit in found:
        ends = [slip_of(facility, kit.year, n).number for n in (kit.first, kit.last)]
        used = Encounter.objects.filter(number__gte=ends[0], number__lte=ends[1]).count()
        rows.append({"kit": kit, "first": ends[0], "last": ends[1], "used": used})
    return rows


def typed_in_today() -> int:
    """Slips that were typed in today, whenever they happened. 1 query."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return Encounter.objects.filter(typed_at__gte=start).count()
