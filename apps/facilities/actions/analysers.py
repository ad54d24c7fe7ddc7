"""Analysers of a laboratory: given a port, taken away."""

import hashlib
from ipaddress import ip_network
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused
from apps.facilities import analysers
from apps.facilities.models import Device

PROTOCOLS = ("astm", "hl7")


@transaction.atomic
def add_analyser(
    *,
    id: UUID,
    name: str,
    protocol: str,
    allow: list[str],
    codes: dict[str, str] | None = None,
    actor: Actor,
) -> analysers.Analyser:
    """A new analyser of the actor's hospital with a port of its own. The same id: the first one.

    Refused: analyser.name, analyser.taken, analyser.protocol, analyser.address.
    """
    if not actor.may(Permission.LAB_VERIFY):
        actor.require(Permission.FACILITY_CONFIG)
    if actor.facility_id is None:
        raise Forbidden(Permission.FACILITY_CONFIG)
    if Device.objects.filter(pk=id, kind=Device.Kind.ANALYSER).exists():
        return next(a for a in analysers.of_facility(actor.facility_id) if a.id == id)
    _check(name, protocol, allow, actor.facility_id)
    with connection.cursor() as cursor:  # two hospitals never get one port
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('analyser.port'))")
    made = Device.objects.create(
        id=id,
        facility_id=actor.facility_id,
        kind=Device.Kind.ANALYSER,
        name=name.strip()[:40],
        code_hash=hashlib.sha256(f"analyser/{id}".encode()).hexdigest(),
        config={
            "protocol": protocol,
            "port": analysers.free_port(),
            "allow": [line.strip() for line in allow if line.strip()],
            "codes": codes or {},
        },
    )
    record(Event.ANALYSER_ADDED, subject=made, actor=actor, protocol=protocol)
    return next(a for a in analysers.of_facility(actor.facility_id) if a.id == id)


def _check(name: str, protocol: str, allow: list[str], facility_id: UUID) -> None:
    if not name.strip():
        raise Refused("analyser.name")
    if any(a.name == name.strip()[:40] for a in analysers.of_facility(facility_id)):
        raise Refused("analyser.taken")
    if protocol not in PROTOCOLS:
        raise Refused("analyser.protocol")
    for line in allow:
        try:
            if line.strip():
                ip_network(line.strip(), strict=False)
        except ValueError as error:
            raise Refused("analyser.address", address=line.strip()[:40]) from error


@transaction.atomic
def remove_analyser(analyser_id: UUID, *, actor: Actor) -> None:
    """Its port is closed within seconds. Safe to repeat."""
    if not actor.may(Permission.LAB_VERIFY):
        actor.require(Permission.FACILITY_CONFIG)
    if actor.facility_id is None:
        raise Forbidden(Permission.FACILITY_CONFIG)
    rows = Device.objects.filter(
        pk=analyser_id, kind=Device.Kind.ANALYSER, facility_id=actor.facility_id, revoked_at=None
    )
    row = rows.first()
    if row is not None:
        rows.update(revoked_at=timezone.now())
        record(Event.ANALYSER_REMOVED, subject=row, actor=actor)
