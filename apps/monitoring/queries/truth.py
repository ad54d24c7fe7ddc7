"""Flags of a place with their evidence, the hospital's answer and the office's note."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from apps.accounts import queries as accounts
from apps.accounts.queries import PersonCard
from apps.facilities import live
from apps.monitoring.models import Flag
from apps.monitoring.queries.ground import Ground, hospitals_of
from apps.monitoring.truth_rules import ANSWER_DAYS, RULES, TruthRule

SHOWN = 100
MONTHS_SHOWN = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Question:
    """One flag with every name it mentions. `late`: the hospital's time to answer is over."""

    row: Flag
    rule: TruthRule
    place: live.Place
    person: PersonCard | None
    there: live.Place | None
    answered_by: PersonCard | None
    noted_by: PersonCard | None

    @property
    def late(self) -> bool:
        return timezone.now() - self.row.made_at >= timedelta(days=ANSWER_DAYS)


def questions(where: Ground, *, unanswered: bool = False) -> tuple[list[Question], bool]:
    """Flags of the last three months, the unanswered and newest first; whether there are more.
    3-4 queries."""
    places = {place.id: place for place in hospitals_of(where)}
    rows = Flag.objects.filter(
        facility_id__in=list(places), made_at__gte=timezone.now() - MONTHS_SHOWN
    )
    rows = rows.filter(answered_at=None) if unanswered else rows
    found = list(rows.order_by("-day", "rule", "pk")[: SHOWN + 1])
    found, more = found[:SHOWN], len(found) > SHOWN
    found.sort(key=lambda row: row.answered_at is not None)
    cards = accounts.cards(_people(found))
    there = {UUID(at) for row in found if (at := row.evidence.get("at"))}
    others = {p.id: p for p in live.hospitals(ids=there, retired=True)} if there else {}
    return [_question(row, places, cards, others) for row in found], more


def counts(where: Ground) -> dict[str, int]:
    """How many flags of each rule in three months: all that a manager is told. 2 queries."""
    ids = [place.id for place in hospitals_of(where)]
    found: dict[str, int] = {}
    rows = Flag.objects.filter(facility_id__in=ids, made_at__gte=timezone.now() - MONTHS_SHOWN)
    for rule in rows.values_list("rule", flat=True):
        found[rule] = found.get(rule, 0) + 1
    return found


def _people(rows: Iterable[Flag]) -> set[UUID]:
    found: set[UUID] = set()
    for row in rows:
        found |= {who for who in (row.answered_by, row.noted_by) if who}
        if row.subject:
            found.add(UUID(row.subject))
    return found


def _question(
    row: Flag,
    places: dict[UUID, live.Place],
    cards: dict[UUID, PersonCard],
    others: dict[UUID, live.Place],
) -> Question:
    at = row.evidence.get("at")
    return Question(
        row,
        RULES[row.rule],
        places[row.facility_id],
        cards.get(UUID(row.subject)) if row.subject else None,
        others.get(UUID(at)) if at else None,
        cards.get(row.answered_by) if row.answered_by else None,
        cards.get(row.noted_by) if row.noted_by else None,
    )
