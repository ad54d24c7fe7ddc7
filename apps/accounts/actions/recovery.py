"""A forgotten password, mended with a code on the own phone."""

import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from apps.accounts import queries
from apps.accounts.models import OneTimeCode, User
from apps.accounts.secrets import latin_digits
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.ids import keyed_hash, uuid7
from apps.notices.actions import queue_notice

LIVES = timedelta(minutes=10)
SYSTEM = Actor.of_system("recovery")


@transaction.atomic
def ask_code(login: str) -> UUID:
    """The id of a code on its way to the phone. For an unknown account the id leads nowhere,
    so that the page can give everybody the same answer."""
    user = queries.user_by_login(login)
    if user is None or not user.is_active or not user.mobile:
        return uuid7()
    digits = f"{secrets.randbelow(10**6):06d}"
    OneTimeCode.objects.filter(user=user, used_at=None).update(tries_left=0)  # the newest counts
    code_id = uuid7()
    OneTimeCode.objects.create(
        id=code_id,
        user=user,
        code_hash=_hash(code_id, digits),
        expires_at=timezone.now() + LIVES,
    )
    queue_notice(
        "password-code",
        mobile=user.mobile,
        language=user.language,
        values={"code": digits, "minutes": LIVES.seconds // 60},
        actor=SYSTEM,
    )
    return code_id


def check_code(code_id: UUID, digits: str) -> None:
    """Nothing when it fits; Refused code.wrong otherwise. Each look costs one of five tries."""
    fresh = OneTimeCode.objects.filter(
        pk=code_id, used_at=None, expires_at__gt=timezone.now(), tries_left__gt=0
    )
    # The try is taken before the look, in one statement: a hundred at once get five looks.
    if not fresh.update(tries_left=F("tries_left") - 1):
        raise Refused("code.wrong")
    kept = OneTimeCode.objects.values_list("code_hash", flat=True).get(pk=code_id)
    if not constant_time_compare(kept, _hash(code_id, latin_digits(digits))):
        raise Refused("code.wrong")


def change_password_by_code(code_id: UUID, digits: str, *, password: str) -> User:
    """The new password; the code is spent and every open session of the person ends."""
    check_code(code_id, digits)  # outside: a wrong try is counted even though nothing follows
    return _change(code_id, password=password)


@transaction.atomic
def _change(code_id: UUID, *, password: str) -> User:
    if not OneTimeCode.objects.filter(pk=code_id, used_at=None).update(used_at=timezone.now()):
        raise Refused("code.wrong")
    user = User.objects.select_for_update().get(onetimecode__pk=code_id)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(Event.PASSWORD_RESET, subject=user, actor=SYSTEM, by="phone")
    return user


def _hash(code_id: UUID, digits: str) -> str:
    return keyed_hash("password-code", f"{code_id}:{digits}")
