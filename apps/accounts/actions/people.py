"""A member of staff: made, changed, closed, opened again, given a new password."""

import re
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts import queries
from apps.accounts.models import PractitionerRole, User
from apps.accounts.reach import reach_of, reaches
from apps.accounts.secrets import first_password
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused, Unseen
from apps.facilities.live import hospital

USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{2,39}$")
MOBILE = re.compile(r"^[6-9][0-9]{9}$")
CHANGEABLE = ("name_hi", "name_en", "mobile", "qualification", "registration_no")


@transaction.atomic
def create_user(
    *,
    id: UUID,
    username: str,
    name_hi: str,
    name_en: str,
    mobile: str,
    password: str | None = None,
    registration_no: str = "",
    qualification: str = "",
    language: str = "hi",
    must_change_password: bool = False,
    actor: Actor,
) -> User:
    """A person who may log in. Without a password nobody can, until one is reset.

    The file is kept where the actor works: at the hospital, or in the district's office.
    """
    actor.require(Permission.USER_CREATE)
    if done := User.objects.filter(pk=id).first():
        return done  # the form was sent twice
    username = username.strip().lower()
    refuse_bad_login(username, mobile, names=(name_hi, name_en))
    place = hospital(actor.facility_id) if actor.facility_id else None
    user = User.objects.create_user(
        username,
        password,
        id=id,
        name_hi=name_hi.strip() or name_en.strip(),
        name_en=name_en.strip() or name_hi.strip(),
        mobile=mobile or None,
        registration_no=registration_no,
        qualification=qualification,
        language=language,
        must_change_password=must_change_password,
        base_facility_id=actor.facility_id,
        base_district=place.district_code if place else actor.place,
    )
    record(Event.USER_CREATED, subject=user, actor=actor)
    return user


def refuse_bad_login(
    username: str, mobile: str, *, names: tuple[str, ...], but: UUID | None = None
) -> None:
    """Refused when the user name or the mobile is malformed or somebody else's."""
    if not any(name.strip() for name in names):
        raise Refused("user.nameless")
    if not USERNAME.match(username) or (username.isdigit() and len(username) == 10):
        raise Refused("user.username_bad")
    if mobile and not MOBILE.match(mobile):
        raise Refused("user.mobile_bad")
    others = User.objects.exclude(pk=but) if but else User.objects.all()
    if others.filter(username=username).exists():
        raise Refused("user.username_taken", username=username)
    if mobile and others.filter(mobile=mobile).exists():
        raise Refused("user.mobile_taken")


@transaction.atomic
def change_user(user_id: UUID, *, actor: Actor, **fields: Any) -> User:
    """New names, mobile or registration; only what differs is written."""
    actor.require(Permission.USER_CREATE)
    user = within_reach(user_id, actor=actor)
    refuse_own_or_above(user, actor=actor, own=True)
    changed = {
        name: (value or None) if name == "mobile" else value
        for name, value in fields.items()
        if name in CHANGEABLE and (value or None) != (getattr(user, name) or None)
    }
    names = (fields.get("name_hi", user.name_hi), fields.get("name_en", user.name_en))
    mobile = fields.get("mobile", user.mobile) or ""
    refuse_bad_login(user.username, mobile, names=names, but=user.pk)
    if changed:
        for name, value in changed.items():
            setattr(user, name, value)
        user.save(update_fields=list(changed))
        record(Event.USER_CHANGED, subject=user, actor=actor, fields=sorted(changed))
    return user


@transaction.atomic
def deactivate_user(user_id: UUID, *, actor: Actor) -> User:
    """Close the account. Open sessions end with the next click, because the log-in is gone."""
    actor.require(Permission.USER_CREATE)
    user = within_reach(user_id, actor=actor)
    refuse_own_or_above(user, actor=actor)
    if not user.is_active:
        return user
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(Event.USER_DEACTIVATED, subject=user, actor=actor)
    return user


@transaction.atomic
def reactivate_user(user_id: UUID, *, actor: Actor) -> User:
    """Open a closed account again, with the postings it still has."""
    actor.require(Permission.USER_CREATE)
    user = within_reach(user_id, actor=actor)
    refuse_own_or_above(user, actor=actor)
    if user.is_active:
        return user
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(Event.USER_REACTIVATED, subject=user, actor=actor)
    return user


@transaction.atomic
def reset_password(user_id: UUID, *, id: UUID, actor: Actor) -> str:
    """A password for the slip, to be changed at the first log-in; all open sessions end.

    The same `id` gives the same password, so a form sent twice prints the slip that works.
    """
    actor.require(Permission.USER_CREATE)
    user = within_reach(user_id, actor=actor)
    refuse_own_or_above(user, actor=actor)
    if not user.is_active:
        raise Refused("user.inactive")
    password = first_password(id)
    if not user.check_password(password):
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        record(Event.PASSWORD_RESET, subject=user, actor=actor, by="office")
    return password


def within_reach(user_id: UUID, *, actor: Actor) -> User:
    """The person, locked; Unseen (404, noted) when the file lies in another place."""
    user = User.objects.within(reach_of(actor)).filter(pk=user_id).first()
    if user is None:
        raise Unseen("scope")
    return User.objects.select_for_update().get(pk=user.pk)


def refuse_own_or_above(user: User, *, actor: Actor, own: bool = False) -> None:
    """No hand on the own account, on a wider office's people, or on who may give roles here
    when the actor may not: a manager cannot take over the superintendent's log-in."""
    if user.pk == actor.user_id:
        if own:
            return
        raise Refused("user.self")
    if actor.system:
        return
    reach = reach_of(actor)
    held = list(PractitionerRole.objects.current().filter(user_id=user.pk))
    if not all(reaches(reach, facility_id=p.facility_id, place=p.place_code) for p in held):
        raise Refused("user.posted_elsewhere")
    if actor.may(Permission.ROLE_ASSIGN):
        return
    if any(queries.gives_roles(posting.role) for posting in held):
        raise Refused("user.above_you")
