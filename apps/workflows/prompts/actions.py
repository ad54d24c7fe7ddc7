"""Marks, timers and dismissals of the cards; and what the State's committee makes of a rule."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.encounters import actions as encounters
from apps.terminology import actions as terminology
from apps.workflows.prompts import state as states
from apps.workflows.prompts.conditions import form_readable, readable
from apps.workflows.prompts.queries import rules_now

TEXTS = ("do", "refer")


@transaction.atomic
def mark(encounter_id: UUID, *, card: str, told: Any, actor: Actor) -> None:
    """What was answered on a card. Refused: prompt.unknown, prompt.time, visit.…"""
    body = _card(card)
    marks = states.marks(body, told)

    def change(times: dict[str, Any]) -> dict[str, Any]:
        since = states.of(times).get(card, {}).get("since") or timezone.localdate().isoformat()
        return states.changed(times, card, marks=marks, since=since)

    _keep(encounter_id, change, Event.PROMPT_MARKED, card, actor)


@transaction.atomic
def start_timer(encounter_id: UUID, *, card: str, actor: Actor) -> None:
    """Start the card's timer; one that runs already goes on as it is. Refused: prompt.unknown."""
    timer = _card(card).get("timer")
    if timer is None:
        raise Refused("prompt.unknown")

    def change(times: dict[str, Any]) -> dict[str, Any]:
        running = states.of(times).get(card, {}).get("timers", {})
        now = timezone.now().isoformat()
        return states.changed(times, card, timers={timer["code"]: now, **running})

    _keep(encounter_id, change, Event.TIMER_STARTED, card, actor)


@transaction.atomic
def stop_timer(encounter_id: UUID, *, card: str, actor: Actor) -> None:
    """The ringing is answered, or the test is to be done anew."""
    _card(card)

    def change(times: dict[str, Any]) -> dict[str, Any]:
        return states.changed(times, card, timers=None)

    _keep(encounter_id, change, Event.TIMER_STOPPED, card, actor)


@transaction.atomic
def dismiss(encounter_id: UUID, *, card: str, again: bool = False, actor: Actor) -> None:
    """Put a card away, or (`again`) bring it back. Only its code is recorded."""
    _card(card)

    def change(times: dict[str, Any]) -> dict[str, Any]:
        at = None if again else timezone.now().isoformat()
        return states.changed(times, card, dismissed=at)

    event = Event.PROMPT_SHOWN_AGAIN if again else Event.PROMPT_DISMISSED
    _keep(encounter_id, change, event, card, actor)


def _card(code: str) -> dict[str, Any]:
    rule = rules_now().get(code)
    if rule is None or rule.body.get("kind") != "card":
        raise Refused("prompt.unknown")
    return rule.body


def _keep(encounter_id: UUID, change: Any, event: Event, card: str, actor: Actor) -> None:
    visit = encounters.note_times(encounter_id, change=change, actor=actor)
    record(event, subject=visit, patient_id=visit.patient_id, actor=actor, card=card)


def change_rule(
    code: str,
    *,
    id: UUID,
    body: dict[str, Any],
    source: str,
    active: bool,
    after: int,
    actor: Actor,
) -> Any:
    """A new version of a rule; it counts from the next request. Refused: rule.…, definition.…"""
    actor.require(Permission.RULE_EDIT)
    known = rules_now().get(code)
    if known is None:
        raise Refused("prompt.unknown")
    _refuse_unreadable(known.body, body)
    return terminology.define(
        "rule",
        code,
        id=id,
        body=body,
        provenance=source[:300],
        after=after,
        active=active,
        actor=actor,
    )


def _refuse_unreadable(before: dict[str, Any], body: dict[str, Any]) -> None:
    """A body that the screens cannot read would take the rule away from every hospital."""
    title = body.get("title")
    if body.get("kind") != before["kind"] or not _both(title):
        raise Refused("rule.title")
    if before["kind"] == "alarm":
        numbers = [body.get("raise_at"), body.get("single")]
        lists = [body.get("critical"), body.get("flags")]
        if not all(isinstance(n, int) and 0 < n < 21 for n in numbers) or not all(
            isinstance(row, list) for row in lists
        ):
            raise Refused("rule.numbers")
        return
    if not readable(body.get("when")):
        raise Refused("rule.when")
    if not form_readable(body):
        raise Refused("rule.form")
    if not all(_both(line) for part in TEXTS for line in body.get(part, ())):
        raise Refused("rule.lines")


def _both(words: Any) -> bool:
    return isinstance(words, dict) and bool(words.get("hi")) and bool(words.get("en"))
