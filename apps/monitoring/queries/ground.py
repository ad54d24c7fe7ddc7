"""The place a board is about, and whether this actor may see it."""

from dataclasses import dataclass
from uuid import UUID

from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.facilities import live
from apps.facilities import queries as facilities
from apps.facilities.scope import reaches, reaches_region

BOARDS = (Permission.DASH_BLOCK, Permission.DASH_DISTRICT, Permission.DASH_STATE)
KINDS = ("district", "block", "hospital")


@dataclass(frozen=True, slots=True)
class Ground:
    """`kind`: "state", "district", "block" or "hospital"; `up`: the grounds above it within
    reach, the widest first."""

    kind: str
    code: str = ""
    name_hi: str = ""
    name_en: str = ""
    up: tuple["Ground", ...] = ()


STATE = Ground("state", "", "बिहार", "Bihar")


def ground(actor: Actor, kind: str = "", code: str = "") -> Ground:
    """A place within the actor's reach; without a kind the own office's. Unseen (404, noted) for
    another's. 1 query for a hospital, else none when warm."""
    if not kind:
        kind, code = _office(actor)
    if kind == "state":
        if actor.scope is not Scope.STATE:
            raise Unseen(BOARDS[0])
        return STATE
    return _hospital(actor, code) if kind == "hospital" else _region(actor, kind, code)


def _office(actor: Actor) -> tuple[str, str]:
    if actor.facility_id is not None:
        return "hospital", str(actor.facility_id)
    return ("state", "") if actor.scope is Scope.STATE else (actor.scope.value, actor.place)


def _region(actor: Actor, kind: str, code: str) -> Ground:
    place = facilities.region(kind, code) if kind in KINDS else None
    if place is None or not reaches_region(actor, place):
        raise Unseen(BOARDS[0])
    up = _above(actor, place.parent_code) if kind == "block" else _above(actor)
    return Ground(kind, code, place.name_hi, place.name_en, up)


def _hospital(actor: Actor, code: str) -> Ground:
    try:
        row = facilities.by_ids([UUID(code)]).get(UUID(code))
    except ValueError:
        row = None
    if row is None or not reaches(actor, row):
        raise Unseen(BOARDS[0])
    up = _above(actor, row.district_code, row.block_code)
    return Ground("hospital", code, row.name_hi, row.name_en, up)


def _above(actor: Actor, district: str = "", block: str = "") -> tuple[Ground, ...]:
    found = [STATE] if actor.scope is Scope.STATE else []
    for kind, code in (("district", district), ("block", block)):
        place = facilities.region(kind, code) if code else None
        if place is not None and reaches_region(actor, place):
            found.append(Ground(kind, code, place.name_hi, place.name_en))
    return tuple(found)


def known_of(where: Ground) -> list[live.Place]:
    """The same as `hospitals_of`, from memory. 1 query, 2 after a hospital changed."""
    if where.kind == "state":
        return list(live.everywhere())
    key = {"district": "district_code", "block": "block_code", "hospital": "code"}[where.kind]
    return [place for place in live.everywhere() if getattr(place, key) == where.code]


def hospitals_of(where: Ground) -> list[live.Place]:
    """Its hospitals, retired ones too: their past stays in the sums. 1 query."""
    if where.kind == "hospital":
        return live.hospitals(ids={UUID(where.code)}, retired=True)
    district = where.code if where.kind == "district" else ""
    block = where.code if where.kind == "block" else ""
    return live.hospitals(district=district, block=block, retired=True)
