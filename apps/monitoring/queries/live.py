"""One hospital at this minute, from its own rows; what should alarm its manager."""

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from apps.core.tenancy import here
from apps.encounters import queries as encounters
from apps.facilities import live
from apps.labs import queries as labs
from apps.monitoring.models import Alarm
from apps.monitoring.queries.board import session_began
from apps.monitoring.targets import SEATED_BY, WAIT_MIN
from apps.pharmacy import queries as pharmacy
from apps.supply import queries as supply
from apps.terminology import queries as terminology

Row = dict[str, Any]
VITALS = "@vitals"  # the nursing desk, as screens of the hall name it


def live_board() -> Row:
    """Rooms, waits, stock-outs, laboratory and alarms. 18 queries when nothing is expired."""
    every = rooms()
    working = [row for row in every if row["works"] or row["bound"]]
    place = live.hospital(here())
    began = session_began(place, timezone.localtime()) if place else None
    minutes = encounters.station_minutes()
    codes = supply.out_at({here()}).get(str(here()), [])
    drugs = terminology.medications(codes)
    samples = labs.worklist()["rows"]
    return {
        # A room whose own doctor is away is shown, but its line stands at the rooms that work.
        "rooms": [row for row in every if row["works"] or row["bound"] or row["vacant"]],
        "minutes": minutes,
        # A line that two rooms share is counted once.
        "waiting": encounters.queue_counts(),
        "longest": max((row["longest"] for row in working), default=0),
        "seated": sum(bool(row["has_called"]) for row in working),
        "posted": sum(bool(row["doctor"]) for row in working),
        "outs": [drugs[code] for code in codes if code in drugs],
        "samples": len(samples),
        "urgent": sum(bool(row["urgent"]) for row in samples),
        "oldest": _minutes(min((row["at"] for row in samples), default=None)),
        "counter": len(pharmacy.queue()),
        "alarms": with_rows(alarms_here(working, in_hours=began is not None)),
    }


def rooms() -> list[Row]:
    """Every room that works or has a line, where help is needed first. 4 queries."""
    return encounters.rooms_now()


def expired() -> int:
    """Medicines that stand expired on a shelf of this hospital. 1 query."""
    return supply.expired_at(here())


def counts(working: list[Row]) -> Row:
    """What may be said of this hospital outside it: numbers, also by department."""
    by_department: dict[str, Row] = {}
    for row in working:
        names = {"name_hi": row["department_hi"], "name_en": row["department_en"]}
        fresh = {"code": row["department"], **names, "doctors": 0, "waiting": 0}
        found = by_department.setdefault(row["department"], fresh)
        found["doctors"] += int(bool(row["has_called"]))
        # Rooms of one department share its line: the longest of them is the line.
        found["waiting"] = max(found["waiting"], row["waiting"])
    return {
        "waiting": encounters.queue_counts()["waiting"],
        "longest": max((row["longest"] for row in working), default=0),
        "seated": sum(bool(row["has_called"]) for row in working),
        "posted": sum(bool(row["doctor"]) for row in working),
        "departments": list(by_department.values()),
    }


def with_rows(found: list[Row]) -> list[Row]:
    """Each alarm with its row, if the watch has opened one already: who has it in hand. 1 query."""
    rows = Alarm.objects.filter(facility_id=here(), closed_at=None)
    known = {(row.rule, row.subject): row for row in rows}
    for alarm in found:
        room = alarm["room"]["code"] if alarm["room"] else ""
        alarm["row"] = known.get((alarm["kind"], room))
    return found


def _minutes(at: datetime | None) -> int:
    return int((timezone.now() - at).total_seconds() // 60) if at else 0


def alarms_here(working: list[Row], *, in_hours: bool) -> list[Row]:
    """What stands against this hospital at this minute. 3 queries."""
    return causes(
        working, expired(), in_hours=in_hours, at_vitals=encounters.urgent_at_vitals(),
        standing=_late_rooms(),
    )  # fmt: skip


def _late_rooms() -> set[str]:
    """Rooms whose line has an open alarm. 1 query."""
    rows = Alarm.objects.filter(facility_id=here(), closed_at=None, rule=Alarm.Rule.WAIT)
    return set(rows.values_list("subject", flat=True))


def causes(
    rooms: list[Row], expired: int, *, in_hours: bool, at_vitals: int, standing: Collection[str]
) -> list[Row]:
    """What a manager can act on within the hour, the worst first.

    Outside OPD hours only emergencies open an alarm of waiting (`at_vitals`: the longest of them
    at the nursing desk); a line that is late since the session (`standing`) stays one.
    """
    late = in_hours and timezone.localtime().time() >= time.fromisoformat(SEATED_BY)
    found = []
    for row in rooms:
        every = in_hours or row["code"] in standing
        longest = row["longest"] if every else row["longest_urgent"]
        if longest > WAIT_MIN:
            found.append({"kind": "wait", "n": longest, "room": row})
        if late and row["doctor"] and not row["has_called"]:
            found.append({"kind": "seat", "n": row["waiting"], "room": row})
    if at_vitals > WAIT_MIN:
        found.append({"kind": "wait", "n": at_vitals, "room": {"code": VITALS}})
    found.sort(key=lambda alarm: -alarm["n"])
    return found + ([{"kind": "expired", "n": expired, "room": None}] if expired else [])
