"""A fair comparison: each hospital beside those of its kind whose doctors carry about its load.

Of a whole month that is over. A list of raw shares would put the emptiest hospital first.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from math import log
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from apps.facilities import live
from apps.facilities import queries as facilities
from apps.monitoring import tally
from apps.monitoring.models import DoctorDay, PlaceMonth
from apps.monitoring.period import month_after
from apps.monitoring.queries.figures import BUCKETS, Figures, percent
from apps.monitoring.queries.ground import Ground, hospitals_of
from apps.monitoring.targets import COMPARABLE, WAIT_MIN

MEASURES = ("wait", "e_rx", "whole")
LEAST_SEEN = 100  # patients of the month, below which chance decides
ALIKE = log(1.6)  # load of the doctors may differ by so much
NEAREST = 12


@dataclass(frozen=True, slots=True)
class Standing:
    """One hospital of the month: patients of a doctor's day, and each measure in per cent."""

    id: UUID
    kind: str
    load: float
    shares: dict[str, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """`apart`: points above or below the middle of its peers. `hint`: the measure to work on."""

    place: live.Place
    load: float
    kind: str
    shares: dict[str, int]
    apart: dict[str, int]
    peers: int
    score: float
    hint: str


@dataclass(frozen=True, slots=True)
class Left:
    """Who is not compared, and why: "few", "doctors" or "peers"."""

    place: live.Place
    why: str


def fair(where: Ground, month: date) -> tuple[list[Compared], list[Left]]:
    """The place's hospitals of one month, the best first, and those that are not compared.

    Peers come from the whole State whatever the place. 5 queries.
    """
    standing = _standings(month)
    seen = set(
        PlaceMonth.objects.filter(kind="hospital", month=month).values_list("code", flat=True)
    )
    found: list[Compared] = []
    left: list[Left] = []
    for place in hospitals_of(where):
        own = standing.get(place.id)
        if own is None:
            if str(place.id) in seen:
                left.append(Left(place, _why(place.id, month)))
            continue
        peers = _peers(own, standing)
        if len(peers) < COMPARABLE or not own.shares:
            left.append(Left(place, "peers"))
            continue
        found.append(_compared(place, own, peers))
    return sorted(found, key=lambda one: (-one.score, one.place.name_en)), left


def _why(facility_id: UUID, month: date) -> str:
    """1 query for each hospital that is left out."""
    days = DoctorDay.objects.filter(facility_id=facility_id, day__gte=month)
    return "few" if days.filter(day__lt=month_after(month)).exists() else "doctors"


def _standings(month: date) -> dict[UUID, Standing]:
    """Every hospital of the State with enough patients and known doctors. 3 queries."""
    rows = PlaceMonth.objects.filter(kind="hospital", month=month)
    figures = {UUID(code): Figures(Counter(f)) for code, f in rows.values_list("code", "figures")}
    days = DoctorDay.objects.filter(day__gte=month, day__lt=month_after(month))
    worked = {
        facility: (n, patients)
        for facility, n, patients in days.values_list("facility_id").annotate(
            n=Count("pk"), patients=Sum("patients")
        )
    }
    kinds = facilities.by_ids(figures)
    return {
        facility: Standing(facility, kinds[facility].facility_type, load, _shares(found))
        for facility, found in figures.items()
        if facility in kinds
        and found.seen >= LEAST_SEEN
        and facility in worked
        and (load := worked[facility][1] / worked[facility][0]) > 0
    }


def _shares(found: Figures) -> dict[str, int]:
    within = sum(
        found.sums.get(bucket, 0)
        for low, bucket in enumerate(BUCKETS)
        if (low + 1) * tally.STEP <= WAIT_MIN
    )
    told: dict[str, Any] = {
        "wait": percent(within, found.waited), "e_rx": found.e_rx_pct, "whole": found.whole_pct,
    }  # fmt: skip
    return {measure: share for measure, share in told.items() if share is not None}


def _peers(own: Standing, everybody: dict[UUID, Standing]) -> list[Standing]:
    """The same kind, about the same load, the nearest first; never itself."""
    near = [
        (abs(log(other.load / own.load)), str(other.id), other)
        for other in everybody.values()
        if other.kind == own.kind and other.id != own.id
    ]
    return [other for apart, _, other in sorted(near, key=lambda n: n[:2]) if apart <= ALIKE][
        :NEAREST
    ]


def _compared(place: live.Place, own: Standing, peers: list[Standing]) -> Compared:
    apart = {}
    for measure in MEASURES:
        others = [peer.shares[measure] for peer in peers if measure in peer.shares]
        if measure in own.shares and len(others) >= COMPARABLE:
            apart[measure] = round(own.shares[measure] - median(others))
    worst = min(apart, key=lambda measure: apart[measure]) if apart else ""
    return Compared(
        place, round(own.load, 1), own.kind, own.shares, apart, len(peers),
        score=sum(apart.values()) / len(apart) if apart else 0.0,
        hint=worst if worst and apart[worst] < 0 else "",
    )  # fmt: skip
