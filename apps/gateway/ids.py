"""What the pages show of the national registers: one hospital's link, one person's numbers, and
which ids within an office need care."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts import queries as people
from apps.accounts import registers
from apps.core.actor import Actor, Scope
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.facilities import queries as places
from apps.facilities import registry
from apps.facilities.registry import Kind, State
from apps.gateway import queries
from apps.gateway.environment import current, is_on
from apps.gateway.models import Service

CARE = ("all", "ended", "soon", "missing")
BRIDGE = "bridge"


def hospital(facility_id: UUID, actor: Actor) -> Any:
    """A hospital of an actor's office; Unseen (404, noted) for any other. 1 query."""
    found = places.by_ids([facility_id]).get(facility_id)
    if found is None or not places.reaches(actor, found):
        raise Unseen(Permission.ABDM_OPS)
    return found


def link(hospital: Any, actor: Actor) -> dict[str, Any]:
    """How far a hospital is tied to ABDM. 8 queries."""
    service = queries.service_of(hospital.pk)
    key = str(hospital.pk)
    asked = {
        "hfr": registry.note(Kind.HFR, hospital.hfr_id) if hospital.hfr_id else None,
        "search": registry.note(Kind.SEARCH, key),
        "linkage": registry.note(Kind.LINKAGE, key),
        "known": registry.note(Kind.SERVICE, service.service_id) if service else None,
    }
    return {
        "hospital": hospital,
        "service": service,
        **asked,
        "bridge": bridge(),
        "standing": registry.standing(hospital.hfr_until, timezone.localdate()),
        "waiting": any(registry.is_waiting(one) for one in asked.values()),
        "history": _history(key),
        "suggested": _shown_name(hospital.name_en),
        "on": is_on(),
        "registry": is_on() and bool(current().registry),
        "may": actor.may(Permission.ABDM_OPS),
    }


def _shown_name(name: str) -> str:
    """At most 15 signs of the English name, whole words."""
    kept = "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign == " "))
    words, made = kept.split(), ""
    for word in words:
        if len(made) + len(word) + bool(made) > 15:
            break
        made = f"{made} {word}".strip()
    return made or kept[:15].strip()


def _history(key: str) -> list[dict[str, Any]]:
    """Who changed what of the link, newest first. 2 queries."""
    note = registry.note(Kind.HISTORY, key)
    rows = note.detail.get("rows", []) if note else []
    cards = people.cards({UUID(row["by"]) for row in rows if row["by"]})
    return [
        {
            "at": datetime.fromisoformat(row["at"]),
            "event": row["event"],
            "by": cards.get(UUID(row["by"])) if row["by"] else None,
        }
        for row in rows
    ]


def bridge() -> dict[str, Any]:
    """Where the gateway sends callbacks, and where it should. 1 query."""
    row = registry.note(Kind.BRIDGE, BRIDGE)
    url = str(row.detail.get("url", "")) if row else ""
    wanted = queries.callback_base()
    return {"note": row, "url": url, "wanted": wanted, "right": url == wanted,
            "waiting": registry.is_waiting(row), "history": _history(BRIDGE)}  # fmt: skip


def links(actor: Actor) -> dict[str, Any]:
    """Every hospital within an office and how far its link is. 4 queries."""
    rows = places.within(actor)
    services = {one.facility_id: one for one in Service.objects.filter(active=True)}
    known = registry.notes(Kind.SERVICE, [one.service_id for one in services.values()])
    lines = []
    for row in rows:
        service = services.get(row.pk)
        note = known.get(service.service_id) if service else None
        lines.append({"hospital": row, "service": service, "note": note,
                      "at": note.told_at if note else None})  # fmt: skip
    return {
        "lines": lines,
        "linked": sum(bool(line["service"]) for line in lines),
        "bridge": bridge(),
        "on": is_on(),
        "may": actor.may(Permission.ABDM_OPS),
        "may_send": actor.may(Permission.ABDM_OPS) and actor.scope is Scope.STATE,
    }


def care(actor: Actor, what: str) -> dict[str, Any]:
    """Ids that need care: hospitals without or with an ending HFR id, and counts of people.
    5 queries, and those of the list itself."""
    today = timezone.localdate()
    found = registers.signers(actor)
    counts = {name: registers.needing(found, name, today).count() for name in CARE}
    return {
        "what": what,
        "counts": counts,
        "hospitals": [] if what != "all" else _hospitals(actor, today),
        "people": registers.needing(found, what, today),
        "may": actor.may(Permission.ABDM_OPS) or actor.may(Permission.USER_CREATE),
    }


def _hospitals(actor: Actor, today: Any) -> list[dict[str, Any]]:
    rows = places.within(actor)
    notes = registry.notes(Kind.HFR, [row.hfr_id for row in rows if row.hfr_id])
    told = []
    for row in rows:
        note = notes.get(row.hfr_id)
        gone = bool(note and note.state == State.NONE)
        standing = registry.standing(row.hfr_until, today) if row.hfr_id else "missing"
        if standing or gone:
            told.append({"hospital": row, "standing": standing, "gone": gone})
    return told


def rows_of_people(sheet: Any, *, seen_by: Actor) -> list[dict[str, Any]]:
    """One page of people with their numbers and what the HPR says. 4 queries."""
    rows = people.with_postings(sheet, seen_by=seen_by)
    users: list[Any] = [row["user"] for row in rows]
    notes = registry.notes(Kind.HPR, [one.hpr_id for one in users if one.hpr_id])
    return [
        {**row, "numbers": registers.numbers(user), "note": notes.get(user.hpr_id)}
        for row, user in zip(rows, users, strict=True)
    ]


def person(user_id: UUID, actor: Actor) -> dict[str, Any]:
    """One person's numbers; Unseen for somebody of another place. 3 queries."""
    user = people.person(user_id, actor=actor)
    note = registry.note(Kind.HPR, user.hpr_id) if user.hpr_id else None
    return {
        "person": user,
        "numbers": registers.numbers(user),
        "note": note,
        "waiting": registry.is_waiting(note),
        "own": user.pk == actor.user_id,
        "on": is_on() and bool(current().registry),
        "may_ask": actor.may(Permission.ABDM_OPS),
        "may": actor.may(Permission.ABDM_OPS) or actor.may(Permission.USER_CREATE),
    }
