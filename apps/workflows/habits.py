"""What this hospital and this doctor write most, kept for a quarter of an hour."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from apps.core.tenancy import current_facility_id
from apps.encounters import queries as encounters
from apps.labs import queries as labs
from apps.prescriptions import queries as prescriptions

DAYS, KEPT_S, OWN_WEIGHT = 60, 15 * 60, 5
Habits = dict[str, dict[str, int]]


def habits(doctor_id: UUID) -> Habits:
    """{part: {code: weight}} of the last 60 days; one's own choices weigh five times the house's.

    8 queries once in 15 minutes for each doctor, else none."""
    key = f"habits:{current_facility_id()}:{doctor_id}"
    kept: Habits | None = cache.get(key)
    if kept is None:
        kept = _asked(doctor_id)
        cache.set(key, kept, KEPT_S)
    return kept


def _asked(doctor_id: UUID) -> Habits:
    since = timezone.now() - timedelta(days=DAYS)
    return {
        "complaints": _both(
            encounters.used_codes("complaint", since=since),
            encounters.used_codes("complaint", since=since, doctor_id=doctor_id),
        ),
        "diagnoses": _both(
            encounters.used_codes("diagnosis", since=since),
            encounters.used_codes("diagnosis", since=since, doctor_id=doctor_id),
        ),
        "medicines": _both(prescriptions.used(since), prescriptions.used(since, user_id=doctor_id)),
        "tests": _both(labs.used_tests(since), labs.used_tests(since, doctor_id=doctor_id)),
    }


def _both(house: Mapping[str, int], own: Mapping[str, int]) -> dict[str, int]:
    return {code: n + OWN_WEIGHT * own.get(code, 0) for code, n in house.items()}


def first(wanted: Mapping[str, int], usual: tuple[str, ...]) -> list[str]:
    """Codes by weight, then those that are usual everywhere."""
    by_weight = sorted(wanted, key=lambda code: (-wanted[code], code))
    return list(dict.fromkeys([*by_weight, *usual]))
