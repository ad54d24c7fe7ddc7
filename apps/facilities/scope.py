"""Which places an actor's office reaches. Rights say what, the office says where."""

from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.facilities.models import Facility, RegisterEntry


def reaches(actor: Actor, place: Facility | RegisterEntry) -> bool:
    """True when `place` lies in the actor's facility, block, district, or the State."""
    if actor.system or actor.scope is Scope.STATE:
        return True
    if actor.scope is Scope.DISTRICT:
        return actor.place == place.district_code
    if actor.scope is Scope.BLOCK:
        return bool(actor.place) and actor.place == place.block_code
    return actor.facility_id == place.pk


def require_reach(actor: Actor, permission: Permission, place: Facility | RegisterEntry) -> None:
    """Raise Forbidden without the right, Unseen for a place out of reach."""
    actor.require(permission)
    if not reaches(actor, place):
        raise Unseen(permission)
