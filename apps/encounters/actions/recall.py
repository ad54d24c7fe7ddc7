"""Whoever should come again: reminded the evening before, told by telephone, or not reached."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Refused
from apps.core.permission import Permission
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility, facility_context
from apps.encounters import queries
from apps.encounters.models import Encounter
from apps.facilities import live
from apps.notices import actions as notices

REMINDER = Actor.of_system("encounters.remind")
SAID = ("told", "unreachable", "quiet", "open")


@transaction.atomic
def note_recall(encounter_id: UUID, *, said: str, actor: Actor) -> Encounter:
    """What came of calling this patient: one of SAID. "quiet" asks for no more reminders, for
    this patient's later visits too; "open" takes a mark back. Whoever sees the list may.

    Refused: visit.not_found, recall.said.
    """
    if not actor.sees(Permission.DUE_LIST):
        raise Forbidden(Permission.DUE_LIST)
    if said not in SAID:
        raise Refused("recall.said")
    visit = Encounter.objects.select_for_update().filter(pk=encounter_id).first()
    if visit is None or visit.follow_up is None:
        raise Refused("visit.not_found")
    if (visit.draft.get("recall") or {}).get("said", "open") == said:
        return visit
    _mark(visit, said=said, at=timezone.now().isoformat(), by=str(actor.user_id))
    record(Event.FOLLOW_UP_TOLD, subject=visit, patient_id=visit.patient_id, actor=actor,
           said=said)  # fmt: skip
    return visit


def _mark(visit: Encounter, **what: Any) -> None:
    """Beside the draft, which a signed visit does not change any more."""
    visit.draft = {**visit.draft, "recall": {**(visit.draft.get("recall") or {}), **what}}
    visit.save(update_fields=["draft"])


def remind_everywhere() -> int:
    """Queue tomorrow's reminders of every open hospital; each is a job of its own."""
    places = [place for place in live.hospitals() if place.is_open]
    for place in places:
        with facility_context(place.id):
            enqueue("encounters.remind")
    return len(places)


def remind(*, day: date | None = None) -> int:
    """Tell those who are due on `day` (tomorrow), once each. Safe to run twice, also at once."""
    day = day or timezone.localdate() + timedelta(days=1)
    return sum(_remind_one(encounter_id) for encounter_id in queries.to_remind(day))


@transaction.atomic
def _remind_one(encounter_id: UUID) -> bool:
    rows = Encounter.objects.select_for_update(skip_locked=True, of=("self",))
    visit = rows.select_related("patient").filter(pk=encounter_id).first()
    if visit is None or visit.follow_up is None or not visit.patient.mobile:
        return False
    if (visit.draft.get("recall") or {}).get("reminded"):
        return False
    facility: Any = current_facility()
    language = visit.patient.language
    notices.queue_notice(
        "follow-up",
        mobile=visit.patient.mobile,
        language=language,
        values={
            "facility": facility.name_hi if language == "hi" else facility.name_en,
            "date": f"{visit.follow_up:%d-%m-%Y}",
        },
        facility_id=facility.pk,
        actor=REMINDER,
    )
    _mark(visit, reminded=timezone.now().isoformat())
    record(Event.FOLLOW_UP_REMINDED, subject=visit, patient_id=visit.patient_id, actor=REMINDER)
    return True
