"""What national registers said of our ids: kept here, asked by the app that speaks with them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from apps.facilities.models import RegistryNote

Kind, State = RegistryNote.Kind, RegistryNote.State
STALE = timedelta(minutes=2)  # an answer comes in seconds, or nobody is working on it
SOON = (7, 30, 90)  # days before an id ends


def note(kind: str, key: str) -> RegistryNote | None:
    """The last word on one id. 1 query."""
    return RegistryNote.objects.filter(kind=kind, key=key).first()


def notes(kind: str, keys: Iterable[str]) -> dict[str, RegistryNote]:
    """The last words on some ids, by id. 1 query."""
    rows = RegistryNote.objects.filter(kind=kind, key__in=list(keys))
    return {row.key: row for row in rows}


def is_waiting(row: RegistryNote | None, now: datetime | None = None) -> bool:
    """True while an answer may still come."""
    at = now or timezone.now()
    return bool(row and row.state == State.ASKED and at - row.asked_at < STALE)


def standing(until: date | None, today: date) -> str:
    """How an id with this last day stands: "ended", "7", "30", "90" days left at most, or ""."""
    if until is None:
        return ""
    left = (until - today).days
    if left < 0:
        return "ended"
    return next((str(days) for days in SOON if left <= days), "")
