"""Two records of one human become one, and two again when it was a mistake.

What moved is kept in the audit trail (ids only), so that undoing brings exactly those rows back and
leaves what was written since. Prescriptions, orders and dispensing follow their visit.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import actions as abdm
from apps.audit import queries as audit
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.tenancy import current_facility_id
from apps.documents import actions as documents
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.labs import actions as labs
from apps.patients import actions as patients
from apps.persons import actions as persons

MOVERS: dict[str, Callable[..., list[str]]] = {
    "links": persons.reassign_patient,
    "allergies": patients.reassign_patient,
    "children": patients.reassign_children,
    "visits": encounters.reassign_patient,
    "papers": documents.reassign_patient,
    "reports": labs.reassign_patient,
    "contexts": abdm.reassign_contexts,
    "consents": abdm.reassign_consents,
}


@transaction.atomic
def merge(patient_id: UUID, *, into: UUID, actor: Actor) -> dict[str, Any]:
    """The first record is replaced by the second; how many rows of each kind moved.

    Safe to repeat. Refused: merge.same, merge.merged, merge.abha, merge.two_tokens,
    patient.not_found.
    """
    actor.require(Permission.PATIENT_MERGE)
    if patient_id == into:
        raise Refused("merge.same")
    old, kept = patients.lock_two(patient_id, into)
    if old.replaced_by_id == into:
        return _moved_by(_merge_event(patient_id))
    if old.replaced_by_id is not None or kept.replaced_by_id is not None:
        raise Refused("merge.merged")
    if old.abha_number and kept.abha_number and old.abha_number != kept.abha_number:
        raise Refused("merge.abha")
    _refuse_two_tokens(patient_id, into)
    moved = {name: verb(patient_id, into=into, actor=actor) for name, verb in MOVERS.items()}
    filled = patients.replace_patient(patient_id, by=into, actor=actor)
    who: Any = {"actor": actor}
    record(Event.PATIENT_MERGED, subject=old, patient_id=patient_id, into=str(into), moved=moved,
           filled=filled, **who)  # fmt: skip
    record(Event.PATIENT_MERGED, subject=kept, patient_id=into, replaced=str(patient_id), **who)
    return {name: len(rows) for name, rows in moved.items()}


def _refuse_two_tokens(first: UUID, second: UUID) -> None:
    """One human stands once in one queue: finish or cancel one of the two visits before."""
    here = {visit.token.queue: visit.token for visit in visits.open_today(first)}
    for visit in visits.open_today(second):
        if visit.token.queue in here:
            labels = [here[visit.token.queue], visit.token]
            first_label, second_label = (visits.token_label(token) for token in labels)
            raise Refused("merge.two_tokens", first=first_label, second=second_label)


@transaction.atomic
def unmerge(patient_id: UUID, *, actor: Actor) -> None:
    """Take a merge back: the rows that moved then and still are there come home.

    Refused: merge.not_merged, merge.later (the other record was itself merged since).
    """
    actor.require(Permission.PATIENT_MERGE)
    event = _merge_event(patient_id)
    into = UUID(event.detail["into"]) if event else patient_id
    if event is None:
        raise Refused("merge.not_merged")
    old, kept = patients.lock_two(patient_id, into)
    if old.replaced_by_id != into:
        raise Refused("merge.not_merged")
    if kept.replaced_by_id is not None:
        raise Refused("merge.later")
    for name, rows in event.detail["moved"].items():
        MOVERS[name](into, into=patient_id, rows=rows, actor=actor)
    patients.restore_patient(patient_id, by=into, actor=actor, **event.detail["filled"])
    who: Any = {"actor": actor}
    record(Event.PATIENT_UNMERGED, subject=old, patient_id=patient_id, out_of=str(into), **who)
    record(Event.PATIENT_UNMERGED, subject=kept, patient_id=into, gave=str(patient_id), **who)


def _merge_event(patient_id: UUID) -> Any:
    """The last merge in which this record was the one that was replaced, or None."""
    facility_id = current_facility_id()
    assert facility_id is not None  # patients live in a facility
    trail = audit.of_patient(patient_id, facility_id=facility_id)
    return trail.filter(event=Event.PATIENT_MERGED, detail__has_key="moved").first()


def _moved_by(event: Any) -> dict[str, Any]:
    return {name: len(rows) for name, rows in event.detail["moved"].items()} if event else {}


def merged_on(patient_id: UUID) -> Any:
    """The day a record was replaced, or None when the trail does not say."""
    event = _merge_event(patient_id)
    return timezone.localtime(event.at).date() if event else None
