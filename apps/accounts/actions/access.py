"""What is noted about log-ins, refusals and the own screen."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import Resolver404, resolve

from apps.accounts.models import User
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Forbidden

PREFERENCES = ("language", "text_size", "theme", "contrast", "letter_keys")


def record_refused_access(refusal: Forbidden, *, path: str, actor: Actor) -> None:
    """A no to a role leaves a row: which right, on which route (never the address itself)."""
    try:
        route = resolve(path).view_name
    except Resolver404:
        route = "unknown"
    record(Event.ACCESS_REFUSED, actor=actor, permission=refusal.permission, route=route)


def record_session(event: Event, *, actor: Actor, **codes: Any) -> None:
    """A log-in, a failed one or a log-out; never the name that was typed."""
    record(event, actor=actor, **codes)


def record_factor(kind: str, *, added: bool, actor: Actor) -> None:
    """A second factor (totp, webauthn, recovery_codes) came or went."""
    record(Event.FACTOR_ADDED if added else Event.FACTOR_REMOVED, actor=actor, kind=kind)


@transaction.atomic
def record_password_change(user_id: UUID, *, actor: Actor) -> None:
    """The person chose an own password: the one from the office no longer has to be changed."""
    User.objects.filter(pk=user_id).update(must_change_password=False)
    record(Event.PASSWORD_CHANGED, actor=actor)


@transaction.atomic
def keep_preferences(user_id: UUID, *, actor: Actor, **wishes: Any) -> None:
    """Language and looks of the screen; wishes that are no preference are an error of ours."""
    if strange := set(wishes) - set(PREFERENCES):
        raise ValueError(f"no preference: {sorted(strange)}")
    changed = User.objects.filter(pk=user_id).exclude(**wishes).update(**wishes)
    if changed:
        record(Event.PREFERENCES_CHANGED, actor=actor, kinds=sorted(wishes))
