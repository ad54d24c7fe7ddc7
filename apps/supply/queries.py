"""Indents and levels, each reader within the own places."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.facilities import live
from apps.facilities import queries as facilities
from apps.supply.models import Indent, StockLevel

OPEN = (Indent.Status.RAISED, Indent.Status.APPROVED, Indent.Status.ISSUED)
KEEP_WEEKS = 8  # what a hospital needs itself is no surplus
LEVEL_LIFE = timedelta(days=2)
Row = dict[str, Any]
# Two parts, each with an index of its own: together they would read every level of the State.
OUT = r"""
SELECT facility_id::text, string_agg(code, E'\n' --SORTED--) FROM (
  SELECT facility_id, medication_code AS code, weekly_use FROM public.supply_stocklevel
   WHERE usable = 0 AND (weekly_use > 0 OR expired > 0)
     AND (%(ids)s::uuid[] IS NULL OR facility_id = ANY(%(ids)s))
   UNION ALL
  SELECT facility_id, medication_code, weekly_use FROM public.supply_stocklevel
   WHERE nearest_expiry < %(today)s AND usable <> 0 AND (weekly_use > 0 OR expired > 0)
     AND (%(ids)s::uuid[] IS NULL OR facility_id = ANY(%(ids)s))
) gone GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Surplus:
    """A hospital that can spare a medicine, and how far it is in a straight line."""

    place: live.Place
    usable: Decimal
    spare: Decimal
    nearest_expiry: date | None
    km: int | None


def indents_of(facility_id: UUID, *, limit: int = 30) -> list[Indent]:
    """A hospital's own, newest first. 1 query."""
    return list(Indent.objects.filter(facility_id=facility_id).order_by("-raised_at")[:limit])


def indents_for(actor: Actor, *, limit: int = 100) -> QuerySet[Indent]:
    """What an office sees: its district's, or for the State those passed on to it. 1 query."""
    rows = Indent.objects.select_related("facility").order_by("-raised_at")
    if actor.scope is Scope.STATE:
        return rows.filter(tier=Indent.Tier.STATE)[:limit]
    if actor.scope is Scope.DISTRICT and actor.place:
        return rows.filter(district_code=actor.place)[:limit]
    return rows.none()


def indent(indent_id: UUID, *, actor: Actor, lock: bool = False) -> Indent:
    """One indent within the actor's places; Unseen (404, noted) for another's. 1 query."""
    rows = Indent.objects.select_related("facility")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=indent_id).first()
    if found is None or not _sees(actor, found):
        raise Unseen(Permission.STOCK_VIEW)
    return found


def _sees(actor: Actor, row: Indent) -> bool:
    if actor.facility_id is not None:
        return row.facility_id == actor.facility_id
    if actor.scope is Scope.STATE:
        return row.tier == Indent.Tier.STATE
    return actor.scope is Scope.DISTRICT and row.district_code == actor.place


def on_order(facility_id: UUID) -> dict[str, Decimal]:
    """What is asked for and not yet arrived, by medicine. 1 query."""
    total: dict[str, Decimal] = {}
    for row in Indent.objects.filter(facility_id=facility_id, status__in=OPEN):
        for line in row.lines:
            wanted = Decimal(line.get("approved") or line["asked"] or 0)
            total[line["code"]] = total.get(line["code"], Decimal(0)) + wanted
    return total


def levels_of(actor: Actor, *, code: str = "") -> QuerySet[StockLevel]:
    """Levels within an office's places; of one medicine when `code` is given. 1 query."""
    rows = StockLevel.objects.select_related("facility").order_by("medication_code", "facility_id")
    rows = rows.filter(medication_code=code) if code else rows
    if actor.facility_id is not None:
        here = facilities.facility(actor.facility_id)
        return rows.filter(district_code=here.district_code)
    if actor.scope is Scope.STATE:
        return rows
    if actor.scope is Scope.DISTRICT and actor.place:
        return rows.filter(district_code=actor.place)
    return rows.none()


def stock_outs(actor: Actor, *, limit: int = 200) -> list[Row]:
    """Medicines that hospitals use and cannot give now, the most hospitals first. 1 query.

    A shelf that holds only expired stock is empty: that is what `usable` says.
    """
    today = timezone.localdate()
    gone = (
        levels_of(actor)
        .order_by()
        .filter(Q(usable=0) | Q(nearest_expiry__lt=today), Q(weekly_use__gt=0) | Q(expired__gt=0))
    )
    counted = gone.values(code=F("medication_code")).annotate(
        hospitals=Count("facility"), expired_only=Count("pk", filter=Q(expired__gt=0))
    )
    return [dict(row) for row in counted.order_by("-hospitals", "code")[:limit]]


def out_at(ids: set[UUID] | None) -> dict[str, list[str]]:
    """Medicines that each of these hospitals uses and cannot give now, the most used first; of all
    hospitals (None) in no order. By the hospital's id as text. 1 query.

    For counts over places: who may see which hospital is the caller's to know.
    """
    # Sorting is what would cost most over six hundred hospitals, one row for each of which comes.
    text = OUT.replace("--SORTED--", "" if ids is None else "ORDER BY weekly_use DESC, code")
    told = {"today": timezone.localdate(), "ids": None if ids is None else list(ids)}
    with connection.cursor() as cursor:
        cursor.execute(text, told)
        return {at: codes.split("\n") for at, codes in cursor.fetchall()}


def expired_at(facility_id: UUID) -> int:
    """How many medicines of a hospital still stand expired on a shelf. 1 query."""
    return StockLevel.objects.filter(facility_id=facility_id, expired__gt=0).count()


def surplus(code: str, *, actor: Actor, near: UUID | None = None, limit: int = 10) -> list[Surplus]:
    """Who can spare `code`, the nearest first: above eight weeks of the own use. 3 queries."""
    rows = levels_of(actor, code=code).filter(usable__gt=F("weekly_use") * KEEP_WEEKS)
    rows = rows.exclude(facility_id=near) if near else rows
    found = list(rows.filter(Q(nearest_expiry__gte=timezone.localdate())))
    places = {place.id: place for place in live.hospitals(ids={r.facility_id for r in found})}
    at = live.coordinates({*places, *([near] if near else [])})
    spare = [
        Surplus(
            place=places[row.facility_id],
            usable=row.usable,
            spare=row.usable - row.weekly_use * KEEP_WEEKS,
            nearest_expiry=row.nearest_expiry,
            km=_km(at.get(near), at.get(row.facility_id)) if near else None,
        )
        for row in found
        if row.facility_id in places
    ]
    far = 10_000
    return sorted(spare, key=lambda s: (far if s.km is None else s.km, -s.spare))[:limit]


def _km(a: tuple[float, float] | None, b: tuple[float, float] | None) -> int | None:
    """Straight line on the globe (haversine), for the order of a list; roads are longer."""
    if a is None or b is None:
        return None
    lat1, lon1, lat2, lon2 = (radians(x) for x in (*a, *b))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * 6371 * asin(sqrt(half)))


def level_codes(facility_id: UUID) -> Iterable[str]:
    """Medicines of which a level is kept. 1 query."""
    return StockLevel.objects.filter(facility_id=facility_id).values_list(
        "medication_code", flat=True
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one hospital has and uses: each medicine's code and whether it can be given now."""

    levels: list[tuple[str, bool]]
    at: datetime | None


def shelf_of(facility_id: UUID) -> Shelf:
    """For everybody to read: no quantities. A medicine that is out and that nobody uses is left
    out. 1 query."""
    today = timezone.localdate()
    rows = list(StockLevel.objects.filter(facility_id=facility_id))
    return Shelf(
        [
            (row.medication_code, usable)
            for row in rows
            if (
                usable := row.usable > 0
                and (row.nearest_expiry is None or row.nearest_expiry >= today)
            )
            or row.weekly_use > 0
        ],
        max((row.updated_at for row in rows), default=None),
    )
