"""How a hospital is called at the gateway, and what the national registers are asked about it.

Whoever presses only notes the question; a job asks and keeps the answer in a `RegistryNote`.
"""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission, Scope
from apps.core.errors import Refused, Unseen
from apps.core.queue import enqueue
from apps.facilities import actions as facilities
from apps.facilities import queries as places
from apps.facilities import registry as notes
from apps.facilities.registry import Kind
from apps.gateway.environment import is_on, stand_in
from apps.gateway.models import Service
from apps.gateway.queries import callback_base

SERVICE_ID = re.compile(r"IN[0-9A-Z]{10}(_[0-9]{1,3})?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]{1,14}")
BRIDGE = "bridge"


@transaction.atomic
def link_service(
    facility_id: UUID, *, service_id: str, name: str, active: bool = True, actor: Actor
) -> Service:
    """One hospital is reached by this service id from now on. Safe to repeat.

    Raises Forbidden, Unseen, Refused("gateway.service_taken").
    """
    actor.require(Permission.ABDM_OPS)
    _within(facility_id, actor)
    if Service.objects.filter(service_id=service_id).exclude(facility_id=facility_id).exists():
        raise Refused("gateway.service_taken")
    told = {"service_id": service_id, "name": name[:15], "active": active}
    before = Service.objects.filter(facility_id=facility_id, **told).first()
    if before is not None:
        return before
    service, _ = Service.objects.update_or_create(facility_id=facility_id, defaults=told)
    record(Event.SERVICE_LINKED, subject=service, facility_id=facility_id, actor=actor)
    facilities.note_history(str(facility_id), Event.SERVICE_LINKED, actor=actor)
    return service


def checked_service(service_id: str, name: str) -> tuple[str, str]:
    """As ABDM takes them. Refused: gateway.service_form, gateway.name_form."""
    service_id = re.sub(r"[\s-]", "", service_id).upper()
    name = " ".join(name.split())
    if not SERVICE_ID.fullmatch(service_id):
        raise Refused("gateway.service_form")
    if not NAME.fullmatch(name):
        raise Refused("gateway.name_form")
    return service_id, name


@transaction.atomic
def ask_bridge(*, actor: Actor) -> None:
    """Ask the gateway where our callbacks go and which hospitals it knows."""
    actor.require(Permission.ABDM_OPS)
    _ask(Kind.BRIDGE, BRIDGE, "gateway.check_bridge", actor)


@transaction.atomic
def send_bridge_url(*, actor: Actor) -> None:
    """Tell the gateway our address. Refused: gateway.state_only, gateway.bridge_https.

    One address counts for all hospitals, so only the State's office writes it.
    """
    actor.require(Permission.ABDM_OPS)
    if actor.scope is not Scope.STATE:
        raise Refused("gateway.state_only")
    if not stand_in() and (settings.PUBLIC_SCHEME != "https" or settings.PUBLIC_PORT != 443):
        raise Refused("gateway.bridge_https", url=callback_base())
    if _ask(Kind.BRIDGE, BRIDGE, "gateway.send_bridge_url", actor):
        record(Event.BRIDGE_SENT, actor=actor)
        facilities.note_history(BRIDGE, Event.BRIDGE_SENT, actor=actor)


@transaction.atomic
def find_hospital(facility_id: UUID, name: str, *, actor: Actor) -> None:
    """Search the HFR by name in the hospital's district. Refused: gateway.search_short."""
    actor.require(Permission.ABDM_OPS)
    _within(facility_id, actor)
    name = " ".join(name.split())[:80]
    if len(name) < 3:
        raise Refused("gateway.search_short")
    key = str(facility_id)
    if _ask(Kind.SEARCH, key, "gateway.find_hospital", actor, hospital_id=facility_id):
        facilities.note_text(Kind.SEARCH, key, name)


@transaction.atomic
def check_hospital(facility_id: UUID, *, actor: Actor) -> None:
    """Ask the HFR about this hospital's own id. Refused: gateway.no_hfr."""
    actor.require(Permission.ABDM_OPS)
    hfr_id = _hfr_of(facility_id, actor)
    _ask(Kind.HFR, hfr_id, "gateway.check_hospital", actor, hospital_id=facility_id)


@transaction.atomic
def tie_hospital(facility_id: UUID, name: str, *, actor: Actor) -> None:
    """Software linkage: ask the register to tie the hospital to us; its answer is the service id.

    Refused: gateway.no_hfr, gateway.hfr_first (its exact name there is not known yet).
    """
    actor.require(Permission.ABDM_OPS)
    hfr_id = _hfr_of(facility_id, actor)
    _, name = checked_service(hfr_id, name)
    known = notes.note(Kind.HFR, hfr_id)
    if known is None or not known.detail.get("name"):
        raise Refused("gateway.hfr_first")
    key = str(facility_id)
    if _ask(Kind.LINKAGE, key, "gateway.tie_hospital", actor, hospital_id=facility_id):
        facilities.note_text(Kind.LINKAGE, key, name)


@transaction.atomic
def check_person(user_id: UUID, hpr_id: str, *, actor: Actor) -> None:
    """Ask the HPR about one person's id; the caller saw to it that the person is within reach."""
    actor.require(Permission.ABDM_OPS)
    if not hpr_id:
        raise Refused("gateway.no_hpr")
    _ask(Kind.HPR, hpr_id, "gateway.check_person", actor, person_id=user_id)


def _ask(kind: str, key: str, job: str, actor: Actor, **ids: Any) -> bool:
    """False while the same question is on its way: pressing twice asks once."""
    if not is_on():
        raise Refused("gateway.off")
    if not facilities.note_asked(kind, key):
        return False
    record(Event.REGISTER_ASKED, facility_id=actor.facility_id, actor=actor, kind=kind)
    enqueue(job, **ids)
    return True


def _hfr_of(facility_id: UUID, actor: Actor) -> str:
    _within(facility_id, actor)
    hfr_id = places.facility(facility_id).hfr_id
    if not hfr_id:
        raise Refused("gateway.no_hfr")
    return hfr_id


def _within(facility_id: UUID, actor: Actor) -> None:
    """A hospital of the actor's office, or Unseen (404, noted)."""
    if not places.reaches(actor, places.facility(facility_id)):
        raise Unseen(Permission.ABDM_OPS)
