"""People on the way to a window: the one verb `arrive`, and taking them over."""

import json
from dataclasses import asdict, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import limits
from apps.core.aadhaar import refuse_aadhaar
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import current_facility_id, here
from apps.facilities.numbers import next_number
from apps.persons.models import Arrival
from apps.persons.profile import Profile

WINDOW_S = 900
FROM_ONE_PLACE = 60  # a kiosk, or a village behind one address of the mobile network
FROM_ONE_MOBILE = 8  # a big family
MOST_WAITING = 400  # of one day: more are a flood, not a hospital
DAYS_AHEAD = 3


@transaction.atomic
def arrive(
    profile: Profile,
    *,
    id: UUID,
    source: str,
    department: str = "",
    day: date | None = None,
    origin: str = "",
    actor: Actor,
) -> Arrival:
    """Put somebody on today's list of the hospital we stand in; the same `id` is one row.

    `origin` is the address that asks, "" for a trusted partner (ABDM): it is not slowed down.
    Raises Refused("arrival.too_many"), Refused("arrival.day"), Refused("aadhaar.typed").
    """
    actor.require(Permission.PATIENT_REGISTER)
    if done := Arrival.objects.filter(pk=id).first():
        return done
    facility_id = current_facility_id()
    if facility_id is None:
        raise ValueError("somebody arrives at a facility")
    today = timezone.localdate()
    day = day or today
    if not today <= day <= today + timedelta(days=DAYS_AHEAD):
        raise Refused("arrival.day")
    refuse_aadhaar(profile.name_hi, profile.name_en, profile.guardian_name, profile.village)
    if origin:
        _slow_down(origin, profile.mobile)
    waiting = Arrival.objects.filter(facility_id=facility_id, day=day, status="waiting")
    if waiting.count() >= MOST_WAITING:
        raise Refused("arrival.full")
    arrival = Arrival.objects.create(
        id=id,
        facility_id=facility_id,
        day=day,
        source=source,
        department=department,
        profile=json.dumps(asdict(profile), ensure_ascii=False),
        number=next_number(facility_id, "arrival", str(day)),
    )
    record(Event.ARRIVAL_NOTED, subject=arrival, actor=actor, source=source)
    return arrival


def _slow_down(origin: str, mobile: str) -> None:
    tries = limits.count("arrival.origin", origin, window_s=WINDOW_S)
    again = limits.count("arrival.mobile", mobile, window_s=WINDOW_S) if mobile else 0
    if tries > FROM_ONE_PLACE or again > FROM_ONE_MOBILE:
        raise Refused("arrival.too_many", minutes=WINDOW_S // 60)


@transaction.atomic
def take_arrival(arrival_id: UUID, *, encounter_id: UUID | None, actor: Actor) -> None:
    """The window has this person: off the list, and what was told is forgotten here.

    Without an encounter the person was taken off the list by hand. Safe to repeat.
    """
    actor.require(Permission.TOKEN_ISSUE)
    mine = Arrival.objects.filter(pk=arrival_id, facility_id=here())
    status = Arrival.Status.TAKEN if encounter_id else Arrival.Status.GONE
    waiting = mine.filter(status=Arrival.Status.WAITING)
    if waiting.update(status=status, profile="", encounter_id=encounter_id):
        record(Event.ARRIVAL_TAKEN, subject=Arrival(pk=arrival_id), actor=actor, came=status)


@transaction.atomic
def note_paid(arrival_id: UUID, *, rupees: int, order: str, actor: Actor) -> bool:
    """The fee of the slip came in the app: it stands on the list. Safe to repeat; False when the
    person is off the list already, or has paid by another order."""
    actor.require(Permission.PATIENT_REGISTER)
    mine = Arrival.objects.select_for_update().filter(pk=arrival_id, facility_id=here())
    row = mine.filter(status=Arrival.Status.WAITING).first()
    if row is None:
        return False
    told = Profile.read(row.profile)
    if told.paid:
        return told.order == order
    paid = replace(told, paid=rupees, order=order)
    row.profile = json.dumps(asdict(paid), ensure_ascii=False)
    row.save(update_fields=["profile"])
    record(Event.ARRIVAL_PAID, subject=row, actor=actor, rupees=rupees, order=order)
    return True


def forget_arrivals() -> int:
    """Empty what people told who never came; how many. For the job of the night."""
    over = Arrival.objects.filter(day__lt=timezone.localdate(), status=Arrival.Status.WAITING)
    return over.update(status=Arrival.Status.GONE, profile="")
