"""Statutory registers as PDF: asked for, drawn by a job, fetched when ready.

What is asked stands in the cache for a day: it is no record, and whoever loses it asks again.
The file lies beside the hospital's papers, named by the request.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils import translation

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility
from apps.documents import pdf, storage
from apps.pharmacy import queries
from apps.pharmacy.queries.registers import KINDS

LIFE_S = 86_400
MOST_DAYS = 366
STEPS = {"waiting": 0, "reading": 30, "drawing": 60, "ready": 100}


def ask_register(
    kind: str, *, id: UUID, first: date, last: date, language: str, actor: Actor
) -> dict[str, Any]:
    """Have a register drawn; sent twice it is drawn once. Refused: register.kind, register.days."""
    actor.require(Permission.REGISTER_PRINT)
    refuse_bad_range(kind, first, last)
    wish = {
        "kind": kind,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "language": language,
        "step": "waiting",
    }
    if cache.add(_key(id), wish, LIFE_S):
        record(Event.REGISTER_PRINTED, actor=actor, kind=kind, first=wish["first"],
               last=wish["last"])  # fmt: skip
        enqueue("pharmacy.draw_register", register_id=id)
    return state(id) or wish


def refuse_bad_range(kind: str, first: date, last: date) -> None:
    if kind not in KINDS:
        raise Refused("register.kind")
    if not 0 <= (last - first).days <= MOST_DAYS:
        raise Refused("register.days")


def state(register_id: UUID) -> dict[str, Any] | None:
    """How far it is: the wish with `step` and `percent`; None when nobody knows it here."""
    wish = cache.get(_key(register_id))
    return {**wish, "percent": STEPS.get(wish["step"], 0)} if wish else None


def draw_register(register_id: UUID) -> None:
    """Draw what was asked for, once."""
    wish = cache.get(_key(register_id))
    if wish is None or wish["step"] == "ready":
        return
    _set(register_id, wish, "reading")
    first, last = date.fromisoformat(wish["first"]), date.fromisoformat(wish["last"])
    try:
        with translation.override(wish["language"]):
            content = queries.register(wish["kind"], first, last)
        _set(register_id, wish, "drawing")
        paper = pdf.draw("register", content, language=wish["language"], size="a4")
        storage.save(file_key(register_id), paper.data)
    except Exception:
        _set(register_id, wish, "failed")
        raise
    _set(register_id, wish, "ready")


def file_key(register_id: UUID) -> str:
    facility: Any = current_facility()
    return storage.key_of(facility.schema_name, register_id, "register")


def _set(register_id: UUID, wish: dict[str, Any], step: str) -> None:
    cache.set(_key(register_id), {**wish, "step": step}, LIFE_S)


def _key(register_id: UUID) -> str:
    facility: Any = current_facility()
    return f"pharmacy.register:{facility.pk}:{register_id}"
