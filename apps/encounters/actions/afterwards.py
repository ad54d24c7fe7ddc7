"""After and around a signature: another hand, a mistake taken back, the day to come again."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts import queries as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.encounters.actions.chart import open_chart
from apps.encounters.actions.token import hand_over
from apps.encounters.models import Encounter, QueueToken

IN_CHARGE = "DS"  # superintendent, deputy superintendent or MOIC
HANDS_KEPT = 10


@transaction.atomic
def take_over(encounter_id: UUID, *, actor: Actor) -> Encounter:
    """A half-finished consultation passes to this doctor with everything that was typed.

    Whoever stands in a relation to the patient may (own queue or room), or the in-charge; the
    glass is not enough. The draft remembers who wrote until now (`hands`) and gets a new version,
    so that a screen left open elsewhere cannot write over it. Safe to repeat.
    Refused: visit.not_found, visit.closed, visit.not_begun, visit.not_yours, chart.no_relation.
    """
    actor.require(Permission.CONSULT_SIGN)
    token = _locked(encounter_id)
    visit = token.encounter
    if visit.status in (Encounter.Status.FINISHED, Encounter.Status.CANCELLED):
        raise Refused("visit.closed")
    if visit.doctor_id == actor.user_id:
        return visit
    if visit.doctor_id is None:
        raise Refused("visit.not_begun")
    chart = open_chart(visit.patient_id, actor=actor)
    if chart.relation == "glass" and IN_CHARGE not in actor.roles:
        raise Refused("visit.not_yours")
    _pass(visit, token, actor)
    record(Event.CONSULTATION_TAKEN, subject=visit, patient_id=visit.patient_id, actor=actor)
    return visit


def _pass(visit: Encounter, token: QueueToken, actor: Actor) -> None:
    duty = actor.user_id and accounts.duty(actor.user_id, facility_id=actor.facility_id)
    hand = {"by": str(visit.doctor_id), "until": timezone.now().isoformat(),
            "wrote": _named(visit.draft)}  # fmt: skip
    visit.draft = {**visit.draft, "hands": [*(visit.draft.get("hands") or []), hand][-HANDS_KEPT:]}
    visit.doctor_id = actor.user_id
    visit.room = (duty.room if duty else "") or visit.room
    visit.draft_version += 1
    visit.save(update_fields=["draft", "doctor", "room", "draft_version"])
    if token.station == QueueToken.Station.DOCTOR:
        token.called_by_id, token.room = actor.user_id, visit.room
        token.save(update_fields=["called_by", "room"])


def _named(draft: dict[str, Any]) -> dict[str, list[str]]:
    """Which rows were there: by code, or by the words where there is none."""
    parts = ("complaints", "diagnoses", "medicines", "tests", "advice")
    return {
        part: [str(row.get("code") or row.get("en", "")) for row in draft.get(part) or []]
        for part in parts
        if draft.get(part)
    }


@transaction.atomic
def reopen(encounter_id: UUID, *, reason: str, actor: Actor) -> Encounter:
    """A visit signed by mistake today is open again, with its draft, in front of its doctor.

    Refused: visit.not_found, visit.not_signed, visit.not_yours, visit.not_today.
    """
    actor.require(Permission.CONSULT_SIGN)
    token = _locked(encounter_id)
    visit = token.encounter
    if visit.status != Encounter.Status.FINISHED:
        raise Refused("visit.not_signed")
    if visit.doctor_id != actor.user_id:
        raise Refused("visit.not_yours")
    if not token.is_of_now:
        raise Refused("visit.not_today")
    visit.status, visit.finished_at, visit.follow_up = Encounter.Status.IN_PROGRESS, None, None
    visit.save(update_fields=["status", "finished_at", "follow_up"])
    hand_over(token, QueueToken.Station.DOCTOR, actor)
    token.status, token.called_by_id = QueueToken.Status.SERVING, actor.user_id
    token.room, token.called_at, token.returning = visit.room, timezone.now(), ""
    token.save(update_fields=["status", "called_by", "room", "called_at", "returning"])
    record(Event.CONSULTATION_REOPENED, subject=visit, patient_id=visit.patient_id, actor=actor,
           reason=reason)  # fmt: skip
    return visit


@transaction.atomic
def set_follow_up(encounter_id: UUID, *, day: date, actor: Actor) -> None:
    """The day of a signed visit's return, moved by an addendum. What the reminder did is over."""
    actor.require(Permission.CONSULT_SIGN)
    visit = Encounter.objects.select_for_update().get(pk=encounter_id)
    if visit.follow_up == day:
        return
    kept = {key: value for key, value in visit.draft.items() if key != "recall"}
    visit.follow_up, visit.draft = day, kept
    visit.save(update_fields=["follow_up", "draft"])
    record(Event.FOLLOW_UP_CHANGED, subject=visit, patient_id=visit.patient_id, actor=actor)


@transaction.atomic
def seen_again(encounter_id: UUID, *, then: str, actor: Actor) -> QueueToken:
    """A token that came back with results leaves the doctor for the desk `then`. Safe to repeat."""
    actor.require(Permission.CONSULT_SIGN)
    token = _locked(encounter_id)
    if token.station == QueueToken.Station.DOCTOR and token.returning:
        return hand_over(token, then, actor)
    waits = token.status == QueueToken.Status.DONE and then != QueueToken.Station.NONE
    return hand_over(token, then, actor) if waits else token


def _locked(encounter_id: UUID) -> QueueToken:
    both = QueueToken.objects.select_for_update().select_related("encounter")
    token = both.filter(encounter_id=encounter_id).first()
    if token is None:
        raise Refused("visit.not_found")
    return token
