"""Which places an actor's office reaches. Rights say what, the office says where."""

from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.facilities.models import Facility, RegisterEntry
from apps.facilities.places import Place as Region


def _is_everywhere(actor: Actor) -> bool:
    """The State and our own jobs; a programme with an API key reaches what its key names."""
    return bool(actor.system and actor.key_id is None) or actor.scope is Scope.STATE


def reaches(actor: Actor, place: Facility | RegisterEntry) -> bool:
    """True when `place` lies in the actor's facility, block, district, or the State."""
    if _is_everywhere(actor):
        return True
    if actor.scope is Scope.DISTRICT:
        return actor.place == place.district_code
    if actor.scope is Scope.BLOCK:
        return bool(actor.place) and actor.place == place.block_code
    return actor.facility_id == place.pk


def reaches_region(actor: Actor, region: Region) -> bool:
    """True when a district or block lies within the actor's office; not for hospital staff."""
    if _is_everywhere(actor):
        return True
    if actor.scope is Scope.DISTRICT:
        own = region.code if region.kind == "district" else region.parent_code
        return bool(actor.place) and actor.place == own
    return actor.scope is Scope.BLOCK and (region.kind, region.code) == ("block", actor.place)


def require_reach(actor: Actor, permission: Permission, place: Facility | RegisterEntry) -> None:
    """Raise Forbidden without the right, Unseen for a place out of reach."""
    actor.require(permission)
    if not reaches(actor, place):
        raise Unseen(permission)
