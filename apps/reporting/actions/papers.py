"""Forms and registers as PDF: asked for, drawn by a job, fetched when ready.

As with the pharmacy's registers: what was asked stands in the cache for a day, for it is no
record, and whoever loses it asks again. The file lies beside the hospital's papers.
"""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.core.cache import cache

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility, here
from apps.documents import pdf, storage
from apps.reporting import queries
from apps.reporting.forms_of import RIGHTS
from apps.reporting.queries.papers import KINDS, REGISTERS, content
from apps.reporting.veil import Veil

LIFE_S, MOST_DAYS, MOST_ROWS = 86_400, 31, 2000
STEPS = {"waiting": 0, "reading": 30, "drawing": 60, "ready": 100}
Wish = dict[str, Any]


def refuse_bad_days(first: date, last: date) -> None:
    """Refused: form.days."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Refused("form.days", days=MOST_DAYS)


def ask_paper(kind: str, *, id: UUID, first: date, last: date, language: str, actor: Actor) -> Wish:
    """Have a register or the newest form of a period drawn; sent twice it is drawn once.

    Refused: not_found, form.days, form.not_made.
    """
    require_paper(kind, actor=actor)
    if kind in REGISTERS:
        refuse_bad_days(first, last)
    elif not _is_made(kind, first):
        raise Refused("form.not_made")
    wish = {"kind": kind, "first": first.isoformat(), "last": last.isoformat(),
            "language": language if language in ("hi", "en") else "hi", "step": "waiting",
            "veil": asdict(Veil.of(actor))}  # fmt: skip
    if cache.add(_key(id), wish, LIFE_S):
        record_register(kind, first, last, actor=actor)
        enqueue("reporting.draw", paper_id=id)
    return paper_state(id) or wish


def record_register(kind: str, first: date, last: date, *, actor: Actor) -> None:
    """Somebody took a paper or a list of these days."""
    record(Event.STATE_FORM_PRINTED, actor=actor, kind=kind, first=first.isoformat(),
           last=last.isoformat())  # fmt: skip


def require_paper(kind: str, *, actor: Actor) -> None:
    """Forbidden unless this actor may read papers of this kind; printing is no change."""
    if kind not in KINDS:
        raise Refused("not_found")
    right = Permission.REGISTER_PRINT if kind in REGISTERS else RIGHTS[kind]
    if not actor.sees(right):
        raise Forbidden(right)


def require_drawn(wish: Wish, *, actor: Actor) -> None:
    """Forbidden for a file that was drawn for somebody who may see more."""
    require_paper(wish["kind"], actor=actor)
    if wish["kind"] in REGISTERS and not Veil.of(actor).covers(Veil(**wish["veil"])):
        raise Forbidden(Permission.REGISTER_PRINT)


def _is_made(kind: str, first: date) -> bool:
    found = queries.newest(here(), queries.period_of(kind, first))
    return found is not None and found.made_at is not None


def paper_state(paper_id: UUID) -> Wish | None:
    """How far it is: the wish with `percent`; None when nobody knows it here."""
    wish = cache.get(_key(paper_id))
    return {**wish, "percent": STEPS.get(wish["step"], 0)} if wish else None


def draw_paper(paper_id: UUID) -> None:
    """Draw what was asked for, once."""
    wish = cache.get(_key(paper_id))
    if wish is None or wish["step"] == "ready":
        return
    _set(paper_id, wish, "reading")
    try:
        found = content(
            wish["kind"],
            date.fromisoformat(wish["first"]),
            date.fromisoformat(wish["last"]),
            Veil(**wish["veil"]),
        )
        if len(found.get("rows", ())) > MOST_ROWS:
            _set(paper_id, wish, "many")
            return
        _set(paper_id, wish, "drawing")
        template = "state-register" if wish["kind"] in REGISTERS else "state-form"
        paper = pdf.draw(template, found, language=wish["language"], size="a4")
        storage.save(file_key(paper_id), paper.data)
    except Exception:
        _set(paper_id, wish, "failed")
        raise
    _set(paper_id, wish, "ready")


def file_key(paper_id: UUID) -> str:
    facility: Any = current_facility()
    return storage.key_of(facility.schema_name, paper_id, "report")


def _set(paper_id: UUID, wish: Wish, step: str) -> None:
    cache.set(_key(paper_id), {**wish, "step": step}, LIFE_S)


def _key(paper_id: UUID) -> str:
    return f"reporting.paper:{here()}:{paper_id}"
