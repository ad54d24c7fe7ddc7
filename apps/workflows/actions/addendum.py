"""What may follow a signature: an addendum, the end of a second look, a mistake taken back."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date, timedelta
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
from apps.documents.kinds import REASONS
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.labs import actions as labs
from apps.prescriptions import later
from apps.terminology import queries as terminology
from apps.workflows import content, queries
from apps.workflows.actions.consultation import tell
from apps.workflows.actions.drafting import may_open
from apps.workflows.draft import MOST_FOLLOW_UP_DAYS, MOST_ROWS, MOST_TEXT


@dataclass(frozen=True, slots=True)
class Addition:
    """What the doctor adds: `medicines` as in a draft, `stop` signed lines, `tests` by code."""

    text: str = ""
    medicines: list[dict[str, Any]] = field(default_factory=list)
    stop: list[UUID] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    follow_up: date | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.medicines or self.stop or self.tests or self.follow_up)


def add_to_signed(
    encounter_id: UUID, *, id: UUID, pin: str, addition: Addition, actor: Actor
) -> Any:
    """The paper in force after an addendum; the same one when sent twice with one `id`.

    Nothing old is edited: added medicines are a prescription of their own, stopped ones are
    closed, the paper is superseded. Refused: pin.*, consult.not_signed, addendum.*, draft.too_*,
    dose.*, prescription.allergy, prescription.gone.
    """
    actor.require(Permission.CONSULT_SIGN)
    actor.require(Permission.RX_PRESCRIBE)
    assert actor.user_id is not None  # both rights belong to people
    # Outside the transaction: a wrong PIN must be counted although nothing else is written.
    accounts.check_signature(actor.user_id, pin, actor=actor)
    return _add(encounter_id, id, addition, actor)


@transaction.atomic
def _add(encounter_id: UUID, id: UUID, addition: Addition, actor: Actor) -> Any:
    if done := papers.document(id):
        return done
    visit = visits.visit(encounter_id)
    may_open(visit, actor)
    old = papers.current_of_encounter(encounter_id)
    if visit.status != visit.Status.FINISHED or old is None:
        raise Refused("consult.not_signed")
    _refuse(addition)
    patient = queries.patient_of(visit)
    work = read_lines(visit, patient, addition.medicines)
    read = work.lines
    stopped = later.stop(
        encounter_id, line_ids=addition.stop, patient_id=visit.patient_id, actor=actor
    )
    if read:
        later.add(encounter_id, id=id, read=read, patient_id=visit.patient_id, actor=actor)
    if addition.follow_up:
        encounters.set_follow_up(encounter_id, day=addition.follow_up, actor=actor)
    more = _written(visit, addition, work, [line.display for line in stopped], actor)
    paper = documents.amend_document(
        old.pk, id=id, content=content.amended(old.content, more), actor=actor
    )
    _go_on(visit, addition, actor)
    record(
        Event.CONSULTATION_ADDED, subject=visit, patient_id=visit.patient_id, actor=actor,
        medicines=len(read), stopped=len(stopped), tests=len(addition.tests),
    )  # fmt: skip
    tell(paper.content, visit, patient, actor=actor)
    return paper


def read_lines(visit: Any, patient: dict[str, Any], medicines: list[dict[str, Any]]) -> Any:
    """New lines read and checked exactly as the consultation's are. 2 queries."""
    beside = copy(visit)
    beside.draft = {"medicines": medicines}
    return queries.work(beside, patient)


def _refuse(addition: Addition) -> None:
    today = timezone.localdate()
    if addition.is_empty:
        raise Refused("addendum.empty")
    if len(addition.text) > MOST_TEXT:
        raise Refused("draft.too_long", most=MOST_TEXT)
    if len(addition.medicines) > MOST_ROWS or len(addition.tests) > MOST_ROWS:
        raise Refused("draft.too_many", most=MOST_ROWS)
    day = addition.follow_up
    if day and not today < day <= today + timedelta(days=MOST_FOLLOW_UP_DAYS):
        raise Refused("addendum.follow_up")


def _written(
    visit: Any,
    addition: Addition,
    work: queries.Work,
    stopped: list[str],
    actor: Actor,
) -> dict[str, Any]:
    """The addendum as it is frozen; the tests in it are ordered here."""
    assert actor.user_id is not None
    known = terminology.codes("test", addition.tests)
    tests: list[Any] = [
        {"code": code, "hi": row.name_hi or row.name_en, "en": row.name_en}
        for code, row in known.items()
    ]
    if addition.tests:
        labs.order(
            visit.pk,
            tests=[{"code": code} for code in addition.tests],
            patient_id=visit.patient_id,
            actor=actor,
        )
    return content.addendum(
        text=addition.text.strip(),
        added=work.lines,
        stopped=stopped,
        tests=tests,
        day=addition.follow_up,
        room=visit.room,
        signer=queries.signer(actor.user_id),
        stock=work.stock,
        signed_at=timezone.now(),
    )


def _go_on(visit: Any, addition: Addition, actor: Actor) -> None:
    """Results before medicine, as after the first signature."""
    desk = "lab" if addition.tests else "pharmacy" if addition.medicines else _open_desk(visit.pk)
    encounters.seen_again(visit.pk, then=desk, actor=actor)


def _open_desk(encounter_id: UUID) -> str:
    """The counter, while there is something to hand over that was not handed over."""
    waits = any(not line["dispensed"] for line in later.taken_now(encounter_id))
    return "pharmacy" if waits else "none"


@transaction.atomic
def nothing_to_add(encounter_id: UUID, *, actor: Actor) -> None:
    """The doctor has looked at the results: the same token goes on. Safe to repeat."""
    actor.require(Permission.CONSULT_SIGN)
    visit = visits.visit(encounter_id)
    may_open(visit, actor)
    if visit.token.returning:
        encounters.seen_again(encounter_id, then=_open_desk(encounter_id), actor=actor)


def take_back(encounter_id: UUID, *, pin: str, reason: str, actor: Actor) -> Any:
    """A signature by mistake: the paper is withdrawn, the prescription cancelled, the visit open
    again with its draft. Only its own doctor, on the day, before anything was handed over.

    Refused: pin.*, consult.reason, consult.not_signed, prescription.dispensed, visit.not_*.
    """
    actor.require(Permission.CONSULT_SIGN)
    actor.require(Permission.RX_PRESCRIBE)
    assert actor.user_id is not None
    accounts.check_signature(actor.user_id, pin, actor=actor)
    return _take_back(encounter_id, reason, actor)


@transaction.atomic
def _take_back(encounter_id: UUID, reason: str, actor: Actor) -> Any:
    if reason not in REASONS:
        raise Refused("consult.reason")
    visit = encounters.reopen(encounter_id, reason=reason, actor=actor)
    paper = papers.current_of_encounter(encounter_id)
    if paper is None:
        raise Refused("consult.not_signed")
    later.cancel(encounter_id, patient_id=visit.patient_id, reason=reason, actor=actor)
    documents.withdraw_document(paper.pk, reason=reason, actor=actor)
    return visit
