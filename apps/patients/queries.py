"""Named reads over patients. Both scripts stand side by side: papers need both, screens choose."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from apps.audit import queries as audit
from apps.audit.events import Event
from apps.core.fold import fold_name
from apps.core.tenancy import current_facility_id
from apps.facilities import queries as facilities
from apps.patients import age as ages
from apps.patients import card as cards
from apps.patients import finding, names
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
    "children",
    "is_aadhaar",
    "is_devanagari",
    "look_alikes",
    "masked_abha",
    "of_abha",
    "of_mobile",
    "other_script",
    "patient",
    "read_age",
    "read_card",
    "replaced",
    "rows_of_abha",
    "same_person",
    "search",
    "told_age",
    "villages",
    "who_gave",
]
Row = dict[str, Any]
AGE_LIMITS = ages.LIMITS
birth_date = ages.birth_date
read_age = ages.read
told_age = ages.told
is_devanagari = names.is_devanagari
is_aadhaar = finding.is_aadhaar
read_card = cards.read_card


def patient(patient_id: UUID, *, lock: bool = False) -> Patient | None:
    """One record, or None; `lock` holds it until the caller's transaction ends. 1 query."""
    found = Patient.objects.select_for_update() if lock else Patient.objects.all()
    return found.filter(pk=patient_id).first()


def other_script(name: str) -> str:
    """The same name as a proposal in the other script. No query."""
    return names.latin(name) if names.is_devanagari(name) else names.devanagari(name)


def search(text: str, *, limit: int = 12) -> list[Row]:
    """Mobile, MRN, ABHA, or a name in either script however it is spelt; best first.

    1 query for a number, 1 to 3 for a name. Fewer than two signs find nothing: a list of strangers
    helps nobody.
    """
    rows: dict[UUID, Row] = {}
    for step, some in enumerate(finding.found(text)):
        if rows and step == finding.MISSPELT:
            break  # somebody is called so: nobody meant something else
        for patient in some[: limit + len(rows)]:
            rows.setdefault(patient.pk, brief(patient))
        if len(rows) >= limit:
            break
    return list(rows.values())[:limit]


def of_mobile(mobile: str, *, limit: int = 12) -> list[Row]:
    """Everybody who gave this mobile here: families share one phone. 1 query."""
    return _rows(Patient.objects.filter(mobile=mobile), limit) if len(mobile) == 10 else []


def rows_of_abha(number: str, address: str = "") -> list[Row]:
    """Who has this ABHA number (14 digits), else this whole ABHA address. 1 or 2 queries."""
    if len(number) == 14 and (known := search(number)):
        return known
    same = _rows(_with_abha((), address), 5)
    return [row for row in same if not (number and row["abha_masked"])]


def _with_abha(numbers: Iterable[str], address: str) -> QuerySet[Patient]:
    """Found through the one trigram index, which knows an address cut short; the columns know all
    of it."""
    told = Q(pk__in=())
    for number in numbers:
        if len(number) == 14:
            told |= Q(search_key__contains=f"#{number}", abha_number=number)
    if "@" in address:
        told |= Q(search_key__contains=f"#{address[:12]}", abha_address=address)
    return Patient.objects.filter(told)


def who_gave(mobiles: Iterable[str]) -> list[Patient]:
    """The records of one of these mobiles, merged ones left out. 1 query."""
    told = [one for one in mobiles if len(one) == 10]
    found = Patient.objects.filter(mobile__in=told, replaced_by__isnull=True)
    return list(found[:40]) if told else []


def of_abha(*, numbers: Iterable[str], address: str) -> list[Patient]:
    """The records whose verified ABHA has this number or address, merged ones left out. 1 query."""
    verified = _with_abha(numbers, address.lower())
    found = verified.filter(person__isnull=False, replaced_by__isnull=True)
    return list(found.order_by("pk")[:3])


def of_mrn(mrn: str) -> Patient | None:
    """The record with this number of the hospital. 1 query."""
    return Patient.objects.filter(mrn=mrn).first()


def without_owner(address: str) -> list[Patient]:
    """The records with this ABHA address behind which nobody stands. 1 query."""
    found = _with_abha((), address.lower()).filter(person__isnull=True, replaced_by__isnull=True)
    return list(found.order_by("pk")[:3])


def abha_closed_at(patient: Patient) -> datetime | None:
    """Since when the ABHA of a record is switched off; None while it is on. At most 1 query."""
    if patient.person_id is not None or not patient.abha_address:
        return None
    facility_id = current_facility_id()
    assert facility_id is not None  # patients live in a facility
    told = (Event.ABHA_CLOSED, Event.ABHA_REOPENED, Event.PATIENT_ABHA_ATTACHED)
    last = audit.of_patient(patient.pk, facility_id=facility_id).filter(event__in=told).first()
    return last.at if last is not None and last.event == Event.ABHA_CLOSED else None


def look_alikes(
    name: str, *, born: date, sex: str = "", village: str = "", limit: int = 5
) -> list[Row]:
    """Same-sounding name, same sex, age within two years: perhaps the same human. 1 query.

    Those of the same village stand first and carry `same_village`.
    """
    key = fold_name(name)
    if not key:
        return []
    near = (born.replace(year=born.year - 2, day=1), born.replace(year=born.year + 2, day=28))
    named = Q()
    for one in _called(key):
        named |= Q(search_key__startswith=f"{one}|") | Q(search_key=one)
    same = Patient.objects.filter(named, birth_date__range=near)
    if sex in (Patient.Sex.FEMALE, Patient.Sex.MALE):
        same = same.filter(sex__in=(sex, Patient.Sex.UNKNOWN))
    rows = _rows(same, limit * 4)
    place = fold_name(village)
    for row in rows:
        row["same_village"] = bool(place) and fold_name(row["village"]) == place
    return sorted(rows, key=lambda row: not row["same_village"])[:limit]


# Said one day and left out the next: सुनीता, सुनीता देवी.
AFTER_NAMES = [fold_name(word) for word in ("देवी", "कुमारी", "कुमार", "ख़ातून", "बेगम", "परवीन")]


def _called(key: str) -> list[str]:
    """The folded name with and without the words that come and go after a name."""
    first, _, last = key.rpartition(" ")
    stem = first if first and last in AFTER_NAMES else key
    return list(dict.fromkeys([key, stem, *(f"{stem} {word}" for word in AFTER_NAMES)]))


def same_person(
    name: str, *, born: date, sex: str, mobile: str, abha: tuple[str, str] = ("", "")
) -> list[Row]:
    """Who has this ABHA (number, address); else who of this mobile is called so and is as old: the
    same human, as far as we can tell. 1 to 3 queries. Several when a family has two of one name.
    Who has another ABHA number is somebody else.
    """
    if known := rows_of_abha(*abha):
        return known
    key = fold_name(name)
    found = of_mobile(mobile)
    return [
        row
        for row in found
        if row["sex"] == sex
        and abs((row["birth_date"] - born).days) <= 3 * 366
        and key in (fold_name(row["name_hi"]), fold_name(row["name_en"]))
        and not (abha[0] and row["abha_masked"])
    ]


VILLAGES_LIVE_S = 600


def villages_key() -> str:
    return f"patients.villages:{current_facility_id()}"


def villages(text: str, *, limit: int = 6) -> list[str]:
    """What this hospital wrote before as village and begins like `text`, the commonest first.

    No query when warm: the hospital's villages stand in the cache for ten minutes (names of
    places, of nobody). 1 query else.
    """
    key = fold_name(text)
    if not key:
        return []
    known = cache.get(villages_key())
    if known is None:
        counted = Patient.objects.exclude(village="").values_list("village").annotate(n=Count("pk"))
        known = [(name, fold_name(name)) for name, _ in counted.order_by("-n")[:3000]]
        cache.set(villages_key(), known, VILLAGES_LIVE_S)
    begins = [name for name, folded in known if folded.startswith(key)]
    return list({fold_name(name): name for name in reversed(begins)}.values())[::-1][:limit]


def replaced(patient_id: UUID) -> list[Row]:
    """The records that were merged into this one. 1 query."""
    return [brief(row) for row in Patient.objects.filter(replaced_by_id=patient_id)]


def children(patient_id: UUID) -> list[Row]:
    """The children whose mother this is, youngest first. 1 query."""
    mine = Patient.objects.filter(mother_id=patient_id, replaced_by__isnull=True)
    return [brief(row) for row in mine.order_by("-birth_date")]


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
        "panchayat": patient.panchayat,
        "unknown": patient.unknown,
        "mother_id": patient.mother_id,
        "replaced_by": patient.replaced_by_id,
        "abha_masked": masked_abha(patient.abha_number),
        "abha_address": patient.abha_address,
        "registered_at": patient.registered_at,
    }


def banner(patient_id: UUID, *, known: Patient | None = None) -> Row:
    """The head of every page about one patient, allergies included. 2 queries, 1 with `known`,
    the same patient when the caller has read the row; 1 more for a newborn's mother.

    Raises Patient.DoesNotExist for somebody else's id.
    """
    patient = known or Patient.objects.get(pk=patient_id)
    place = facilities.place_name(patient.block_code, patient.district_code)
    village = [patient.village] if patient.village else []
    return {
        **brief(patient),
        "place_hi": ", ".join([*village, *filter(None, [place["hi"]])]),
        "place_en": ", ".join([*village, *filter(None, [place["en"]])]),
        "mother": _mother(patient),
        "conditions": patient.conditions,
        "allergies": allergies(patient_id),
    }


def _mother(patient: Patient) -> Row | None:
    """{"id", "name", "mrn"} while it matters: until the child is two years old."""
    years = ages.age_on(patient.birth_date, timezone.localdate()).years
    if patient.mother_id is None or years >= 2:
        return None
    mother = brief(Patient.objects.get(pk=patient.mother_id))
    return {name: mother[name] for name in ("id", "name", "name_hi", "name_en", "mrn")}


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
