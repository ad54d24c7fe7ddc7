"""Alarms of a place: what stands open, who has it in hand, whom to ring, what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Subquery
from django.utils import timezone

from apps.accounts import contacts
from apps.accounts import queries as accounts
from apps.accounts.contacts import Contact
from apps.accounts.queries import PersonCard
from apps.core.actor import Actor
from apps.facilities import live
from apps.monitoring.models import Alarm, Watermark
from apps.monitoring.queries.ground import Ground, hospitals_of

WORST_FIRST = (Alarm.Rule.SILENT, Alarm.Rule.WAIT, Alarm.Rule.SEAT, Alarm.Rule.EXPIRED)
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One alarm with its hospital and whoever has it in hand."""

    row: Alarm
    place: live.Place
    acked_by: PersonCard | None

    @property
    def minutes(self) -> int:
        """How long the cause lasts, or lasted."""
        end = self.row.closed_at or timezone.now()
        return int((end - (self.row.since or self.row.opened_at)).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Call:
    """A hospital that somebody should ring, why, and whom to ask for."""

    place: live.Place
    alarms: list[Standing]
    people: list[Contact]


@dataclass(frozen=True, slots=True)
class AlarmBoard:
    """`past`: closed alarms of the days asked for, the newest first, not more than `SHOWN`."""

    standing: list[Standing]
    calls: list[Call]
    past: list[Standing]
    more: bool


def alarm_board(where: Ground, *, actor: Actor, days: int) -> AlarmBoard:
    """Everything on the page of alarms. 5 queries."""
    places = {place.id: place for place in hospitals_of(where)}
    rows = Alarm.objects.filter(facility_id__in=list(places))
    now = list(rows.filter(closed_at=None))
    since = timezone.localdate() - timedelta(days=days - 1)
    ended = list(rows.filter(closed_at__gte=_start(since)).order_by("-closed_at")[: SHOWN + 1])
    cards = accounts.cards(row.acked_by for row in [*now, *ended] if row.acked_by)
    standing = sorted(_standing(now, places, cards), key=_urgency)
    return AlarmBoard(
        standing, _calls(standing, actor), list(_standing(ended[:SHOWN], places, cards)),
        len(ended) > SHOWN,
    )  # fmt: skip


def open_counts(ids: Iterable[UUID] | None) -> dict[str, int]:
    """Open alarms of these hospitals (None: of all), and those that nobody has in hand. 1 query."""
    return _open(ids).aggregate(open=Count("pk"), alone=Count("pk", filter=Q(acked_at=None)))


def mark_and_alarms(ids: Iterable[UUID] | None) -> tuple[Watermark | None, dict[str, int]]:
    """How far the counting is, and the same counts. 1 query, 2 before anything was counted."""
    rows = _open(ids).order_by().values("closed_at")
    mark = (
        Watermark.objects.filter(name="audit")
        .annotate(
            open=Subquery(rows.annotate(n=Count("pk")).values("n")),
            alone=Subquery(rows.filter(acked_at=None).annotate(n=Count("pk")).values("n")),
        )
        .first()
    )
    if mark is None:
        return None, open_counts(ids)
    told: Any = mark
    return mark, {"open": told.open or 0, "alone": told.alone or 0}


def _open(ids: Iterable[UUID] | None) -> Any:
    rows = Alarm.objects.filter(closed_at=None)
    return rows if ids is None else rows.filter(facility_id__in=list(ids))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _standing(
    rows: Iterable[Alarm], places: dict[UUID, live.Place], cards: dict[UUID, PersonCard]
) -> Iterable[Standing]:
    for row in rows:
        yield Standing(
            row, places[row.facility_id], cards.get(row.acked_by) if row.acked_by else None
        )


def _urgency(one: Standing) -> tuple[bool, int, int]:
    """Nobody's alarms first, silent hospitals before long lines, the worst before the rest."""
    rule = WORST_FIRST.index(Alarm.Rule(one.row.rule))
    return (one.row.acked_at is not None, rule, -one.row.n)


def _calls(standing: Iterable[Standing], actor: Actor) -> list[Call]:
    """Hospitals with an alarm that nobody has in hand. 1 query."""
    found: dict[UUID, list[Standing]] = {}
    for one in standing:
        if one.row.acked_at is None:
            found.setdefault(one.place.id, []).append(one)
    people = contacts.leaders(found, actor=actor) if found else {}
    return [Call(own[0].place, own, people.get(place, [])) for place, own in found.items()]
