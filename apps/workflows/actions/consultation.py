"""The doctor's signature: finding, prescription, tests, paper and the end of the visit, at once."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.documents import actions as documents
from apps.documents import queries as papers
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.facilities import live
from apps.labs import actions as labs
from apps.notices import actions as notices
from apps.patients import actions as patients
from apps.prescriptions import actions as prescriptions
from apps.terminology import queries as terminology
from apps.workflows import queries
from apps.workflows.actions.drafting import may_open, refuse_lost
from apps.workflows.draft import follow_up_date
from apps.workflows.sets import ordered


def finish_consultation(
    encounter_id: UUID, *, id: UUID, pin: str, version: int | None = None, actor: Actor
) -> Any:
    """The signed document of a visit; the same one when sent twice with one `id`.

    `version` is the draft the doctor saw: a later one is refused ("draft.conflict").
    Refused: pin.*, consult.signed (somebody signed already), consult.finding, consult.plan,
    prescription.allergy, prescription.stopped, dose.*, visit.closed. All or nothing is written.
    """
    actor.require(Permission.CONSULT_SIGN)
    actor.require(Permission.RX_PRESCRIBE)
    assert actor.user_id is not None  # both rights belong to people
    # Outside the transaction: a wrong PIN must be counted although nothing else is written.
    accounts.check_signature(actor.user_id, pin, actor=actor)
    with terminology.held():
        return _sign(encounter_id, id=id, version=version, actor=actor)


@transaction.atomic
def _sign(encounter_id: UUID, *, id: UUID, version: int | None, actor: Actor) -> Any:
    encounters.serve(encounter_id, actor=actor)  # holds the token: a second signature waits here
    visit = visits.visit(encounter_id)
    if visit.status == visit.Status.FINISHED:
        return _signed_before(encounter_id, id)
    may_open(visit, actor)
    refuse_lost(visit, actor)
    if version is not None and version != visit.draft_version:
        raise Refused("draft.conflict")
    patient = queries.patient_of(visit)
    vitals = visits.vitals(visit.pk, by=False)
    work = queries.work(visit, patient, vitals=vitals, bare=True)
    for gap in queries.gaps(work):
        raise gap.refused
    encounters.record_conditions(
        encounter_id,
        complaints=work.draft["complaints"],
        diagnoses=work.draft["diagnoses"],
        actor=actor,
    )
    if work.draft["medicines"]:
        prescriptions.sign(
            encounter_id,
            id=id,
            lines=work.draft["medicines"],
            read=work.lines,
            patient_id=visit.patient_id,
            actor=actor,
        )
    if work.draft["tests"]:
        labs.order(
            encounter_id,
            tests=ordered(work.draft["tests"]),
            patient_id=visit.patient_id,
            actor=actor,
        )
    if long := [row for row in work.draft["diagnoses"] if row.get("long")]:
        patients.mark_conditions(visit.patient_id, rows=long, actor=actor)
    return _issue(visit, work, patient, vitals, id=id, actor=actor)


def _signed_before(encounter_id: UUID, id: UUID) -> Any:
    document = papers.current_of_encounter(encounter_id)
    if document is None or document.pk != id:
        raise Refused("consult.signed")
    return document


def _issue(
    visit: Any,
    work: queries.Work,
    patient: dict[str, Any],
    vitals: list[dict[str, Any]],
    *,
    id: UUID,
    actor: Actor,
) -> Any:
    assert actor.user_id is not None
    content = queries.snapshot(visit, work, patient, signer_id=actor.user_id, vitals=vitals)
    document = documents.issue_document(
        "Prescription",
        id=id,
        patient_id=visit.patient_id,
        encounter_id=visit.pk,
        content=content,
        language=content["language"],
        visit=visit,
        actor=actor,
    )
    encounters.finish(
        visit.pk, then=_next_desk(work), follow_up=follow_up_date(work.draft), actor=actor
    )
    record(
        Event.CONSULTATION_SIGNED,
        subject=visit,
        patient_id=visit.patient_id,
        actor=actor,
        medicines=len(work.lines),
        tests=len(work.draft["tests"]),
    )
    tell(content, visit, patient, actor=actor)
    return document


def _next_desk(work: queries.Work) -> str:
    """Where the same token goes: results before medicine, for they may change it."""
    if work.draft["tests"]:
        return "lab"
    return "pharmacy" if work.draft["medicines"] else "none"


def tell(content: dict[str, Any], visit: Any, patient: dict[str, Any], *, actor: Actor) -> None:
    """The message with the paper's address, when the patient has a mobile."""
    if patient.get("mobile"):
        notices.queue_notice(
            "prescription-ready",
            mobile=patient["mobile"],
            language=content["language"],
            values=_told(content, visit),
            facility_id=actor.facility_id,
            actor=actor,
        )


def _told(content: dict[str, Any], visit: Any) -> dict[str, str]:
    """The holes of the message. The link asks for four digits before it shows anything."""
    facility, hindi = content["facility"], content["language"] == "hi"
    return {
        "facility": facility["name_hi" if hindi else "name_en"],
        "date": f"{timezone.localdate():%d-%m-%Y}",
        "url": live.address(queries.facility_here().slug) + f"/s/{visit.code}",
    }
