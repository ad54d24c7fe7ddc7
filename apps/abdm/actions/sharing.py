"""Scan & Share: the profile stands on the window's list, the app has its number within seconds.

The number is the one on the list: what the patient says at the window is what the clerk sees.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.abdm import shared
from apps.abdm.actions.replying import reply
from apps.abdm.counters import counters
from apps.abdm.handlers import Letter, handles
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import keyed_hash
from apps.core.tenancy import current_facility
from apps.facilities import queries as facilities
from apps.gateway import queries as mail
from apps.persons import actions as persons
from apps.persons import queries as waiting

SYSTEM = Actor.of_system("abdm", Permission.PATIENT_REGISTER)
PURPOSE = "share.answer"
MOST_A_DAY = 8  # of one person at one counter
NOT_NOW = shared.Wrong(
    "9999", "HIP is unable to generate a token at this time. Please try again later."
)


@handles("hip/patient/share")
@transaction.atomic
def profile_shared(letter: Letter) -> None:
    """One answer for one callback, however often it is handled."""
    if mail.count_sent(PURPOSE, letter.id):
        return
    facility: Any = current_facility()
    config, today = facilities.config(facility), timezone.localdate()
    try:
        told = shared.read(
            letter.body,
            service_id=letter.service_id,
            codes={one.code for one in counters(config)},
            today=today,
        )
        number = arrived(told, letter.facility_id, today)
    except shared.Wrong as wrong:
        _answer(letter, {"error": {"code": f"ABDM-{wrong.code}", "message": wrong.message}})
        return
    profile = {
        "context": told.counter,
        "tokenNumber": str(number),
        "expiry": str(settings.ABDM_SHARE_TOKEN_S),
    }
    acknowledgement = {"status": "SUCCESS", "abhaAddress": told.address, "profile": profile}
    _answer(letter, {"acknowledgement": acknowledgement})


def _answer(letter: Letter, body: dict[str, object]) -> None:
    reply(letter, mail.ON_SHARE, body, PURPOSE)


def arrived(told: shared.Shared, facility_id: UUID, today: date) -> int:
    """The number on the list. Who shares again has the same one: as long as nobody took it, and
    inside the validity also when the window was faster; taken off by hand, it is a new one."""
    ids = ids_of(told.address, told.counter, facility_id, today)
    known = {row.id: row for row in waiting.arrivals_of(ids)}
    fresh = timezone.now() - timedelta(seconds=settings.ABDM_SHARE_TOKEN_S)
    for row in known.values():
        if row.status == "waiting" or (row.status == "taken" and row.arrived_at > fresh):
            return row.number
    free = next((one for one in ids if one not in known), None)
    if free is None:
        raise NOT_NOW
    try:
        with transaction.atomic():
            made = persons.arrive(told.profile, id=free, source="scan", actor=SYSTEM)
    except IntegrityError:  # the same share in the same instant, at another worker
        (same,) = waiting.arrivals_of([free])
        return same.number
    except Refused:
        raise NOT_NOW from None
    return made.number


def ids_of(address: str, counter: str, facility_id: UUID, today: date) -> list[UUID]:
    """Ids that only this person, counter and day have, and that tell nobody who it is."""
    key = keyed_hash("abdm.share", f"{address}|{counter}|{today}")
    return [uuid5(facility_id, f"{key}:{n}") for n in range(MOST_A_DAY)]
