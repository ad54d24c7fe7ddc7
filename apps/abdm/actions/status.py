"""An ABHA was switched off, deleted, or on again by its owner: all hospitals are told alike.

The record and its papers stay as they are. Only linking stops, for nobody stands behind the address
any more; it begins again by itself when the owner switches it on.
"""

from django.db import transaction

from apps.abdm.actions.linking import SYSTEM, advance
from apps.abdm.handlers import Parked
from apps.abdm.models import CareContext
from apps.abdm.wire import part, text
from apps.core.tenancy import facility_context, here
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.patients import actions as patients

KIND = "patients/status/notify"
OFF, ON = ("DEACTIVATED", "DELETED"), ("ACTIVE", "REACTIVATED")
CLOSED = "closed"  # why a care context is not linked
Status = CareContext.Status
OPEN = (Status.DRAFT, Status.WAITING, Status.SENT, Status.HOLD)


def status_came(body: dict[str, object]) -> None:
    """One callback for everybody; a few indexed queries in each hospital. Safe to repeat."""
    told = part(body.get("notification"))
    address, status = text(told.get("abhaAddress")).lower(), text(told.get("status")).upper()
    if "@" not in address or status not in (*OFF, *ON):
        raise Parked("no ABHA address or status")
    for facility_id in mail.linked_facilities():
        with facility_context(facility_id):
            if status in OFF:
                _off(address, status)
            else:
                _on(address)


@transaction.atomic
def _off(address: str, status: str) -> None:
    if not patients.close_abha(address, status=status.lower(), actor=SYSTEM):
        return
    waiting = CareContext.objects.filter(abha_address=address, status__in=OPEN)
    waiting.update(status=Status.REJECTED, error_code=CLOSED, error="")
    gateway.drop_link_token(here(), address)


@transaction.atomic
def _on(address: str) -> None:
    if not patients.reopen_abha(address, actor=SYSTEM):
        return
    stopped = CareContext.objects.filter(
        abha_address=address, status=Status.REJECTED, error_code=CLOSED
    )
    ids = list(stopped.values_list("pk", flat=True))
    stopped.update(status=Status.DRAFT, error_code="")
    for context_id in ids:
        advance(context_id)
