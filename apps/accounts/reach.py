"""Which people, hospitals and offices an actor reaches. Decided here and nowhere else."""

from uuid import UUID

from apps.accounts.models import Reach
from apps.accounts.permissions import ROLES, Role
from apps.core.actor import Actor, Level, Permission, Scope
from apps.core.errors import Refused, Unseen
from apps.facilities.live import blocks_in, hospitals

WIDTH = [Scope.FACILITY, Scope.BLOCK, Scope.DISTRICT, Scope.STATE]


def reach_of(actor: Actor) -> Reach:
    """Facility: itself. Block, district: its hospitals and offices. State, system: all. 0-2 q.

    A programme with an API key is no system: it reaches what its key names.
    """
    if (actor.system and actor.key_id is None) or actor.scope is Scope.STATE:
        return Reach(everywhere=True)
    if actor.facility_id:
        return Reach(facility_ids=frozenset({actor.facility_id}))
    if not actor.place:
        return Reach()
    if actor.scope is Scope.BLOCK:
        ids = {place.id for place in hospitals(block=actor.place)}
        return Reach(facility_ids=frozenset(ids), places=frozenset({actor.place}))
    ids = {place.id for place in hospitals(district=actor.place)}
    offices = frozenset({actor.place, *blocks_in(actor.place)})
    return Reach(facility_ids=frozenset(ids), places=offices, district=actor.place)


def reaches(reach: Reach, *, facility_id: UUID | None, place: str) -> bool:
    """Whether one hospital or one office lies within."""
    if reach.everywhere:
        return True
    return facility_id in reach.facility_ids if facility_id else place in reach.places


def require_place(actor: Actor, *, facility_id: UUID | None, place: str) -> None:
    """Unseen (404, noted) when the hospital or office is somebody else's."""
    if not reaches(reach_of(actor), facility_id=facility_id, place=place):
        raise Unseen("scope")


def may_give(actor: Actor, role: Role) -> bool:
    """Below the own level with `role.assign` W, at the own level too with A (superintendent,
    civil surgeon, State): the matrix's letters read as "does" and "approves"."""
    if actor.system:
        return True
    level = actor.level(Permission.ROLE_ASSIGN)
    if level not in (Level.DO, Level.APPROVE):
        return False
    own, asked = WIDTH.index(actor.scope), WIDTH.index(ROLES[role].scope)
    return asked <= own if level is Level.APPROVE else asked < own


def require_may_give(actor: Actor, role: Role) -> None:
    actor.require(Permission.ROLE_ASSIGN)
    if not may_give(actor, role):
        raise Refused("posting.role_above")
