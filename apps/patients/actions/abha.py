"""A verified ABHA on a record. One record has one ABHA, and one ABHA one record."""

from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import in_training
from apps.patients.actions.identity import abha_digits, search_key
from apps.patients.models import Patient
from apps.patients.queries import abha_closed_at, of_abha, rows_of_abha, without_owner
from apps.persons import actions as persons


@transaction.atomic
def attach_abha(
    patient_id: UUID,
    *,
    number: str,
    address: str,
    via: str,
    kyc: bool | None = None,
    actor: Actor,
) -> bool:
    """Note the ABHA that its owner proved; a Person stands behind the record then. `via`: "scan",
    or the desk's way. `kyc`: what ABDM says; only a verified one has a number, if it is not told.

    False, and nothing is written, when this record has another ABHA or another record here has
    this one: a wrong link can never be taken back, a missing one can be made up for.
    Raises Refused("patient.not_found"), Forbidden.
    """
    actor.require(Permission.PATIENT_REGISTER)
    number, address = abha_digits(number), address.strip().lower()[:80]
    patient = Patient.objects.select_for_update().filter(pk=patient_id).first()
    if patient is None:
        raise Refused("patient.not_found")
    if in_training() or not address or _is_anothers(patient, number, address):
        return False
    number = number or patient.abha_number
    person_id = persons.know_person(number=number, address=address)
    if (patient.person_id, patient.abha_number, patient.abha_address) == (
        person_id, number, address,
    ):  # fmt: skip
        return True
    patient.person_id = person_id
    patient.abha_number, patient.abha_address = number, address
    patient.search_key = search_key(patient)
    patient.save(update_fields=["person", "abha_number", "abha_address", "search_key"])
    record(Event.PATIENT_ABHA_ATTACHED, subject=patient, patient_id=patient.pk, actor=actor,
           via=via, kyc=bool(number) if kyc is None else kyc)  # fmt: skip
    return True


def _is_anothers(patient: Patient, number: str, address: str) -> bool:
    """An address may change while the number stays; without a number the address must fit."""
    if patient.abha_number and number and patient.abha_number != number:
        return True
    if not number and patient.abha_address and patient.abha_address != address:
        return True
    return any(row["id"] != patient.pk for row in rows_of_abha(number, address))


@transaction.atomic
def close_abha(address: str, *, status: str, actor: Actor) -> bool:
    """Its owner switched this ABHA off: nobody stands behind it here any more. Address and number
    stay on the record, so that it is found and can be proved again. Whether a record had it.
    """
    rows = Patient.objects.select_for_update().filter(
        pk__in=[patient.pk for patient in of_abha(numbers=(), address=address)]
    )
    closed = [patient for patient in rows if patient.person_id is not None]
    for patient in closed:
        Patient.objects.filter(pk=patient.pk).update(person_id=None)
        record(Event.ABHA_CLOSED, subject=patient, patient_id=patient.pk, actor=actor, code=status)
    return bool(closed)


@transaction.atomic
def reopen_abha(address: str, *, actor: Actor) -> bool:
    """It is on again: who stood behind it stands there once more. Whether a record was closed."""
    rows = Patient.objects.select_for_update().filter(
        pk__in=[patient.pk for patient in without_owner(address)]
    )
    closed = [patient for patient in rows if abha_closed_at(patient) is not None]
    for patient in closed:
        person_id = persons.know_person(number=patient.abha_number, address=address)
        Patient.objects.filter(pk=patient.pk).update(person_id=person_id)
        record(Event.ABHA_REOPENED, subject=patient, patient_id=patient.pk, actor=actor)
    return bool(closed)
