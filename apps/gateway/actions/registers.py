"""What jobs do: ask the registers and keep their answers; warn before an id ends."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone, translation

from apps.accounts import queries as people
from apps.accounts import registers
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.queue import enqueue
from apps.facilities import actions as facilities
from apps.facilities import queries as places
from apps.facilities import registry as notes
from apps.facilities.registry import Kind, State
from apps.gateway import registry
from apps.gateway.actions.identity import BRIDGE, link_service
from apps.gateway.environment import is_on
from apps.gateway.models import Service
from apps.gateway.queries import callback_base
from apps.notices.actions import queue_notice

SYSTEM = Actor.of_system("gateway", Permission.ABDM_OPS)
A_NIGHT = 500  # of each register: the longest unasked first


def check_bridge() -> None:
    """Where callbacks go, and how the gateway knows each of our hospitals."""
    answered(Kind.BRIDGE, BRIDGE, _bridge)


def send_bridge_url() -> None:
    """Write our address, then read back what the gateway says."""

    def sent() -> dict[str, Any]:
        registry.set_bridge_url(callback_base())
        return _bridge()

    answered(Kind.BRIDGE, BRIDGE, sent)


def _bridge() -> dict[str, Any]:
    bridge = registry.bridge()
    for one in Service.objects.filter(active=True):
        known = bridge.services.get(one.service_id)
        state = State.FOUND if known else State.NONE
        facilities.note_told(Kind.SERVICE, one.service_id, state, **(known or {}))
    return {"url": bridge.url, "active": bridge.active, "services": len(bridge.services)}


def find_hospital(facility_id: UUID) -> None:
    key = str(facility_id)
    asked = notes.note(Kind.SEARCH, key)
    if asked is None:
        return
    text = str(asked.detail.get("text", ""))
    district = places.facility(facility_id).district_code

    def found() -> dict[str, Any] | None:
        rows = registry.hospitals(text, district_lgd=district)
        kept = [{"id": r.hfr_id, "name": r.name, "district": r.district} for r in rows]
        return {"rows": kept, "text": text} if kept else None

    answered(Kind.SEARCH, key, found, text=text)


def check_hospital(facility_id: UUID) -> None:
    """How the HFR knows the id of this hospital."""
    hfr_id = places.facility(facility_id).hfr_id
    if hfr_id:
        answered(Kind.HFR, hfr_id, lambda: _hospital(hfr_id))


def _hospital(hfr_id: str) -> dict[str, Any] | None:
    rows = [row for row in registry.hospitals(hfr_id=hfr_id) if row.hfr_id == hfr_id]
    if not rows:
        return None
    return {"name": rows[0].name, "district": rows[0].district, "status": rows[0].status}


def check_person(user_id: UUID) -> None:
    """How the HPR knows the id of this person."""
    hpr_id = people.user(user_id).hpr_id
    if hpr_id:
        answered(Kind.HPR, hpr_id, lambda: registry.professional(hpr_id))


def tie_hospital(facility_id: UUID) -> None:
    """Software linkage; the service id that comes back is written as if a person had typed it."""
    key = str(facility_id)
    asked = notes.note(Kind.LINKAGE, key)
    hfr_id = places.facility(facility_id).hfr_id
    known = notes.note(Kind.HFR, hfr_id) if hfr_id else None
    if asked is None or known is None:
        return
    name = str(asked.detail.get("text", ""))

    def tied() -> dict[str, Any]:
        service_id = registry.link_software(
            hfr_id, hospital_name=str(known.detail.get("name", "")), shown_name=name
        )
        try:
            link_service(facility_id, service_id=service_id, name=name, actor=SYSTEM)
        except Refused as no:  # another hospital of ours has it: a person must look
            raise registry.Denied(no.code, "") from None
        with suppress(registry.Denied, registry.Unanswered):  # the tie stands without it
            registry.set_capabilities(service_id)
        return {"service_id": service_id, "text": name}

    answered(Kind.LINKAGE, key, tied, text=name)


def answered(kind: str, key: str, ask: Callable[[], dict[str, Any] | None], **keep: Any) -> None:
    """Ask, and keep what came: a finding, a none, a no, or that nobody answered."""
    try:
        detail = ask()
    except registry.Unanswered:
        facilities.note_told(kind, key, State.SILENT)
    except registry.Denied as no:
        facilities.note_told(kind, key, State.REFUSED, code=no.code, message=no.message, **keep)
    else:
        state = State.NONE if detail is None else State.FOUND
        facilities.note_told(kind, key, state, **(keep if detail is None else detail))


def check_registers() -> None:
    """Every night: the bridge, and the ids that were asked about longest ago."""
    if not is_on():
        return
    enqueue("gateway.check_bridge")
    hospitals = {one.hfr_id: one.pk for one in places.with_hfr()}
    for facility_id in _oldest(Kind.HFR, hospitals):
        enqueue("gateway.check_hospital", hospital_id=facility_id)
    for user_id in _oldest(Kind.HPR, registers.with_hpr()):
        enqueue("gateway.check_person", person_id=user_id)


def _oldest(kind: str, ids: dict[str, UUID]) -> list[UUID]:
    known = notes.notes(kind, ids)
    never = datetime(2000, 1, 1, tzinfo=UTC)
    order = sorted(ids, key=lambda key: (known[key].told_at or never) if key in known else never)
    return [ids[key] for key in order[:A_NIGHT]]


def warn_of_ends() -> None:
    """Ninety, thirty and seven days before an id of a signer ends, and when it has ended: once
    each, by SMS to the person. Missed nights are made up for."""
    today = timezone.localdate()
    for user in registers.ending(today):
        for number in registers.numbers(user, today):
            if number.until and number.standing not in ("", "missing"):
                _warn(user, number)
    for facility in places.with_hfr():
        standing = notes.standing(facility.hfr_until, today)
        if standing and _first_time(f"{facility.pk}:hfr", facility.hfr_until, standing):
            record(Event.REGISTER_WARNED, subject=facility, facility_id=facility.pk, actor=SYSTEM,
                   kind="hfr", left=standing)  # fmt: skip


@transaction.atomic
def _warn(user: Any, number: registers.Number) -> None:
    if not _first_time(f"{user.pk}:{number.which}", number.until, number.standing):
        return
    record(Event.REGISTER_WARNED, subject=user, actor=SYSTEM, kind=number.which,
           left=number.standing)  # fmt: skip
    if user.mobile and number.until:
        with translation.override(user.language):
            day = formats.date_format(number.until, "d-m-Y")
        queue_notice(
            f"{number.which}-ends", mobile=user.mobile, language=user.language,
            values={"date": day}, actor=SYSTEM,
        )  # fmt: skip


def _first_time(key: str, until: date | None, standing: str) -> bool:
    """Whether this end was not told of yet at this distance; notes that it is told now."""
    end = str(until)
    known = notes.note(Kind.WARNED, key)
    if known and (known.detail.get("until"), known.detail.get("at")) == (end, standing):
        return False
    facilities.note_told(Kind.WARNED, key, State.FOUND, until=end, at=standing)
    return True
