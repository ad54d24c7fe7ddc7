"""Shared computers: enrol, revoke, come back by PIN or badge; log-ins noted and ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction
from django.utils import timezone

from apps.accounts import sessions
from apps.accounts.actions.people import refuse_own_or_above, within_reach
from apps.accounts.actions.pins import LOCK_S, check_pin
from apps.accounts.models import Badge, LogIn, User, Workstation
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import limits
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import keyed_hash

DEVICE_TRIES = 15  # wrong PINs of all people together, before only a password helps


@transaction.atomic
def enrol_workstation(*, id: UUID, name: str, actor: Actor) -> Workstation:
    """This browser becomes a shared computer of the actor's hospital; give it its cookie."""
    actor.require(Permission.FACILITY_CONFIG)
    if done := Workstation.objects.filter(pk=id).first():
        return done
    if actor.facility_id is None or actor.user_id is None:
        raise Refused("device.none")
    if not (name := name.strip()):
        raise Refused("device.name")
    made = Workstation.objects.create(
        id=id,
        facility_id=actor.facility_id,
        name=name,
        secret_hash=keyed_hash("workstation", sessions.workstation_secret(id)),
        enrolled_by_id=actor.user_id,
    )
    record(Event.WORKSTATION_ENROLLED, subject=made, actor=actor)
    return made


@transaction.atomic
def revoke_workstation(workstation_id: UUID, *, actor: Actor) -> Workstation:
    """No PIN works there any more, and whoever is logged in there is out at once."""
    actor.require(Permission.FACILITY_CONFIG)
    found = sessions.workstation_within(workstation_id, actor=actor)
    if found.revoked_at:
        return found
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    _end(LogIn.objects.filter(workstation=found))
    record(Event.WORKSTATION_REVOKED, subject=found, actor=actor)
    return found


def come_back(workstation: Workstation | None, user_id: UUID, *, pin: str) -> User:
    """The person whose face and PIN these are; not in a transaction, so that tries count.

    Refused device.none, face.gone, pin.device or what check_pin says.
    """
    if workstation is None:
        raise Refused("device.none")
    _refuse_guessing(workstation)
    if not sessions.is_face(workstation, user_id):
        raise Refused("face.gone")
    try:
        check_pin(user_id, pin, actor=_at(workstation))
    except Refused as refused:
        if refused.code == "pin.wrong":
            limits.count("pin-device", str(workstation.pk), window_s=LOCK_S)
        raise
    return User.objects.get(pk=user_id)


def come_back_by_badge(workstation: Workstation | None, secret: str) -> User:
    """The person whose badge was scanned, when his or her face is on this computer."""
    if workstation is None:
        raise Refused("device.none")
    _refuse_guessing(workstation)
    badge = sessions.badge_of(secret)
    if badge is None:
        limits.count("pin-device", str(workstation.pk), window_s=LOCK_S)
        record(Event.BADGE_REFUSED, subject=workstation, actor=_at(workstation))
        raise Refused("badge.unknown")
    if not sessions.is_face(workstation, badge.user_id):
        raise Refused("face.gone")
    return User.objects.get(pk=badge.user_id)


def _refuse_guessing(workstation: Workstation) -> None:
    if limits.tries("pin-device", str(workstation.pk)) >= DEVICE_TRIES:
        raise Refused("pin.device")


def _at(workstation: Workstation) -> Actor:
    """Somebody not yet known, at this computer."""
    return Actor(facility_id=workstation.facility_id)


@transaction.atomic
def note_log_in(
    user: User,
    *,
    id: UUID,
    session_key: str,
    how: str,
    workstation: Workstation | None,
    facility_id: UUID | None,
    browser: str,
) -> LogIn:
    """A row for the session that has just begun; a full one puts the face on a shared computer."""
    full = how == LogIn.How.PASSWORD and workstation is not None
    hours = timedelta(hours=settings.PIN_SWITCH_HOURS)
    if workstation:
        Workstation.objects.filter(pk=workstation.pk).update(seen_at=timezone.now())
    return LogIn.objects.create(
        id=id,
        user=user,
        workstation=workstation,
        facility_id=facility_id,
        session_key=session_key,
        how=how,
        browser=browser,
        proof=sessions.proof_of(user) if full else "",
        face_until=timezone.now() + hours if full else None,
    )


def note_seen(log_in_id: str) -> None:
    """The person did something a moment ago. 1 query."""
    LogIn.objects.filter(pk=log_in_id).update(seen_at=timezone.now())


def note_left(log_in_id: str, *, with_face: bool) -> None:
    """The session of this row is over; with the face too, only a password lets the person in."""
    row = LogIn.objects.filter(pk=log_in_id).first()
    if row is None:
        return
    LogIn.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    if with_face and row.workstation_id:
        own = LogIn.objects.filter(user_id=row.user_id, workstation_id=row.workstation_id)
        own.update(face_until=None)


@transaction.atomic
def end_session(log_in_id: UUID, *, user_id: UUID, actor: Actor) -> None:
    """Sign out one session of a person: the own one, or as the office that keeps the file."""
    _require_own_or_office(user_id, actor=actor)
    rows = LogIn.objects.filter(pk=log_in_id, user_id=user_id, ended_at=None)
    if _end(rows):
        record(Event.SESSION_CLOSED, subject=User(pk=user_id), actor=actor, count=1)


@transaction.atomic
def end_all_sessions(user_id: UUID, *, but: str = "", actor: Actor) -> int:
    """Sign a person out everywhere, shared computers included; `but` spares the asking session."""
    _require_own_or_office(user_id, actor=actor)
    rows = LogIn.objects.filter(user_id=user_id)
    LogIn.objects.filter(user_id=user_id).update(face_until=None)
    count = _end(rows.exclude(pk=but) if but else rows)
    if count:
        record(Event.SESSION_CLOSED, subject=User(pk=user_id), actor=actor, count=count)
    return count


def _require_own_or_office(user_id: UUID, *, actor: Actor) -> None:
    if actor.user_id != user_id:
        actor.require(Permission.USER_CREATE)
        refuse_own_or_above(within_reach(user_id, actor=actor), actor=actor)


def _end(rows: Any) -> int:
    """Sessions go from the database and the cache: the next click on any host is a stranger's."""
    keys = list(rows.filter(ended_at=None).values_list("session_key", flat=True))
    rows.update(ended_at=timezone.now(), face_until=None)

    def gone() -> None:
        for key in keys:
            SessionStore(key).delete()

    gone()
    transaction.on_commit(gone)  # again: a request meanwhile may have cached the old row anew
    return len(keys)


@transaction.atomic
def issue_badge(user_id: UUID, *, id: UUID, actor: Actor) -> str:
    """The text of a new badge's QR; the former badge is void."""
    actor.require(Permission.USER_CREATE)
    user = within_reach(user_id, actor=actor)
    refuse_own_or_above(user, actor=actor)
    if not user.is_active:
        raise Refused("user.inactive")
    secret = sessions.badge_secret(id)
    if not Badge.objects.filter(pk=id).exists():
        _void(user_id)
        made = Badge.objects.create(id=id, user_id=user_id, secret_hash=keyed_hash("badge", secret))
        record(Event.BADGE_ISSUED, subject=made, actor=actor)
    return secret


@transaction.atomic
def revoke_badge(user_id: UUID, *, actor: Actor) -> None:
    """A lost badge opens nothing any more: by its owner, or by the office."""
    _require_own_or_office(user_id, actor=actor)
    if _void(user_id):
        record(Event.BADGE_REVOKED, subject=User(pk=user_id), actor=actor)


def _void(user_id: UUID) -> int:
    return Badge.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=timezone.now())
