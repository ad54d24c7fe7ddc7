"""Hospitals that are on Bhavya, as the apps above may ask for them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from apps.core.tenancy import current_facility_id
from apps.facilities.models import Facility, Region, RegisterEntry

# Six hundred whole rows with all that a hospital has configured would cost every board 20 ms.
COLUMNS = (
    "pk", "slug", "name_hi", "name_en", "district_code", "block_code", "status",
    "config__departments", "config__sessions", "trains_for",
)  # fmt: skip
# For SQL over the trail and the counters, after a column that names a hospital.
# Another sum means that some row was made, changed or deleted, whoever did it and how: `xmin` is
# the transaction that wrote a row, `cmin` tells two writes of one transaction apart.
VERSION = """
SELECT count(*), sum(xmin::text::bigint), sum(cmin::text::bigint) FROM public.facilities_facility
"""
IS_NO_TRAINING = "NOT IN (SELECT id FROM public.facilities_facility WHERE trains_for IS NOT NULL)"


@dataclass(frozen=True)
class Place:
    """One hospital: its names, where it lies, and the address staff open."""

    id: UUID
    slug: str
    name_hi: str
    name_en: str
    district_code: str
    block_code: str
    status: str
    departments: tuple[dict[str, str], ...] = ()
    sessions: tuple[dict[str, str], ...] = ()
    is_training: bool = False

    @cached_property
    def code(self) -> str:
        """Its id as counters of places name it."""
        return str(self.id)

    @cached_property
    def hours(self) -> str:
        """The same text for the same sessions."""
        return repr(self.sessions)

    @cached_property
    def url(self) -> str:
        return address(self.slug)

    @property
    def is_open(self) -> bool:
        return self.status == Facility.Status.ACTIVE


def address(slug: str = "") -> str:
    """The address of a hospital's host, or of the State host."""
    host = f"{slug}.{settings.PARENT_DOMAIN}" if slug else settings.PARENT_DOMAIN
    port = settings.PUBLIC_PORT
    usual = port == (443 if settings.PUBLIC_SCHEME == "https" else 80)
    return f"{settings.PUBLIC_SCHEME}://{host}" + ("" if usual else f":{port}")


def hospitals(
    *,
    ids: set[UUID] | None = None,
    district: str = "",
    block: str = "",
    retired: bool = False,
    training: bool = False,
) -> list[Place]:
    """Hospitals by name; narrowed to ids, a district or a block; retired ones and training places
    only if asked. 1 query."""
    wanted = Q()
    if ids is not None:
        wanted &= Q(pk__in=ids)
    if district:
        wanted &= Q(district_code=district)
    if block:
        wanted &= Q(block_code=block)
    rows = (Facility.every if training else Facility.objects).filter(wanted)
    rows = rows if retired else rows.exclude(status=Facility.Status.RETIRED)
    return [_place(row) for row in rows.order_by("name_en").values(*COLUMNS)]


_known: tuple[object, tuple[Place, ...]] = (None, ())


def everywhere() -> tuple[Place, ...]:
    """All hospitals by name, retired ones too, from this process's memory; read anew as soon as any
    row of the table is another, so it is never old. 1 query, 2 after a change."""
    global _known
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        version = cursor.fetchone()
    if _known[0] != version:
        _known = (version, tuple(hospitals(retired=True)))
    return _known[1]


def hospital(facility_id: UUID) -> Place | None:
    """One hospital in any status, or the training place we stand in. 1 query."""
    row = found_from(facility_id).filter(pk=facility_id).values(*COLUMNS).first()
    return _place(row) if row else None


def found_from(facility_id: UUID) -> Any:
    """The hospitals; who stands in a training place finds that one, too."""
    return (Facility.every if current_facility_id() == facility_id else Facility.objects).all()


def coordinates(ids: set[UUID]) -> dict[UUID, tuple[float, float]]:
    """Latitude and longitude of hospitals whose register entry says them. 2 queries."""
    codes = dict(Facility.objects.filter(pk__in=ids).values_list("register_code", "pk"))
    rows = RegisterEntry.objects.filter(code__in=codes)
    return {
        codes[row.code]: (float(row.latitude), float(row.longitude))
        for row in rows
        if row.latitude is not None and row.longitude is not None
    }


def blocks_in(district: str) -> set[str]:
    """LGD codes of a district's blocks. 1 query."""
    rows = Region.objects.filter(kind=Region.Kind.BLOCK, parent_code=district)
    return set(rows.values_list("code", flat=True))


def region_names(codes: set[str]) -> dict[str, dict[str, str]]:
    """District and block names by LGD code. 1 query."""
    kinds = (Region.Kind.DISTRICT, Region.Kind.BLOCK)
    rows = Region.objects.filter(kind__in=kinds, code__in=codes)
    return {row.code: {"name_hi": row.name_hi, "name_en": row.name_en} for row in rows}


def _place(row: dict[str, Any]) -> Place:
    return Place(
        id=row["pk"],
        slug=row["slug"],
        name_hi=row["name_hi"],
        name_en=row["name_en"],
        district_code=row["district_code"],
        block_code=row["block_code"],
        status=row["status"],
        departments=tuple(row["config__departments"] or ()),
        sessions=tuple(row["config__sessions"] or ()),
        is_training=row["trains_for"] is not None,
    )
