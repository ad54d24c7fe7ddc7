"""Named reads over the State's places and a hospital's settings."""

from typing import Any

from apps.facilities.config import FacilityConfig
from apps.facilities.models import Facility, Region


def config(facility: Facility) -> FacilityConfig:
    """How this hospital works. No query."""
    return FacilityConfig.read(facility.config)


def region(kind: str, code: str) -> Region | None:
    """One place of the map. 1 query."""
    return Region.objects.filter(kind=kind, code=code).first()


def districts() -> list[Region]:
    """The 38 districts by name. 1 query."""
    return list(Region.objects.filter(kind=Region.Kind.DISTRICT).order_by("name_en"))


def blocks(district_code: str) -> list[Region]:
    """The blocks of one district by name. 1 query."""
    wanted = Region.objects.filter(kind=Region.Kind.BLOCK, parent_code=district_code)
    return list(wanted.order_by("name_en"))


def place_name(block_code: str, district_code: str) -> dict[str, str]:
    """ "Kasba, Purnia" in both scripts; what is not known is left out. 1 query."""
    codes = {Region.Kind.BLOCK: block_code, Region.Kind.DISTRICT: district_code}
    rows: list[Any] = list(Region.objects.filter(kind__in=codes, code__in=codes.values()))
    found = [row for kind in codes for row in rows if (row.kind, row.code) == (kind, codes[kind])]
    return {
        "hi": ", ".join(row.name_hi for row in found),
        "en": ", ".join(row.name_en for row in found),
    }
