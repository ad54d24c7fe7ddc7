"""What the laboratory in charge may change: a test, and what is normal. A new version each time."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.labs import masters
from apps.terminology import actions as terminology

BOUNDS = ("low", "high", "critical_low", "critical_high")


def define_test(
    code: str, *, id: UUID, body: dict[str, Any], provenance: str, after: int | None, actor: Actor
) -> Any:
    """Names, unit, tube, parts and reagents of one test here.

    Refused: master.unknown, master.source, master.parts, master.reagents, definition.conflict.
    """
    actor.require(Permission.LAB_VERIFY)
    parts = [part.upper() for part in body.get("parts", [])]
    known = masters.load([code, *parts]).tests
    if code not in known:
        raise Refused("master.unknown", item=code)
    if wrong := next((part for part in parts if part not in known), None):
        raise Refused("master.parts", item=wrong)
    _need_source(provenance)
    for reagent in body.get("reagents", []):
        if not reagent.get("item") or _decimal(reagent.get("quantity")) in (None, Decimal(0)):
            raise Refused("master.reagents")
    return terminology.define(
        "test", code, id=id, body={**body, "parts": parts}, provenance=provenance, after=after,
        facility_id=actor.facility_id, actor=actor,
    )  # fmt: skip


def define_ranges(
    code: str,
    *,
    id: UUID,
    rows: list[dict[str, Any]],
    provenance: str,
    after: int | None,
    actor: Actor,
) -> Any:
    """What is normal for one test here, a row for each sex, age and condition.

    Refused: master.source, master.range (low above high, limits inside the range), master.days.
    """
    actor.require(Permission.LAB_VERIFY)
    _need_source(provenance)
    kept = [_range(row) for row in rows]
    return terminology.define(
        "range", code, id=id, body={"rows": kept}, provenance=provenance, after=after,
        facility_id=actor.facility_id, actor=actor,
    )  # fmt: skip


def _need_source(provenance: str) -> None:
    if len(provenance.strip()) < 5:
        raise Refused("master.source")


def _decimal(text: Any) -> Decimal | None:
    if text in ("", None):
        return None
    try:
        return Decimal(str(text))
    except InvalidOperation as error:
        raise Refused("master.number", item=str(text)[:20]) from error


def _range(row: dict[str, Any]) -> dict[str, Any]:
    bounds = {name: _decimal(row.get(name)) for name in BOUNDS}
    order = [bounds[name] for name in ("critical_low", "low", "high", "critical_high")]
    there = [value for value in order if value is not None]
    if there != sorted(there):
        raise Refused("master.range")
    first, last = int(row.get("from_days") or 0), int(row.get("to_days") or 44194)
    if first > last:
        raise Refused("master.days")
    return {
        "sex": row.get("sex") or "any",
        "from_days": first,
        "to_days": last,
        "condition": row.get("condition") or "general",
        "note": (row.get("note") or "")[:120],
        **{name: "" if value is None else str(value) for name, value in bounds.items()},
    }
