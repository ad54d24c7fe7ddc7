"""The personal PIN that signs."""

import re
from uuid import UUID

from django.contrib.auth.hashers import check_password
from django.core.cache import cache
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from apps.accounts import pin_hash
from apps.accounts.actions.people import refuse_own_or_above, within_reach
from apps.accounts.models import Leave, User
from apps.accounts.secrets import is_easy, latin_digits
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused

TRIES = 5
LOCK_S = 15 * 60
PIN = re.compile(r"^[0-9]{4,6}$")


@transaction.atomic
def set_pin(user_id: UUID, pin: str, *, actor: Actor) -> None:
    """The own PIN (the page asks for the password first); an office needs `user.create`."""
    if actor.user_id != user_id:
        actor.require(Permission.USER_CREATE)
        refuse_own_or_above(within_reach(user_id, actor=actor), actor=actor)
    pin = latin_digits(pin)
    if not PIN.match(pin):
        raise Refused("pin.bad")
    if is_easy(pin):
        raise Refused("pin.easy")
    User.objects.filter(pk=user_id).update(pin_hash=pin_hash.make(pin))
    record(Event.PIN_SET, subject=User(pk=user_id), actor=actor)
    transaction.on_commit(lambda: cache.delete(_key(user_id)))


@transaction.atomic
def clear_pin(user_id: UUID, *, actor: Actor) -> None:
    """Take a forgotten PIN away; its owner sets a new one with the password."""
    actor.require(Permission.USER_CREATE)
    user = within_reach(user_id, actor=actor)
    refuse_own_or_above(user, actor=actor)
    if user.pin_hash:
        User.objects.filter(pk=user_id).update(pin_hash="")
        record(Event.PIN_SET, subject=user, actor=actor, cleared=True)
    transaction.on_commit(lambda: cache.delete(_key(user_id)))


def check_pin(user_id: UUID, pin: str, *, actor: Actor) -> None:
    """Nothing when it is right; Refused pin.unset, pin.wrong (left=n) or pin.locked.

    The count lives in the cache, so a caller's rollback does not give tries back. Call this
    before the transaction: inside one, the audit row of a wrong PIN goes with the rollback.
    """
    rows = User.objects.filter(pk=user_id, is_active=True)
    _check(user_id, pin, rows.values_list("pin_hash", flat=True).first(), actor)


def check_signature(user_id: UUID, pin: str, *, actor: Actor) -> None:
    """`check_pin` for whoever signs: nobody signs at a hospital while on leave from it. 1 query.

    Refused leave.signs (until=day) besides the refusals of the PIN.
    """
    leave = Leave.objects.keeping_away(timezone.localdate()).filter(user_id=OuterRef("pk"))
    leave = leave.filter(facility_id=actor.facility_id) if actor.facility_id else leave.none()
    rows = User.objects.filter(pk=user_id, is_active=True).annotate(
        until=Subquery(leave.order_by("-to_date").values("to_date")[:1])
    )
    kept, until = rows.values_list("pin_hash", "until").first() or ("", None)
    if until is not None:
        raise Refused("leave.signs", until=until.strftime("%d-%m-%Y"))
    _check(user_id, pin, kept, actor)


def _check(user_id: UUID, pin: str, kept: str | None, actor: Actor) -> None:
    if not kept:
        raise Refused("pin.unset")
    if cache.get(_key(user_id), 0) >= TRIES:
        raise Refused("pin.locked", minutes=LOCK_S // 60)
    if _is_right(user_id, latin_digits(pin), kept):
        cache.delete(_key(user_id))
        return
    cache.add(_key(user_id), 0, LOCK_S)
    tries = cache.incr(_key(user_id))
    record(Event.PIN_REFUSED, subject=User(pk=user_id), actor=actor, tries=tries)
    if tries >= TRIES:
        cache.touch(_key(user_id), LOCK_S)
        raise Refused("pin.locked", minutes=LOCK_S // 60)
    raise Refused("pin.wrong", left=TRIES - tries)


def _is_right(user_id: UUID, pin: str, kept: str) -> bool:
    if pin_hash.is_ours(kept):
        return pin_hash.matches(pin, kept)
    # Set before PINs had a form of their own: like a password. Kept anew the first time.
    right = check_password(pin, kept)
    if right:
        User.objects.filter(pk=user_id, pin_hash=kept).update(pin_hash=pin_hash.make(pin))
    return right


def _key(user_id: UUID) -> str:
    return f"pin:{user_id}"
