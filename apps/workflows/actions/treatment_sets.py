"""Making, changing and switching treatment sets."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.terminology import actions as terminology
from apps.terminology.queries import definitions, held
from apps.workflows import sets

STARTER = Path(__file__).parent.parent / "data" / "treatment_sets.json"
PROVENANCE = {
    sets.OWN: "a doctor's own set",
    sets.HOSPITAL: "the hospital's own set",
    sets.STATE: "the State's set; not verified",
}


def save_set(
    code: str,
    *,
    id: UUID,
    level: str,
    body: dict[str, Any],
    after: int | None = None,
    active: bool = True,
    actor: Actor,
) -> Any:
    """A new version of a set at one level ("own", "hospital", "state"); older ones stay.

    `code` "": a new set. `after`: the version the form showed at that level (0: none yet). Own sets
    need consult.sign; a hospital's the superintendent or MOIC; the State's the State's committee.
    Refused: set.*, dose.*, definition.conflict. Raises Forbidden.
    """
    if level not in sets.LEVELS:
        raise Refused("set.level")
    return terminology.define(
        "set",
        code or f"S-{str(uuid7())[-12:].upper()}",
        id=id,
        body=sets.checked(body),
        provenance=PROVENANCE[level],
        after=after,
        active=active,
        facility_id=actor.facility_id if level == sets.HOSPITAL else None,
        user_id=actor.user_id if level == sets.OWN else None,
        actor=actor,
    )


def switch_set(code: str, *, id: UUID, level: str, active: bool, after: int, actor: Actor) -> Any:
    """Switch a set off or on at one level: a new version with the same body. Switching the State's
    set off for oneself makes an own version that is off. Refused: set.gone."""
    user_id = actor.user_id
    found = sets.all_sets(facility_id=actor.facility_id, user_id=user_id)
    same = [one for one in found if one.code == code]
    if not same:
        raise Refused("set.gone")
    here = next((one for one in same if one.level == level), same[0])
    return save_set(
        code, id=id, level=level, body=here.body, after=after, active=active, actor=actor
    )


def load_starter_sets(*, actor: Actor) -> int:
    """The State's first sets out of our own file; how many were new. Safe to repeat: a set that
    the State has already, changed or switched off, stays as it is."""
    told = json.loads(STARTER.read_text(encoding="utf-8"))
    with held():
        there = {row.code for row in definitions("set")}
        new = [
            (body["code"], sets.checked(body)) for body in told["sets"] if body["code"] not in there
        ]
    for code, body in new:
        terminology.define(
            "set", code, id=uuid7(), body=body, provenance=told["provenance"], after=0, actor=actor
        )
    return len(new)
