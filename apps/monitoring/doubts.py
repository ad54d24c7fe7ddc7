"""What looks untrue in a day, found in the hospital's own rows, the counters and the trail."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.utils import timezone

from apps.accounts import contacts
from apps.accounts import queries as accounts
from apps.audit import queries as audit
from apps.audit.events import Event
from apps.encounters.queries import honest
from apps.facilities import live
from apps.facilities.config import FacilityConfig, Session
from apps.monitoring.models import DoctorDay, FacilityDay
from apps.monitoring.queries.holidays import closed_on
from apps.monitoring.truth_rules import RULES

BUCKET_MIN, BUCKETS = 2, 16  # minutes of one bucket, and how many: the last one is open
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question to a hospital. `evidence`: counts, codes and ids."""

    rule: str
    subject: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Minutes:
    """One doctor's visits of a day."""

    patients: int = 0
    unmeasured: int = 0
    short: list[str] = field(default_factory=list)
    minutes: list[int] = field(default_factory=lambda: [0] * BUCKETS)


@dataclass(frozen=True, slots=True)
class Day:
    """What one hospital's own rows say of a day."""

    consultations: list[honest.Consultation]
    tokens: list[datetime]
    same: list[tuple[UUID, int, int, list[str]]]

    def by_doctor(self) -> dict[UUID, Minutes]:
        found: dict[UUID, Minutes] = {}
        for visit in self.consultations:
            if visit.doctor_id is None:
                continue
            own = found.setdefault(visit.doctor_id, Minutes())
            own.patients += 1
            if visit.seconds is None:
                own.unmeasured += 1
                continue
            own.minutes[min(visit.seconds // 60 // BUCKET_MIN, BUCKETS - 1)] += 1
            if visit.seconds <= RULES["three_seconds"].limits["seconds"]:
                own.short.append(str(visit.encounter_id))
        return found


def read_day(day: date) -> Day:
    """In the hospital we stand in. 3 queries."""
    return Day(
        honest.consultations(day),
        honest.started_at(day),
        honest.same_vitals(day, least=RULES["same_vitals"].limits["least"]),
    )


def of_a_hospital(facility_id: UUID, day: date, seen: Day) -> list[Doubt]:
    """Short consultations, identical vitals, odd hours, one name over a week. 3 queries."""
    return [
        *_short(seen),
        *_same(seen),
        *_odd_hours(facility_id, day, seen),
        *_one_name(facility_id, day),
    ]


def _short(seen: Day) -> Iterator[Doubt]:
    limits = RULES["three_seconds"].limits
    for doctor, own in seen.by_doctor().items():
        n = len(own.short)
        if n >= limits["least"] and 100 * n >= limits["percent"] * own.patients:
            evidence = {"n": n, "of": own.patients, "unmeasured": own.unmeasured,
                        "visits": own.short[:10]}  # fmt: skip
            yield Doubt("three_seconds", str(doctor), evidence)


def _same(seen: Day) -> Iterator[Doubt]:
    told: set[UUID] = set()
    for user, n, values, visits in seen.same:
        if user not in told:  # the largest group of each hand
            told.add(user)
            yield Doubt("same_vitals", str(user), {"n": n, "values": values, "visits": visits})


def _odd_hours(facility_id: UUID, day: date, seen: Day) -> Iterator[Doubt]:
    place = live.hospital(facility_id)
    if place is None or not seen.tokens:
        return
    limits = RULES["odd_hours"].limits
    first, last = _hours(place, limits["grace_min"])
    closed = day.weekday() == SUNDAY or closed_on(day)
    at = [timezone.localtime(moment) for moment in seen.tokens]
    odd = [moment for moment in at if closed or not first <= moment.time() <= last]
    if len(odd) >= limits["least"]:
        hours: dict[str, int] = {}
        for moment in odd:
            hours[f"{moment:%H}"] = hours.get(f"{moment:%H}", 0) + 1
        yield Doubt("odd_hours", "", {"n": len(odd), "of": len(at), "closed": closed,
                                      "hours": dict(sorted(hours.items()))})  # fmt: skip


def _hours(place: live.Place, grace_min: int) -> tuple[time, time]:
    """From when to when tokens are usual: the sessions, and a grace at both ends."""
    told = [Session(**row) for row in place.sessions] or list(FacilityConfig().sessions)
    first = min(_minutes(session.starts) for session in told) - grace_min
    last = max(_minutes(session.ends) for session in told) + grace_min
    return _clock(max(first, 0)), _clock(min(last, 24 * 60 - 1))


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _one_name(facility_id: UUID, day: date) -> Iterator[Doubt]:
    rule = RULES["one_name"]
    first = day - timedelta(days=rule.window - 1)
    rows = DoctorDay.objects.filter(facility_id=facility_id, day__range=(first, day))
    sums = dict(rows.values_list("user_id").annotate(n=Sum("patients")))
    total = sum(sums.values())
    if total < rule.limits["least"]:
        return
    doctor, n = max(sums.items(), key=lambda pair: pair[1])
    posted = len(contacts.signing_posts([facility_id], day).get(facility_id, set()))
    if 100 * n >= rule.limits["percent"] * total and posted >= rule.limits["posted"]:
        yield Doubt("one_name", str(doctor), {"n": n, "of": total, "posted": posted})


def of_the_state(day: date) -> list[tuple[UUID, Doubt]]:
    """Doubts that need more than one hospital, or only the counters. 7 queries."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    rows = audit.signed_at(Event.CONSULTATION_SIGNED, since=start, until=start + timedelta(days=1))
    return [*_elsewhere(day, rows), *_on_leave(day, rows), *_no_tests(day)]


def _on_leave(day: date, rows: list[dict[str, Any]]) -> Iterator[tuple[UUID, Doubt]]:
    """Signed while on leave from this hospital; who was called back is marked with the reason."""
    here = {row["facility_id"] for row in rows}
    leaves = accounts.leaves_between(day, day, facility_ids=here)
    away = {(facility_id, user_id) for facility_id, user_id, _first, _last in leaves}
    back = accounts.called_back(day, facility_ids=here)
    for row in rows:
        who = (row["facility_id"], row["user_id"])
        if who in away and row["n"] >= RULES["on_leave"].limits["least"]:
            evidence = {"n": row["n"], **({"back": back[who]} if who in back else {})}
            yield row["facility_id"], Doubt("on_leave", str(row["user_id"]), evidence)


def _elsewhere(day: date, rows: list[dict[str, Any]]) -> Iterator[tuple[UUID, Doubt]]:
    """Signed in two hospitals too close together, or here while deputed there."""
    by_user: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        by_user.setdefault(row["user_id"], []).append(row)
    away = contacts.deputed(by_user, day)
    for user, own in by_user.items():
        for row in own:
            n, place = row["n"], away.get(user)
            if place not in (None, row["facility_id"]) and n >= RULES["deputed"].limits["least"]:
                yield row["facility_id"], Doubt("deputed", str(user), {"n": n, "at": str(place)})
        yield from _two_places(user, own)


def _two_places(user: UUID, own: list[dict[str, Any]]) -> Iterator[tuple[UUID, Doubt]]:
    """Each hospital is asked, for neither is known to be the wrong one."""
    limits = RULES["two_places"].limits
    gap = timedelta(minutes=limits["apart_min"])
    for row in own:
        for other in own:
            close = row["first"] < other["last"] + gap and other["first"] < row["last"] + gap
            enough = min(row["n"], other["n"]) >= limits["least"]
            if row is not other and close and enough:
                yield row["facility_id"], Doubt(
                    "two_places", str(user),
                    {"n": row["n"], "there": other["n"], "at": str(other["facility_id"])},
                )  # fmt: skip
                break


def _no_tests(day: date) -> Iterator[tuple[UUID, Doubt]]:
    rule = RULES["no_tests"]
    first = day - timedelta(days=rule.limits["days"] - 1)
    rows = FacilityDay.objects.filter(
        day__range=(first, day), is_demo=False,
        event__in=("encounter.finished", "report.verified/tests"),
    )  # fmt: skip
    sums = rows.values_list("facility_id").annotate(
        seen=Sum("n", filter=Q(event="encounter.finished")),
        tests=Sum("n", filter=Q(event="report.verified/tests")),
    )
    open_ones = {place.id for place in live.hospitals() if place.is_open}
    for facility_id, seen, tests in sums:
        if facility_id in open_ones and (seen or 0) >= rule.limits["seen"] and not tests:
            yield facility_id, Doubt("no_tests", "", {"seen": seen, "days": rule.limits["days"]})
