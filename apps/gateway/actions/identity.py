"""Which hospital is meant by a service id."""

from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.gateway.models import Service


@transaction.atomic
def link_service(
    facility_id: UUID, *, service_id: str, name: str, active: bool = True, actor: Actor
) -> Service:
    """One hospital is reached by this service id from now on. Safe to repeat.

    Raises Forbidden, Refused("gateway.service_taken").
    """
    actor.require(Permission.ABDM_OPS)
    if Service.objects.filter(service_id=service_id).exclude(facility_id=facility_id).exists():
        raise Refused("gateway.service_taken")
    told = {"service_id": service_id, "name": name[:15], "active": active}
    service, _ = Service.objects.update_or_create(facility_id=facility_id, defaults=told)
    record(Event.SERVICE_LINKED, subject=service, facility_id=facility_id, actor=actor)
    return service
