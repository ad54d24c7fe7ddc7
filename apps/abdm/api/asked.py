"""What a search asks, read strictly: a parameter we do not know is an error, never passed over."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import ValidationError

from apps.core.slices import Slice

USUAL, MOST = 20, 50
SHARED = frozenset({"_count", "_cursor", "_format"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of one patient's record; `days` are the conditions on time as they were sent."""

    patient_id: UUID
    part: Slice
    days: tuple[str, ...]


def one_patient(told: Mapping[str, list[str]], *, day: str) -> Asked:
    """Of a search: `patient` is a must, `day` names its parameter for time."""
    refuse_strange(told, {"patient", day})
    days = tuple(told.get(day, ()))
    first, last = between(days)
    part = Slice(limit=count(told), first=first, last=last, after=cursor(told))
    return Asked(reference(single(told, "patient"), "patient"), part, days)


def refuse_strange(told: Mapping[str, list[str]], known: set[str]) -> None:
    strange = sorted(set(told) - known - SHARED)
    if strange:
        raise ValidationError(f"Not supported: {', '.join(name[:40] for name in strange)}.")
    if single(told, "_format") not in ("", "json", "application/json", "application/fhir+json"):
        raise ValidationError("_format: only json.")


def single(told: Mapping[str, list[str]], name: str) -> str:
    """The one value of a parameter, "" when it was not sent."""
    values = told.get(name, [])
    if len(values) > 1:
        raise ValidationError(f"{name}: once.")
    return values[0].strip() if values else ""


def reference(text: str, name: str) -> UUID:
    """`Patient/<id>` or the id alone."""
    try:
        return UUID(text.removeprefix("Patient/"))
    except ValueError:
        raise ValidationError(f"{name}: the id of a Patient.") from None


def count(told: Mapping[str, list[str]]) -> int:
    text = single(told, "_count")
    if not text:
        return USUAL
    if not (text.isascii() and text.isdecimal() and 1 <= len(text) <= 6 and int(text)):
        raise ValidationError("_count: a number from 1 on.")
    return min(int(text), MOST)


def between(days: tuple[str, ...]) -> tuple[datetime | None, datetime | None]:
    """From (inclusive) and until (exclusive), in India's days; "ge2026-01-01", "lt2026-02-01"."""
    first: datetime | None = None
    last: datetime | None = None
    for told in days:
        mark, day = (told[:2], told[2:]) if told[:2].isalpha() else ("eq", told)
        try:
            begins = timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))
            ends = begins + timedelta(days=1)
        except (ValueError, OverflowError):
            raise ValidationError("A day is written 2026-11-23.") from None
        lower = {"eq": begins, "ge": begins, "gt": ends}.get(mark)
        upper = {"eq": ends, "le": ends, "lt": begins}.get(mark)
        if lower is None and upper is None:
            raise ValidationError("Before a day: eq, ge, gt, le or lt.")
        first = max(first, lower) if first and lower else first or lower
        last = min(last, upper) if last and upper else last or upper
    return first, last


def cursor(told: Mapping[str, list[str]]) -> tuple[datetime, UUID] | None:
    """Where a page begins, as our own `next` link said it."""
    text = single(told, "_cursor")
    if not text:
        return None
    try:
        at, id = base64.urlsafe_b64decode(text.encode()).decode().split("|")
        moment = datetime.fromisoformat(at)
        if timezone.is_naive(moment):
            raise ValueError
        return moment, UUID(id)
    except (ValueError, binascii.Error):
        raise ValidationError("_cursor: follow the link of the page before.") from None


def cursor_of(after: tuple[datetime, UUID]) -> str:
    at, id = after
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{id}".encode()).decode()
