"""Named reads over tickets: one's own, and those of the places a help desk reaches."""

from uuid import UUID

from django.db.models import QuerySet

from apps.core.actor import Actor, Scope
from apps.core.errors import Forbidden, Unseen
from apps.core.permission import Permission
from apps.facilities.models import Facility, Ticket

SOLVE = (Permission.SUPPORT_DIAGNOSE, Permission.FACILITY_ONBOARD)
SHOWN = 100
PRINTERS = Ticket.Printer.choices


def require_solver(actor: Actor) -> None:
    """The help desks: an office above hospitals that may see machinery or set hospitals up."""
    actor.require(Permission.TICKET)
    if actor.scope is Scope.FACILITY or not any(actor.sees(right) for right in SOLVE):
        raise Forbidden(SOLVE[0])


def _within(actor: Actor) -> QuerySet[Ticket]:
    if actor.scope is Scope.STATE:
        return Ticket.objects.all()
    if not actor.place:
        return Ticket.objects.none()
    if actor.scope is Scope.DISTRICT:
        return Ticket.objects.filter(district_code=actor.place)
    return Ticket.objects.filter(
        facility_id__in=Facility.objects.filter(block_code=actor.place).values("pk")
    )


def own(user_id: UUID) -> list[Ticket]:
    """The last tickets of one person. 1 query."""
    return list(Ticket.objects.filter(user_id=user_id).order_by("-created_at")[:10])


def listing(actor: Actor, *, status: str = Ticket.Status.OPEN) -> list[Ticket]:
    """Tickets of the places a help desk reaches, the oldest open one first. 1 query."""
    require_solver(actor)
    rows = _within(actor)
    if status in Ticket.Status.values:
        rows = rows.filter(status=status)
    order = "created_at" if status == Ticket.Status.OPEN else "-created_at"
    return list(rows.order_by(order)[:SHOWN])


def ticket_of(ticket_id: UUID, *, actor: Actor, lock: bool = False) -> Ticket:
    """One ticket of the actor's places; Unseen for another's. 1 query."""
    rows = _within(actor).filter(pk=ticket_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise Unseen(SOLVE[0])
    return found
