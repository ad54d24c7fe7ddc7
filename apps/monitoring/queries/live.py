"""One hospital at this minute, from its own rows; what should alarm its manager."""

from datetime import datetime, time
from typing import Any

from django.utils import timezone

from apps.core.tenancy import here
from apps.encounters import queries as encounters
from apps.labs import queries as labs
from apps.monitoring.targets import SEATED_BY, WAIT_MIN
from apps.pharmacy import queries as pharmacy
from apps.supply import queries as supply
from apps.terminology import queries as terminology

Row = dict[str, Any]


def live_board() -> Row:
    """Rooms, waits, stock-outs, laboratory and alarms. 14 queries when nothing is expired."""
    rooms = encounters.rooms_now()
    working = [row for row in rooms if row["works"] or row["bound"]]
    minutes = encounters.station_minutes()
    codes = supply.out_at({here()}).get(here(), [])
    drugs = terminology.medications(codes)
    samples = labs.worklist()["rows"]
    return {
        "rooms": working,
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
        "alarms": _alarms(working, supply.expired_at(here())),
    }


def _minutes(at: datetime | None) -> int:
    return int((timezone.now() - at).total_seconds() // 60) if at else 0


def _alarms(rooms: list[Row], expired: int) -> list[Row]:
    """What a manager can act on within the hour, the worst first."""
    late = timezone.localtime().time() >= time.fromisoformat(SEATED_BY)
    found = []
    for row in rooms:
        if row["longest"] > WAIT_MIN:
            found.append({"kind": "wait", "n": row["longest"], "room": row})
        if late and row["doctor"] and not row["has_called"]:
            found.append({"kind": "seat", "n": row["waiting"], "room": row})
    found.sort(key=lambda alarm: -alarm["n"])
    return found + ([{"kind": "expired", "n": expired, "room": None}] if expired else [])
