"""Papers over time in the demo: a certificate, an addendum, one person known at two hospitals."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor
from apps.demo import world
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.patients import actions as patients
from apps.prescriptions import later
from apps.workflows import actions as workflows
from apps.workflows.actions import Addition, Told

TWIN: dict[str, Any] = {
    "name_hi": "ललिता देवी", "name_en": "Lalita Devi", "sex": "female", "age": 41,
    "mobile": "6000012345", "village": "मझेली",
}  # fmt: skip


def fill(
    seen: list[UUID], *, make_id: Callable[..., UUID], doctor: Actor, clerk: Actor, day: date
) -> None:
    """The first signed visit of the day gets a rest certificate, the second an addendum; a person
    with the same mobile, name and age comes to every hospital. Safe to run again."""
    if seen:
        _certificate(seen[0], make_id("certificate", seen[0]), doctor)
    if len(seen) > 1:
        _addendum(seen[1], make_id("addendum", seen[1]), doctor)
    here = str(clerk.facility_id)
    visit_id = make_id("twin", here, day)
    if not visits.exists(visit_id):
        person = patients.register(id=make_id("twin", here), **TWIN, actor=clerk)
        encounters.start_visit(person.pk, id=visit_id, department="MED", actor=clerk)


def _certificate(visit_id: UUID, id: UUID, doctor: Actor) -> None:
    today = timezone.localdate()
    told = Told("rest-certificate", today, today)
    workflows.issue_certificate(visit_id, id=id, pin=world.PIN, told=told, actor=doctor)


def _addendum(visit_id: UUID, id: UUID, doctor: Actor) -> None:
    stop = [line["id"] for line in later.taken_now(visit_id)][:1]
    addition = Addition(text="रिपोर्ट देखी। दवा बंद की।", stop=stop)
    workflows.add_to_signed(visit_id, id=id, pin=world.PIN, addition=addition, actor=doctor)
