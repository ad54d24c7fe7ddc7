"""Doubts: looked for at night, raised with their evidence, answered by the hospital."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.aadhaar import refuse_aadhaar
from apps.core.actor import Actor, Scope
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.permission import Permission
from apps.core.queue import enqueue
from apps.core.tenancy import facility_context, here
from apps.facilities import live
from apps.monitoring import doubts
from apps.monitoring.actions.watching import WATCHER, within
from apps.monitoring.models import DoctorDay, Flag
from apps.monitoring.truth_rules import ANSWER_DAYS, RULES

LONGEST = 500


def look_back_everywhere(day: date) -> int:
    """What the counters and the trail say of a day, and a job for each hospital's own rows."""
    raised = raise_all(day, doubts.of_the_state(day))
    for place in live.hospitals():
        if place.is_open:
            with facility_context(place.id):
                enqueue("monitoring.look_back")
    return raised


def look_back(day: date) -> int:
    """The hospital we stand in: minutes of each doctor, and doubts; flags raised. 6 queries."""
    seen = doubts.read_day(day)
    keep_minutes(here(), day, seen)
    return raise_all(day, [(here(), found) for found in doubts.of_a_hospital(here(), day, seen)])


@transaction.atomic
def keep_minutes(facility_id: UUID, day: date, seen: doubts.Day) -> None:
    """Each doctor's visits of a day by minutes, written anew."""
    DoctorDay.objects.filter(facility_id=facility_id, day=day).delete()
    DoctorDay.objects.bulk_create(
        DoctorDay(
            facility_id=facility_id, day=day, user_id=doctor, patients=own.patients,
            unmeasured=own.unmeasured, minutes=own.minutes,
        )
        for doctor, own in seen.by_doctor().items()
    )  # fmt: skip


@transaction.atomic
def raise_all(day: date, found: Iterable[tuple[UUID, doubts.Doubt]]) -> int:
    """Write doubts as flags, each once; one of the last days of its window is not asked again."""
    raised = 0
    for facility_id, doubt in found:
        first = day - timedelta(days=RULES[doubt.rule].window - 1)
        asked = Flag.objects.filter(
            facility_id=facility_id, rule=doubt.rule, subject=doubt.subject, day__gte=first
        )
        if asked.exists():
            continue
        flag, made = Flag.objects.get_or_create(
            facility_id=facility_id, rule=doubt.rule, subject=doubt.subject, day=day,
            defaults={"evidence": doubt.evidence},
        )  # fmt: skip
        if made:
            raised += 1
            _note(Event.FLAG_RAISED, flag, WATCHER)
    return raised


@transaction.atomic
def answer_flag(flag_id: UUID, *, words: str, actor: Actor) -> Flag:
    """The hospital says how it was. Refused: flag.words, flag.answered."""
    flag, told = _open(flag_id, words, actor)
    if actor.facility_id != flag.facility_id:
        raise Forbidden(Permission.TRUTH_FLAGS)
    if flag.answered_at is not None:
        if (flag.answer, flag.answered_by) == (told, actor.user_id):
            return flag  # sent twice
        raise Refused("flag.answered")
    flag.answer, flag.answered_by, flag.answered_at = told, actor.user_id, timezone.now()
    flag.save(update_fields=["answer", "answered_by", "answered_at"])
    _note(Event.FLAG_ANSWERED, flag, actor)
    return flag


@transaction.atomic
def note_flag(flag_id: UUID, *, words: str, actor: Actor) -> Flag:
    """The office above says what it makes of it, after the answer or when its time is over.
    Refused: flag.words, flag.noted, flag.no_answer."""
    flag, told = _open(flag_id, words, actor)
    # The auditor reads everything and decides nothing.
    if actor.scope is Scope.FACILITY or not actor.sees(Permission.DASH_DISTRICT):
        raise Forbidden(Permission.TRUTH_FLAGS)
    if flag.noted_at is not None:
        if (flag.note, flag.noted_by) == (told, actor.user_id):
            return flag
        raise Refused("flag.noted")
    if flag.answered_at is None and timezone.now() - flag.made_at < timedelta(days=ANSWER_DAYS):
        raise Refused("flag.no_answer", days=ANSWER_DAYS)
    flag.note, flag.noted_by, flag.noted_at = told, actor.user_id, timezone.now()
    flag.save(update_fields=["note", "noted_by", "noted_at"])
    _note(Event.FLAG_NOTED, flag, actor)
    return flag


def _open(flag_id: UUID, words: str, actor: Actor) -> tuple[Flag, str]:
    """The locked flag within reach, and the words as they will be kept."""
    if not actor.sees(Permission.TRUTH_FLAGS):
        raise Forbidden(Permission.TRUTH_FLAGS)
    flag = Flag.objects.select_for_update().filter(pk=flag_id).first()
    if flag is None or not within(actor, flag.facility_id):
        raise Unseen(Permission.TRUTH_FLAGS)
    told = " ".join(words.split())
    if not 5 <= len(told) <= LONGEST:
        raise Refused("flag.words", most=LONGEST)
    refuse_aadhaar(told)
    return flag, told


def _note(event: Event, flag: Flag, actor: Actor, **detail: Any) -> None:
    record(
        event, subject=flag, actor=actor, facility_id=flag.facility_id, rule=flag.rule,
        day=flag.day.isoformat(), **detail,
    )  # fmt: skip
