"""Who a patient is: registered, mended, unknown at first, born here."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.aadhaar import refuse_aadhaar
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.fold import digits, fold_name, is_name, name_key, tidy
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.facilities.numbers import next_number
from apps.patients import age as ages
from apps.patients import names
from apps.patients.identity import UNKNOWN_NAMES, checked_mobile
from apps.patients.models import Patient
from apps.patients.queries import villages_key
from apps.persons import actions as persons

UNKNOWN_AGE = 40  # what is shown until somebody looks closer; the record says "estimated"
CHILD_YEARS = 13
PLACE = {
    "guardian_relation": 10,
    "guardian_name": 80,
    "village": 80,
    "village_code": 12,
    "panchayat": 80,
    "block_code": 12,
    "district_code": 12,
}
IDENTITY = ("name_hi", "name_en", "sex", "birth_date", "mobile", *PLACE)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody beside the words: brought without a name, born of whom, ABHA."""

    unknown: bool = False
    mother_id: UUID | None = None
    abha_number: str = ""
    abha_address: str = ""


NOTHING_MORE = Known()


@transaction.atomic
def register(
    *,
    id: UUID,
    sex: str,
    age: int | None = None,
    age_unit: str = "years",
    born: date | None = None,
    language: str = "hi",
    known: Known = NOTHING_MORE,
    actor: Actor,
    **told: str,
) -> Patient:
    """A new patient with an MRN. Sending the same `id` again returns the first one's row.

    `age` is as told today in `age_unit` (years, months, days), or `born` is the day itself.
    `told`: name_hi, name_en (one is enough: the other script is proposed and marked), mobile,
    guardian_relation, guardian_name, village, panchayat, block_code, district_code.
    Raises Refused("age.…", "patient.…", "aadhaar.typed"), Forbidden.
    """
    actor.require(Permission.PATIENT_REGISTER)
    if done := Patient.objects.filter(pk=id).first():
        return done
    today = timezone.localdate()
    patient = Patient(id=id, language=language, unknown=known.unknown)
    patient.abha_number = abha_digits(known.abha_number)
    patient.abha_address = known.abha_address.strip().lower()[:80]
    patient.birth_estimated = born is None
    if known.mother_id and not Patient.objects.filter(pk=known.mother_id).exists():
        raise Refused("patient.not_found")
    patient.mother_id = known.mother_id
    _write_identity(
        patient,
        sex=sex,
        birth_date=ages.told(age, age_unit, born, on=today),
        **told,
    )
    if (done := _insert(patient)) is not patient:
        return done
    record(Event.PATIENT_REGISTERED, subject=patient, patient_id=patient.pk, actor=actor)
    persons.link_patient(patient.pk, mobile=patient.mobile, actor=actor)
    _learn_village(patient.village)
    return patient


def register_unknown(
    *, id: UUID, sex: str = "unknown", age: int | None = None, actor: Actor
) -> Patient:
    """Somebody who cannot say a name: a temporary identity under an MRN of its own.

    It becomes the real one by `edit` (a name) or by merging it into the person's older record.
    """
    years = UNKNOWN_AGE if age is None else age
    kind = "child" if years < CHILD_YEARS else sex
    hindi, latin = UNKNOWN_NAMES.get(kind, UNKNOWN_NAMES["unknown"])
    return register(
        id=id,
        name_hi=f"{hindi} ~{years}",
        name_en=f"{latin} ~{years}",
        sex=sex,
        age=years,
        known=Known(unknown=True),
        actor=actor,
    )


def abha_digits(typed: str) -> str:
    """The fourteen digits of an ABHA number, "" when it is none."""
    number = "".join(ch for ch in digits(typed) if ch.isdecimal())
    return number if len(number) == 14 else ""


def _insert(patient: Patient) -> Patient:
    """Number it and save it. When the same form was faster elsewhere, that row and no number."""
    facility: Any = current_facility()
    try:
        with transaction.atomic():  # a savepoint: it also gives the number back
            patient.mrn = f"{facility.prefix}-P-{next_number(facility.pk, 'mrn', 'all'):06d}"
            patient.save(force_insert=True)
    except IntegrityError:
        if done := Patient.objects.filter(pk=patient.pk).first():
            return done
        raise
    return patient


def _learn_village(village: str) -> None:
    """A village that nobody wrote before is offered from the next registration on."""
    known = cache.get(villages_key())
    if village and known is not None and village not in {name for name, _ in known}:
        cache.set(villages_key(), [*known, (village, fold_name(village))], 600)


@transaction.atomic
def edit(
    patient_id: UUID,
    *,
    age: int | None = None,
    age_unit: str = "years",
    born: date | None = None,
    actor: Actor,
    **told: str,
) -> Patient:
    """Mend identity: any of the words of `register`. The age only when told anew.

    A name given to somebody unknown ends the temporary identity. Records which fields changed,
    never their content. Raises Refused, Forbidden.
    """
    actor.require(Permission.PATIENT_EDIT_IDENTITY)
    patient = Patient.objects.select_for_update().filter(pk=patient_id).first()
    if patient is None:
        raise Refused("patient.not_found")
    if patient.replaced_by_id is not None:
        raise Refused("patient.merged")
    before = {name: getattr(patient, name) for name in IDENTITY}
    today = timezone.localdate()
    shown = ages.age_on(patient.birth_date, today)
    if born is not None:
        patient.birth_date, patient.birth_estimated = ages.checked_birth(born, on=today), False
    elif age is not None and (age, age_unit) != (shown.number, shown.unit):
        patient.birth_date = ages.birth_date(age, age_unit, on=today)
        patient.birth_estimated = True
    kept = {name: getattr(patient, name) for name in IDENTITY}
    _write_identity(patient, **{**kept, **told})
    changed = [name for name in IDENTITY if getattr(patient, name) != before[name]]
    if changed:
        patient.unknown = patient.unknown and not {"name_hi", "name_en"} & set(changed)
        patient.save()
        record(
            Event.PATIENT_IDENTITY_CHANGED,
            subject=patient,
            patient_id=patient.pk,
            actor=actor,
            fields=changed,
        )
        persons.link_patient(patient.pk, mobile=patient.mobile, actor=actor)
        _learn_village(patient.village)
    return patient


def _write_identity(
    patient: Patient,
    *,
    name_hi: str = "",
    name_en: str = "",
    sex: str,
    birth_date: date,
    mobile: str = "",
    **place: str,
) -> None:
    refuse_aadhaar(name_hi, name_en, *place.values())
    told_hi, told_en = tidy(name_hi)[:80], tidy(name_en)[:80]
    if not is_name(told_hi, told_en):
        raise Refused("patient.no_name")
    if sex not in Patient.Sex.values:
        raise Refused("patient.sex")
    patient.name_hi, patient.name_en, patient.name_auto = names.both(told_hi, told_en)
    patient.name_hi, patient.name_en = patient.name_hi[:80], patient.name_en[:80]
    patient.sex, patient.birth_date = sex, birth_date
    patient.mobile = checked_mobile(mobile)
    for field, value in place.items():
        setattr(patient, field, tidy(value)[: PLACE[field]])
    patient.search_key = search_key(patient)


def search_key(patient: Patient) -> str:
    """Names first, then "@village" and "#ABHA": all that one trigram index must find."""
    village = fold_name(patient.village).replace(" ", "")
    more = [f"@{village}"] if village else []
    more += [f"#{part}" for part in (patient.abha_number, patient.abha_address) if part]
    tail = "|".join(["", *more])[:110]
    return name_key(patient.name_hi, patient.name_en)[: 200 - len(tail)] + tail


@transaction.atomic
def record_search(kind: str, *, found: int, actor: Actor) -> None:
    """Somebody looked for a patient: how (mobile, name, …) and how many came, never for whom."""
    record(Event.PATIENT_SEARCHED, actor=actor, kind=kind, found=found)
