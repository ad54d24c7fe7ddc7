"""Three patients whose numbers show what the nursing desk can say. Invented; safe to run again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.encounters.asked import Asked
from apps.patients import actions as patients


@dataclass(frozen=True, slots=True)
class Case:
    """Who comes, what is measured (stored units) and what the nurse is told."""

    key: str
    name_hi: str
    name_en: str
    sex: str
    age: int
    values: Mapping[str, str]
    age_unit: str = "years"
    reason: str = ""
    weeks: int = 0
    flags: tuple[str, ...] = ()


CASES = (
    Case("snake", "बिरजू माँझी", "Birju Manjhi", "male", 40,
         {"HR": "118", "SBP": "104", "DBP": "66", "SPO2": "94", "RR": "22", "WT": "54"},
         flags=("SNAKEBITE",)),
    Case("pregnant", "पिंकी कुमारी", "Pinki Kumari", "female", 19,
         {"SBP": "164", "DBP": "112", "HR": "96", "WT": "51", "HT": "143"},
         reason="pregnant", weeks=30),
    Case("child", "आयुष कुमार", "Ayush Kumar", "male", 14,
         {"TEMP": "37.2", "WT": "6.9", "HT": "72.5", "MUAC": "11.2", "SPO2": "97", "RR": "34"},
         age_unit="months"),
)  # fmt: skip


def come(
    slug: str,
    day: date,
    *,
    department: str,
    clerk: Actor,
    nurse: Actor,
    known_id: Callable[..., UUID],
) -> None:
    """They register and are measured today, once."""
    for n, case in enumerate(CASES):
        visit_id = known_id("nursing", slug, day, case.key)
        if visits.exists(visit_id):
            continue
        patient = patients.register(
            id=known_id("patient", visit_id),
            name_hi=case.name_hi,
            name_en=case.name_en,
            sex=case.sex,
            age=case.age,
            age_unit=case.age_unit,
            mobile=f"60000{sum(slug.encode()) * 7 % 10_000:04d}{n}",
            actor=clerk,
        )
        encounters.start_visit(
            patient.pk, id=visit_id, department=department, priority_reason=case.reason, actor=clerk
        )
        encounters.record_vitals(visit_id, **_told(case, visit_id, day, known_id), actor=nurse)


def _told(case: Case, visit_id: UUID, day: date, known_id: Callable[..., UUID]) -> dict[str, Any]:
    return {
        "id": known_id("vitals", visit_id),
        "values": {code: Decimal(value) for code, value in case.values.items()},
        "pregnant": True if case.weeks else None,
        "lmp": day - timedelta(weeks=case.weeks) if case.weeks else None,
        "asked": Asked(flags=case.flags),
    }
