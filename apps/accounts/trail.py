"""Who did what, for those who answer for a place: by person and kind, never by patient."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.reach import reach_of
from apps.audit import queries as audit
from apps.core.actor import Actor
from apps.core.permission import Permission
from apps.facilities import queries as facilities

LONGEST = 31
WIDE = 2  # days over many hospitals: the trail is read whole, and grows by millions a day
KINDS = {
    "": _("Everything"),
    "session": _("Log-ins"), "access": _("Refused pages"), "user": _("Staff"),
    "posting": _("Postings"), "roster": _("Roster and leave"), "leave": _("Leave"),
    "pin": _("PINs"), "facility": _("Settings and hospitals"), "patient": _("Patients' data"),
    "encounter": _("Visits"), "token": _("Tokens"), "vitals": _("Vitals"),
    "chart": _("Opened charts"), "glass": _("Break-glass"),
    "consultation": _("Consultations"), "prescription": _("Prescriptions"),
    "medication": _("Medicines given"), "stock": _("Stock"), "report": _("Lab reports"),
    "document": _("Papers"), "ticket": _("Help tickets"),
}  # fmt: skip


@dataclass(slots=True)
class Person:
    """One person's deeds by event, and the last time."""

    user: User | None
    total: int = 0
    last: datetime | None = None
    events: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trail:
    """`rows` only for whoever may see single deeds; masked roles see the sums."""

    first: date
    last: date
    people: list[Person]
    rows: list[dict[str, Any]]


def days(
    first: date | None, last: date | None, *, today: date, wide: bool = False
) -> tuple[date, date]:
    """A sensible span: 31 days of one hospital, two of many; reversed dates are turned round."""
    last = min(last or today, today)
    first = min(first or last, today)
    if first > last:
        first, last = last, first
    return max(first, last - timedelta(days=(WIDE if wide else LONGEST) - 1)), last


def trail(
    actor: Actor, *, first: date, last: date, noun: str = "", user_id: UUID | None = None
) -> Trail:
    """3 queries for sums; 2 more for the single deeds."""
    reach = reach_of(actor)
    ids = None if reach.everywhere else reach.facility_ids
    noun = noun if noun in KINDS else ""
    counts = audit.counts_by_person(ids, first, last, noun=noun)
    names = User.objects.in_bulk({who for who, _e, _n, _at in counts})
    people: dict[UUID, Person] = defaultdict(lambda: Person(None))
    for who, event, n, at in counts:
        person = people[who]
        person.user, person.total = names.get(who), person.total + n
        person.last = max(at, person.last or at)
        person.events.append((event, n))
    busiest = sorted(people.values(), key=lambda person: -person.total)
    rows: list[dict[str, Any]] = []
    if actor.sees(Permission.AUDIT_VIEW):
        rows = _rows(audit.deeds(ids, first, last, user_id=user_id, noun=noun), names)
    return Trail(first, last, busiest, rows)


def _rows(found: list[audit.Deed], names: dict[UUID, User]) -> list[dict[str, Any]]:
    homes = facilities.by_ids([row.facility_id for row in found if row.facility_id])
    missing = {row.user_id for row in found} - set(names)
    names = names | (User.objects.in_bulk(missing) if missing else {})
    return [
        {
            "deed": row,
            "user": names.get(row.user_id),
            "place": homes.get(row.facility_id) if row.facility_id else None,
        }
        for row in found
    ]


def changes_of(facility_id: UUID, *, today: date) -> list[dict[str, Any]]:
    """A year of changes of one hospital's settings, newest first. 3 queries."""
    found = audit.deeds(
        [facility_id], today - timedelta(days=365), today, noun="facility", limit=100
    )
    return _rows([row for row in found if row.event == "facility.configured"], {})
