"""Records of other Bhavya hospitals: the patient agrees by a code, or the doctor breaks the glass.

The glass holds only in an emergency (the token says so, or an emergency doctor asks): the law lets
health data be used without consent to save a life, not to save a minute.
"""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.fold import digits, tidy
from apps.core.tenancy import current_facility
from apps.encounters import queries as visits
from apps.persons import actions as persons
from apps.persons.queries import consent_hash
from apps.workflows import history
from apps.workflows.actions.drafting import may_open

EMERGENCY_DOCTOR = "EMO"
SHORTEST_REASON = 5


def ask(encounter_id: UUID, *, actor: Actor) -> str:
    """Send the code to the patient's mobile; its last two digits. The answer is the same whether
    another hospital knows the patient or not. Refused: elsewhere.no_mobile, portal.too_many."""
    actor.require(Permission.CONSULT_SIGN)
    visit = _mine(encounter_id, actor)
    patient = visit.patient
    facility: Any = current_facility()
    persons.ask_consent(
        patient.mobile,
        encounter_id=visit.pk,
        patient_id=visit.patient_id,
        language=patient.language,
        hospital=facility.name_hi if patient.language == "hi" else facility.name_en,
        actor=actor,
    )
    return str(patient.mobile[-2:])


def agree(encounter_id: UUID, *, code: str, actor: Actor) -> None:
    """The patient has told the code. Refused: portal.code_wrong, portal.code_over."""
    actor.require(Permission.CONSULT_SIGN)
    visit = _mine(encounter_id, actor)
    persons.use_up(consent_hash(visit.patient.mobile, visit.pk), digits(code).strip())
    record(Event.CONSENT_GIVEN, subject=visit, patient_id=visit.patient_id, actor=actor, by="code")


@transaction.atomic
def break_glass(encounter_id: UUID, *, reason: str, actor: Actor) -> None:
    """Without the code, in an emergency, with a reason that is reviewed in every hospital looked
    at. Refused: elsewhere.not_emergency, elsewhere.no_mobile, chart.reason."""
    actor.require(Permission.BREAKGLASS_USE)
    visit = _mine(encounter_id, actor)
    if not history.is_emergency(visit) and EMERGENCY_DOCTOR not in actor.roles:
        raise Refused("elsewhere.not_emergency")
    words = tidy(reason)
    if sum(ch.isalpha() for ch in words) < SHORTEST_REASON:
        raise Refused("chart.reason")
    # Free text in the trail, as when a chart is opened: without it there is nothing to review.
    record(Event.GLASS_BROKEN, subject=visit, patient_id=visit.patient_id, actor=actor,
           reason=words[:200])  # fmt: skip
    record(Event.CONSENT_GIVEN, subject=visit, patient_id=visit.patient_id, actor=actor, by="glass")


def matches(encounter_id: UUID, *, actor: Actor) -> list[history.Match]:
    """Records that may be this human's, once there is consent. Refused: elsewhere.no_consent."""
    visit = _mine(encounter_id, actor)
    if not history.consent(visit, user_id=actor.user_id):
        raise Refused("elsewhere.no_consent")
    return history.matches(visit)


@transaction.atomic
def look(
    encounter_id: UUID, *, facility_id: UUID, patient_id: UUID, actor: Actor
) -> tuple[history.Match, list[dict[str, Any]]] | None:
    """One record of another hospital, read-only; None when it is no match of this visit.

    Each look stands in the trail of both hospitals. Refused: elsewhere.no_consent.
    """
    actor.require(Permission.CONSULT_SIGN)
    visit = _mine(encounter_id, actor)
    by = history.consent(visit, user_id=actor.user_id)
    if not by:
        raise Refused("elsewhere.no_consent")
    wanted = (facility_id, patient_id)
    match = next((m for m in history.matches(visit) if (m.place.id, m.patient_id) == wanted), None)
    if match is None:
        return None
    here: Any = current_facility()
    record(Event.RECORD_SHARED, subject=visit, patient_id=visit.patient_id, actor=actor,
           by=by, of=str(facility_id))  # fmt: skip
    record(Event.RECORD_SHARED, patient_id=patient_id, facility_id=facility_id, actor=actor,
           by=by, to=str(here.pk))  # fmt: skip
    return match, history.summary(match)


def _mine(encounter_id: UUID, actor: Actor) -> Any:
    visit = visits.visit(encounter_id)
    may_open(visit, actor)
    if not visit.patient.mobile:
        raise Refused("elsewhere.no_mobile")
    return visit
