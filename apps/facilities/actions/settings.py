"""A hospital's own settings, and the end of its stay."""

from typing import Any
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.facilities import cluster, tenants
from apps.facilities.config import FacilityConfig, fingerprint, problems
from apps.facilities.models import Facility
from apps.facilities.scope import require_reach


@transaction.atomic
def configure(
    facility_id: UUID, *, config: FacilityConfig, based_on: str = "", actor: Actor
) -> Facility:
    """Replace the settings. `based_on`: fingerprint of those the person saw; stale is refused."""
    facility = Facility.objects.select_for_update().get(pk=facility_id)
    require_reach(actor, Permission.FACILITY_CONFIG, facility)
    wanted, present = config.as_json(), FacilityConfig.read(facility.config).as_json()
    if problems(config):
        raise Refused("config.incomplete")
    if wanted == present:
        return facility
    if based_on and based_on != fingerprint(present):
        raise Refused("config.changed")
    facility.config = wanted
    Facility.objects.filter(pk=facility.pk).update(config=wanted)
    record(
        Event.FACILITY_CONFIGURED,
        subject=facility,
        facility_id=facility.pk,
        actor=actor,
        changed=_changed(present, wanted),
        values=_switches(present, wanted),
    )
    transaction.on_commit(tenants.forget)
    return facility


def _changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(name for name in after if after[name] != before.get(name))


def _switches(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[int]]:
    """Old and new of what is a number or a switch: the fee, nurses first, days a slip holds."""
    return {
        name: [int(before[name]), int(after[name])]
        for name in _changed(before, after)
        if isinstance(after[name], int) and isinstance(before.get(name), int)
    }


@transaction.atomic
def retire(facility_id: UUID, *, reason: str, actor: Actor) -> Facility:
    """Close a hospital's place on Bhavya: its host answers 410, nothing is deleted.

    `reason` is one of Facility.RetireReason. Safe to send twice.
    """
    facility = Facility.objects.select_for_update().get(pk=facility_id)
    require_reach(actor, Permission.FACILITY_ONBOARD, facility)
    if reason not in Facility.RetireReason.values:
        raise Refused("facility.reason_needed")
    if facility.status == Facility.Status.RETIRED:
        return facility
    if facility.status != Facility.Status.ACTIVE:
        raise Refused("facility.not_open")
    facility.status = Facility.Status.RETIRED
    Facility.objects.filter(pk=facility.pk).update(status=facility.status)
    Facility.every.filter(trains_for=facility.pk).update(status=facility.status)
    record(
        Event.FACILITY_RETIRED,
        subject=facility,
        facility_id=facility.pk,
        actor=actor,
        reason=reason,
    )
    transaction.on_commit(tenants.forget)
    return facility


def place_on(facility_id: UUID, *, node: str, actor: Actor) -> str:
    """One hospital's schema to a node of the cluster. The move has its own transactions; the trail
    is written after it. "there" when it lives there already."""
    facility = Facility.objects.get(pk=facility_id)
    outcome = cluster.move(facility.schema_name, node)
    if outcome != "there":
        record(
            Event.FACILITY_PLACED, subject=facility, facility_id=facility.pk, actor=actor, node=node
        )
    return outcome
