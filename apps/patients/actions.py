"""Verbs over the facility's own record of a human."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.fold import name_key, tidy
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.facilities.numbers import next_number
from apps.patients import age as ages
from apps.patients import names
from apps.patients.identity import checked_mobile
from apps.patients.models import AllergyIntolerance, Patient
from apps.persons import actions as persons

NO_KNOWN_ALLERGY = "none"


@transaction.atomic
def register(
    *,
    id: UUID,
    name_hi: str = "",
    name_en: str = "",
    sex: str,
    age: int,
    age_unit: str = "years",
    mobile: str = "",
    guardian_relation: str = "",
    guardian_name: str = "",
    village: str = "",
    block_code: str = "",
    district_code: str = "",
    language: str = "hi",
    actor: Actor,
) -> Patient:
    """A new patient with an MRN. Sending the same `id` again returns the first one's row.

    `age` is as told today in `age_unit` (years, months, days). One name is enough: the other
    script is proposed and marked. Raises Refused("age.…", "patient.…"), Forbidden.
    """
    actor.require(Permission.PATIENT_REGISTER)
    if done := Patient.objects.filter(pk=id).first():
        return done
    patient = Patient(id=id, language=language)
    _write_identity(
        patient,
        name_hi=name_hi,
        name_en=name_en,
        sex=sex,
        birth_date=ages.birth_date(age, age_unit, on=timezone.localdate()),
        mobile=mobile,
        guardian_relation=guardian_relation,
        guardian_name=guardian_name,
        village=village,
        block_code=block_code,
        district_code=district_code,
    )
    if (done := _insert(patient)) is not patient:
        return done
    record(Event.PATIENT_REGISTERED, subject=patient, patient_id=patient.pk, actor=actor)
    persons.link_patient(patient.pk, mobile=patient.mobile, actor=actor)
    return patient


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


@transaction.atomic
def edit(
    patient_id: UUID, *, age: int | None = None, age_unit: str = "years", actor: Actor, **told: str
) -> Patient:
    """Mend identity: any of the words of `register`. The age only when told anew.

    Records which fields changed, never their content. Raises Refused, Forbidden.
    """
    actor.require(Permission.PATIENT_EDIT_IDENTITY)
    patient = Patient.objects.select_for_update().filter(pk=patient_id).first()
    if patient is None:
        raise Refused("patient.not_found")
    before = {name: getattr(patient, name) for name in IDENTITY}
    today = timezone.localdate()
    shown = ages.age_on(patient.birth_date, today)
    if age is not None and (age, age_unit) != (shown.number, shown.unit):
        patient.birth_date = ages.birth_date(age, age_unit, on=today)
    kept = {name: getattr(patient, name) for name in IDENTITY}
    _write_identity(patient, **{**kept, **told})
    changed = [name for name in IDENTITY if getattr(patient, name) != before[name]]
    if changed:
        patient.save()
        record(
            Event.PATIENT_IDENTITY_CHANGED,
            subject=patient,
            patient_id=patient.pk,
            actor=actor,
            fields=changed,
        )
        persons.link_patient(patient.pk, mobile=patient.mobile, actor=actor)
    return patient


IDENTITY = (
    "name_hi",
    "name_en",
    "sex",
    "birth_date",
    "mobile",
    "guardian_relation",
    "guardian_name",
    "village",
    "block_code",
    "district_code",
)
LONGEST = {
    "guardian_relation": 10,
    "guardian_name": 80,
    "village": 80,
    "block_code": 12,
    "district_code": 12,
}


def _write_identity(
    patient: Patient,
    *,
    name_hi: str,
    name_en: str,
    sex: str,
    birth_date: date,
    mobile: str,
    **place: str,
) -> None:
    told_hi, told_en = tidy(name_hi)[:80], tidy(name_en)[:80]
    if not name_key(told_hi, told_en):
        raise Refused("patient.no_name")
    if sex not in Patient.Sex.values:
        raise Refused("patient.sex")
    patient.name_hi, patient.name_en, patient.name_auto = names.both(told_hi, told_en)
    patient.name_hi, patient.name_en = patient.name_hi[:80], patient.name_en[:80]
    patient.search_key = name_key(patient.name_hi, patient.name_en)
    patient.sex, patient.birth_date = sex, birth_date
    patient.mobile = checked_mobile(mobile)
    for field, value in place.items():
        setattr(patient, field, tidy(value)[: LONGEST[field]])


@transaction.atomic
def record_allergy(
    patient_id: UUID,
    *,
    id: UUID,
    code: str,
    display_en: str,
    display_hi: str = "",
    reaction: str = "",
    actor: Actor,
) -> AllergyIntolerance:
    """One allergy, or `code` "none": asked, none known. A known one ends an earlier "none".

    The same code twice is one row. Raises Refused, Forbidden.
    """
    if not actor.may(Permission.CONSULT_DRAFT):
        actor.require(Permission.VITALS_WRITE)
    if not code or not tidy(display_en):
        raise Refused("allergy.nothing")
    if not Patient.objects.select_for_update().filter(pk=patient_id).exists():
        raise Refused("patient.not_found")
    if done := AllergyIntolerance.objects.filter(pk=id).first():
        return done
    active = AllergyIntolerance.objects.filter(
        patient_id=patient_id, status=AllergyIntolerance.Status.ACTIVE
    )
    if same := active.filter(code=code).first():
        return same
    if code == NO_KNOWN_ALLERGY and (known := active.first()):
        return known  # "none" never wipes a known allergy: a doctor takes it back one by one
    active.filter(code=NO_KNOWN_ALLERGY).update(status=AllergyIntolerance.Status.ENTERED_IN_ERROR)
    allergy = AllergyIntolerance.objects.create(
        id=id,
        patient_id=patient_id,
        code=code,
        display_en=tidy(display_en)[:120],
        display_hi=tidy(display_hi)[:120],
        reaction=tidy(reaction)[:120],
    )
    record(Event.ALLERGY_RECORDED, subject=allergy, patient_id=patient_id, actor=actor)
    return allergy


@transaction.atomic
def mark_conditions(patient_id: UUID, *, rows: list[dict[str, Any]], actor: Actor) -> None:
    """Long-term problems {code, icd, hi, en} that a doctor found, kept for every later visit with
    the year. One that is there already stays as it is."""
    actor.require(Permission.CONSULT_SIGN)
    patient = Patient.objects.select_for_update().filter(pk=patient_id).first()
    if patient is None:
        raise Refused("patient.not_found")
    there = {row.get("code") or row.get("en") for row in patient.conditions}
    since = str(timezone.localdate().year)
    new = [
        {key: row.get(key, "") for key in ("code", "icd", "hi", "en")} | {"since": since}
        for row in rows
        if (row.get("code") or row.get("en")) not in there
    ]
    if not new:
        return
    patient.conditions = [*patient.conditions, *new]
    patient.save(update_fields=["conditions"])
    record(
        Event.PATIENT_CONDITIONS_MARKED,
        subject=patient,
        patient_id=patient_id,
        actor=actor,
        codes=[row["icd"] for row in new],
    )
