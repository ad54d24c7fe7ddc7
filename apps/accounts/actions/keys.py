"""API keys of other departments' programs: given, taken back, noted when used."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts import api_keys
from apps.accounts.api_keys import PERSONAL, KeyScope
from apps.accounts.models import ApiKey
from apps.accounts.reach import require_place
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level, Permission, Scope
from apps.core.errors import Refused

LONGEST = timedelta(days=366)
SHOWN_FOR = timedelta(minutes=10)  # a form sent again shows the key it has just made
SEEN_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_api_key(
    *,
    id: UUID,
    programme: str,
    scopes: Iterable[str],
    scope: Scope,
    facility_id: UUID | None = None,
    place_code: str = "",
    last_day: date,
    actor: Actor,
) -> tuple[ApiKey, str]:
    """The row and the whole key, which nobody can read a second time.

    A key is a role given to a program: `role.assign` gives it for the own places; one that reads
    persons needs that right at the level of approving (civil surgeon, State).
    """
    actor.require(Permission.ROLE_ASSIGN)
    require_place(actor, facility_id=facility_id, place=place_code)
    if done := ApiKey.objects.filter(pk=id).first():
        return _again(done)
    wanted = sorted({KeyScope(name).value for name in scopes})
    _refuse(programme, wanted, last_day=last_day, actor=actor)
    secret = api_keys.secret_of(id)
    made = ApiKey.objects.create(
        id=id,
        programme=programme.strip(),
        secret_hash=api_keys.hash_of(secret),
        scopes=wanted,
        scope=scope,
        facility_id=facility_id,
        place_code=place_code,
        expires_at=timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min)),
    )
    record(Event.API_KEY_CREATED, subject=made, facility_id=facility_id, actor=actor, scopes=wanted)
    return made, secret


def _again(done: ApiKey) -> tuple[ApiKey, str]:
    if done.last_used_at or done.revoked_at or done.created_at < timezone.now() - SHOWN_FOR:
        raise Refused("key.shown")
    return done, api_keys.secret_of(done.pk)


def _refuse(programme: str, wanted: list[str], *, last_day: date, actor: Actor) -> None:
    if not programme.strip():
        raise Refused("key.nameless")
    if not wanted:
        raise Refused("key.no_scope")
    today = timezone.localdate()
    if not today <= last_day <= today + LONGEST:
        raise Refused("key.dates")
    approves = actor.level(Permission.ROLE_ASSIGN) is Level.APPROVE or bool(actor.system)
    if PERSONAL & set(wanted) and not approves:
        raise Refused("key.personal")


@transaction.atomic
def revoke_api_key(key_id: UUID, *, actor: Actor) -> ApiKey:
    """From this moment on the key opens nothing."""
    actor.require(Permission.ROLE_ASSIGN)
    found = api_keys.within_reach(key_id, actor=actor)
    if found.revoked_at:
        return found
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    record(Event.API_KEY_REVOKED, subject=found, facility_id=found.facility_id, actor=actor)
    return found


def note_key_use(key_id: UUID) -> None:
    """When the key was last used, to the minute. 1 query."""
    now = timezone.now()
    old = Q(last_used_at=None) | Q(last_used_at__lt=now - SEEN_EVERY)
    ApiKey.objects.filter(old, pk=key_id).update(last_used_at=now)


def record_refused_key(key_id: UUID | None, *, why: str) -> None:
    """Somebody came with a key that opens nothing here: `unknown` or `scope`."""
    asked = str(key_id) if key_id else ""
    record(Event.API_KEY_REFUSED, actor=Actor.of_system("api"), why=why, asked=asked)
