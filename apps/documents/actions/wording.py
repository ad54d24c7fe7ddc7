"""Changing the words on papers: a new version at one level; papers issued before stay."""

from typing import Any
from uuid import UUID

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.documents.wording import CODE, KIND, LONGEST, TEXTS
from apps.terminology import actions as terminology


def reword(body: dict[str, dict[str, str]], *, id: UUID, after: int, actor: Actor) -> Any:
    """The texts of the hospital the actor works in, or of the State. Empty texts fall back.

    Raises Forbidden, Refused("wording.long" | "definition.conflict").
    """
    kept = {
        key: {tongue: pair.get(tongue, "").strip() for tongue in ("hi", "en")}
        for key, pair in body.items()
        if key in TEXTS
    }
    if any(len(text) > LONGEST for pair in kept.values() for text in pair.values()):
        raise Refused("wording.long", most=LONGEST)
    return terminology.define(
        KIND,
        CODE,
        id=id,
        body=kept,
        provenance="typed in Bhavya, not checked by a committee",
        after=after,
        facility_id=actor.facility_id,
        actor=actor,
    )
