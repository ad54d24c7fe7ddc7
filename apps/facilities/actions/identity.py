"""A hospital's place in the Health Facility Registry (HFR)."""

import re
from datetime import date
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.facilities import tenants
from apps.facilities.actions.registry import note_history
from apps.facilities.models import Facility
from apps.facilities.scope import require_reach

HFR_ID = re.compile(r"IN[0-9A-Z]{10}")


@transaction.atomic
def set_hfr(facility_id: UUID, *, hfr_id: str, until: date | None, actor: Actor) -> Facility:
    """The hospital's HFR id ("" takes it away) and the day until which it counts. Safe to repeat.

    Refused: facility.hfr_bad, facility.hfr_taken.
    """
    facility = Facility.objects.select_for_update().get(pk=facility_id)
    require_reach(actor, Permission.ABDM_OPS, facility)
    hfr_id = re.sub(r"[\s-]", "", hfr_id).upper()
    if hfr_id and not HFR_ID.fullmatch(hfr_id):
        raise Refused("facility.hfr_bad")
    others = Facility.objects.filter(hfr_id=hfr_id).exclude(pk=facility_id)
    if hfr_id and others.exclude(status=Facility.Status.RETIRED).exists():
        raise Refused("facility.hfr_taken")
    until = until if hfr_id else None
    if (facility.hfr_id, facility.hfr_until) == (hfr_id, until):
        return facility
    facility.hfr_id, facility.hfr_until = hfr_id, until
    Facility.objects.filter(pk=facility_id).update(hfr_id=hfr_id, hfr_until=until)
    record(Event.FACILITY_IDENTIFIED, subject=facility, facility_id=facility_id, actor=actor)
    note_history(str(facility_id), Event.FACILITY_IDENTIFIED, actor=actor)
    transaction.on_commit(tenants.forget)
    return facility
