"""Under which numbers a person may practise: council registration and HPR, with their last days."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from apps.accounts.actions.people import within_reach
from apps.accounts.models import User
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused

HPR_NUMBER, HPR_NAME = re.compile(r"[0-9]{14}"), re.compile(r"[a-z0-9][a-z0-9._-]*@hpr\.abdm")


@dataclass(frozen=True, slots=True)
class Registers:
    """What stands on a person's certificates; empty where nobody knows."""

    registration_no: str = ""
    registration_council: str = ""
    registration_until: date | None = None
    hpr_id: str = ""
    hpr_until: date | None = None


@transaction.atomic
def set_registers(user_id: UUID, told: Registers, *, actor: Actor) -> User:
    """Write a person's registrations; only what differs. Nobody writes his own. Safe to repeat.

    Refused: user.hpr_bad, user.hpr_taken, user.until_alone, user.self.
    """
    if not actor.may(Permission.USER_CREATE):
        actor.require(Permission.ABDM_OPS)
    user = within_reach(user_id, actor=actor)
    if user.pk == actor.user_id:
        raise Refused("user.self")
    hpr_id = _hpr(told.hpr_id)
    if hpr_id and User.objects.filter(hpr_id=hpr_id).exclude(pk=user.pk).exists():
        raise Refused("user.hpr_taken")
    number = told.registration_no.strip()
    if (told.hpr_until and not hpr_id) or (told.registration_until and not number):
        raise Refused("user.until_alone")
    wanted = {
        "registration_no": number,
        "registration_council": told.registration_council.strip(),
        "registration_until": told.registration_until,
        "hpr_id": hpr_id,
        "hpr_until": told.hpr_until,
    }
    changed = {name: value for name, value in wanted.items() if value != getattr(user, name)}
    if changed:
        for name, value in changed.items():
            setattr(user, name, value)
        user.save(update_fields=list(changed))
        record(Event.USER_CHANGED, subject=user, actor=actor, fields=sorted(changed))
    return user


def _hpr(told: str) -> str:
    """14 digits, or a name at the HPR; 71-0000-0000-0001 is taken with its dashes."""
    text = told.strip().lower()
    number = re.sub(r"[\s-]", "", text)
    if not text:
        return ""
    if HPR_NUMBER.fullmatch(number):
        return number
    if HPR_NAME.fullmatch(text) and len(text) <= 20:
        return text
    raise Refused("user.hpr_bad")
