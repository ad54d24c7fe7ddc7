"""Verbs over people and postings."""

from django.urls import Resolver404, resolve

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Forbidden


def record_refused_access(refusal: Forbidden, *, path: str, actor: Actor) -> None:
    """A no to a role leaves a row: which right, on which route (never the address itself)."""
    try:
        route = resolve(path).view_name
    except Resolver404:
        route = "unknown"
    record(Event.ACCESS_REFUSED, actor=actor, permission=refusal.permission, route=route)
