"""Named reads over patients. Both scripts stand side by side: papers need both, screens choose."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from apps.core.fold import digits, fold_name, tidy
from apps.core.tenancy import current_facility
from apps.facilities import queries as facilities
from apps.patients import age as ages
from apps.patients import names
from apps.patients.identity import RELATIONS, SEXES, checked_mobile
from apps.patients.models import AllergyIntolerance, Patient

__all__ = [
    "AGE_LIMITS",
    "RELATIONS",
    "SEXES",
    "allergies",
    "banner",
    "birth_date",
    "brief",
    "checked_mobile",
    "look_alikes",
    "of_mobile",
    "other_script",
    "patient",
    "search",
]
Row = dict[str, Any]
AGE_LIMITS = ages.LIMITS
birth_date = ages.birth_date


def patient(patient_id: UUID, *, lock: bool = False) -> Patient | None:
    """One record, or None; `lock` holds it until the caller's transaction ends. 1 query."""
    found = Patient.objects.select_for_update() if lock else Patient.objects.all()
    return found.filter(pk=patient_id).first()


def other_script(name: str) -> str:
    """The same name as a proposal in the other script. No query."""
    return names.latin(name) if names.is_devanagari(name) else names.devanagari(name)


def search(text: str, *, limit: int = 12) -> list[Row]:
    """Mobile, MRN, or a name in either script however it is spelt; best first. 1 or 2 queries.

    Fewer than two letters or digits find nothing: a list of strangers helps nobody.
    """
    text = tidy(digits(text))
    number = "".join(ch for ch in text if ch.isdecimal())
    if len(text) < 2:
        return []
    if len(number) >= 4 and not any(ch.isalpha() for ch in text):
        mobile = number[-10:]
        found = Q(mobile=mobile) if len(mobile) == 10 else Q(mobile__startswith=mobile)
        return _rows(Patient.objects.filter(found | Q(mrn=_mrn(number))), limit)
    if any(ch.isdecimal() for ch in text):
        return _rows(Patient.objects.filter(mrn=text.upper()), limit)
    return _by_name(text, limit)


def _mrn(number: str) -> str:
    facility: Any = current_facility()
    return f"{facility.prefix}-P-{int(number):06d}"


def _by_name(text: str, limit: int) -> list[Row]:
    key = fold_name(text)
    if not key:
        return []
    rows = _rows(Patient.objects.filter(search_key__startswith=key), limit)
    if len(rows) == limit:
        return rows
    words = Q()
    for word in key.split():
        starts = Q(search_key__startswith=word)
        words &= starts | Q(search_key__contains=f" {word}") | Q(search_key__contains=f"|{word}")
    elsewhere = words | Q(search_key__contains=f"|{key.replace(' ', '')}")
    seen = [row["id"] for row in rows]
    more = Patient.objects.filter(elsewhere).exclude(pk__in=seen)
    return rows + _rows(more, limit - len(rows))


def of_mobile(mobile: str, *, limit: int = 12) -> list[Row]:
    """Everybody who gave this mobile here: families share one phone. 1 query."""
    return _rows(Patient.objects.filter(mobile=mobile), limit) if len(mobile) == 10 else []


def look_alikes(name: str, *, born: date, sex: str, limit: int = 5) -> list[Row]:
    """Same-sounding name, same sex, age within two years: perhaps the same human. 1 query."""
    key = fold_name(name)
    if not key:
        return []
    near = (born.replace(year=born.year - 2, day=1), born.replace(year=born.year + 2, day=28))
    named = Q(search_key__startswith=f"{key}|") | Q(search_key=key)
    same = Patient.objects.filter(named, sex=sex, birth_date__range=near)
    return _rows(same, limit)


def _rows(found: QuerySet[Patient], limit: int) -> list[Row]:
    kept = found.filter(replaced_by__isnull=True).order_by("-registered_at")[:limit]
    return [brief(patient) for patient in kept]


def brief(patient: Patient) -> Row:
    """What a list shows of a patient, in both scripts. No query, nothing clinical."""
    age = ages.age_on(patient.birth_date, timezone.localdate())
    sex = SEXES[patient.sex]
    hindi = get_language() == "hi"
    relation = RELATIONS.get(patient.guardian_relation, ("", ""))
    return {
        "id": patient.pk,
        "mrn": patient.mrn,
        "name_hi": patient.name_hi,
        "name_en": patient.name_en,
        "name": (patient.name_hi if hindi else patient.name_en) or patient.name_en,
        "name_auto": patient.name_auto,
        "age_hi": age.hi,
        "age_en": age.en,
        "age": age.hi if hindi else age.en,
        "age_years": age.years,
        "age_number": age.number,
        "age_unit": age.unit,
        "sex": patient.sex,
        "sex_hi": sex[0],
        "sex_en": sex[1],
        "sex_short": sex[2] if hindi else sex[3],
        "mobile": patient.mobile,
        "mobile_last4": patient.mobile[-4:],
        "guardian_name": patient.guardian_name,
        "guardian_hi": f"{relation[0]} {patient.guardian_name}".strip(),
        "guardian_en": f"{relation[1]} {patient.guardian_name}".strip(),
        "village": patient.village,
        "block_code": patient.block_code,
        "district_code": patient.district_code,
        "language": patient.language,
        "birth_date": patient.birth_date,
    }


def banner(patient_id: UUID, *, known: Patient | None = None) -> Row:
    """The head of every page about one patient, allergies included. 2 queries, 1 with `known`,
    the same patient when the caller has read the row.

    Raises Patient.DoesNotExist for somebody else's id.
    """
    patient = known or Patient.objects.get(pk=patient_id)
    place = facilities.place_name(patient.block_code, patient.district_code)
    village = [patient.village] if patient.village else []
    return {
        **brief(patient),
        "place_hi": ", ".join([*village, *filter(None, [place["hi"]])]),
        "place_en": ", ".join([*village, *filter(None, [place["en"]])]),
        "abha_masked": masked_abha(patient.abha_number),
        "conditions": patient.conditions,
        "allergies": allergies(patient_id),
    }


def masked_abha(number: str) -> str:
    """91-4402-••••-7716, or "" without one."""
    return f"{number[:2]}-{number[2:6]}-••••-{number[-4:]}" if len(number) == 14 else ""


def allergies(patient_id: UUID) -> Row:
    """{"status": known | none | unknown, "items": [...]}: never blank, never guessed. 1 query."""
    rows = list(
        AllergyIntolerance.objects.filter(
            patient_id=patient_id, status=AllergyIntolerance.Status.ACTIVE
        ).order_by("recorded_at")
    )
    items = [
        {
            "code": row.code,
            "hi": row.display_hi or row.display_en,
            "en": row.display_en,
            "reaction": row.reaction,
        }
        for row in rows
        if row.code != "none"
    ]
    status = "known" if items else "none" if rows else "unknown"
    return {"status": status, "items": items}
