"""The State's map in memory: 682 names that change once in years, asked for on every screen.

An entry lives a minute, so a newer file is seen in every process within that time.
"""

import time
from dataclasses import dataclass

from apps.facilities.models import Region

LIVES_S = 60.0


@dataclass(frozen=True, slots=True)
class Place:
    """A region as pages need it. `code` is the LGD code for districts and blocks."""

    kind: str
    code: str
    name_hi: str
    name_en: str
    parent_code: str


_places: dict[tuple[str, str], Place] = {}
_until = 0.0


def all_places() -> dict[tuple[str, str], Place]:
    """Every region in force by (kind, code), in the order of the Latin names. 1 query a minute."""
    global _places, _until
    if _until < time.monotonic() or not _places:
        # Panchayats and villages are fifty thousand: they are asked for a block at a time.
        small = (Region.Kind.PANCHAYAT, Region.Kind.VILLAGE)
        rows = Region.objects.filter(active=True).exclude(kind__in=small).order_by("name_en")
        _places = {
            (r.kind, r.code): Place(r.kind, r.code, r.name_hi, r.name_en, r.parent_code)
            for r in rows
        }
        _until = time.monotonic() + LIVES_S
    return _places


def forget() -> None:
    """Drop the map of this process (after a load, in tests)."""
    global _until
    _until = 0.0
