"""Where a person works, from a day to a day."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.actions.people import within_reach
from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import ROLES, Role
from apps.accounts.reach import require_may_give, require_place
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission, Scope
from apps.core.errors import Refused, Unseen
from apps.facilities.live import hospital


@transaction.atomic
def post_user(
    user_id: UUID,
    *,
    id: UUID,
    role: str,
    facility_id: UUID | None = None,
    place_code: str = "",
    department: str = "",
    room: str = "",
    from_date: date,
    to_date: date | None = None,
    kind: str = "posting",
    actor: Actor,
) -> PractitionerRole:
    """A role in a hospital, or (wider roles) in a block, a district or the State.

    A further role where the person's file or work already is needs `role.assign`; bringing
    somebody to a new place is deployment and needs `user.deploy` as well.
    """
    require_may_give(actor, Role(role))
    if done := PractitionerRole.objects.filter(pk=id).first():
        return done
    user = _person(user_id, actor=actor)
    wanted = PractitionerRole(
        id=id,
        user=user,
        role=role,
        kind=kind,
        scope=ROLES[Role(role)].scope,
        facility_id=facility_id,
        place_code=place_code,
        department=department,
        room=room,
        from_date=from_date,
        to_date=to_date,
    )
    _refuse_posting(wanted, user=user, actor=actor)
    wanted.save(force_insert=True)
    record(
        Event.USER_POSTED,
        subject=wanted,
        facility_id=facility_id,
        actor=actor,
        role=role,
        kind=kind,
        user=str(user.pk),
    )
    return wanted


@transaction.atomic
def end_posting(posting_id: UUID, *, on: date, actor: Actor) -> None:
    """`on` is the last day. A posting that has not begun by then is taken away."""
    if not actor.may(Permission.ROLE_ASSIGN):
        actor.require(Permission.USER_DEPLOY)
    posting = _posting(posting_id, actor=actor)
    if posting.to_date is not None and posting.to_date <= on:
        return
    _end(posting, on=on, actor=actor)


@transaction.atomic
def transfer(
    posting_id: UUID,
    *,
    id: UUID,
    facility_id: UUID,
    on: date,
    role: str = "",
    department: str = "",
    room: str = "",
    actor: Actor,
) -> PractitionerRole:
    """The old posting ends the day before `on`, the new one starts that day: both or neither."""
    actor.require(Permission.USER_DEPLOY)
    if done := PractitionerRole.objects.filter(pk=id).first():
        return done
    old = _posting(posting_id, actor=actor)
    if old.to_date is not None and old.to_date < timezone.localdate():
        raise Refused("posting.ended")
    if old.facility_id == facility_id:
        raise Refused("transfer.same_place")
    if old.from_date >= on:
        raise Refused("transfer.too_early", start=old.from_date.strftime("%d-%m-%Y"))
    new = post_user(
        old.user_id,
        id=id,
        role=role or old.role,
        facility_id=facility_id,
        department=department,
        room=room,
        from_date=on,
        actor=actor,
    )
    if old.to_date is None or old.to_date >= on:
        _end(old, on=on - timedelta(days=1), actor=actor)
    place = hospital(facility_id)
    User.objects.filter(pk=old.user_id).update(
        base_facility_id=facility_id, base_district=place.district_code if place else ""
    )
    return new


def _refuse_posting(wanted: PractitionerRole, *, user: User, actor: Actor) -> None:
    """Wrong kind of place, not the actor's place, a move without the right to, wrong days."""
    where, place_code = wanted.facility_id, wanted.place_code
    _refuse_wrong_place(Scope(wanted.scope), facility_id=where, place_code=place_code)
    require_place(actor, facility_id=where, place=place_code)
    if wanted.kind != PractitionerRole.Kind.POSTING or not _at_home(user, where, place_code):
        actor.require(Permission.USER_DEPLOY)
    _refuse_wrong_days(wanted.from_date, wanted.to_date, kind=wanted.kind)
    held = PractitionerRole.objects.at(where).filter(
        user=user, role=wanted.role, place_code=place_code
    )
    if held.meeting(wanted.from_date, wanted.to_date).exists():
        raise Refused("posting.overlaps")


def _person(user_id: UUID, *, actor: Actor) -> User:
    user = within_reach(user_id, actor=actor)
    if user.pk == actor.user_id:
        raise Refused("posting.self")
    if not user.is_active:
        raise Refused("user.inactive")
    return user


def _posting(posting_id: UUID, *, actor: Actor) -> PractitionerRole:
    """The posting, locked; Unseen when it is at a place the actor does not reach."""
    posting = PractitionerRole.objects.select_for_update().filter(pk=posting_id).first()
    if posting is None:
        raise Unseen("scope")
    require_place(actor, facility_id=posting.facility_id, place=posting.place_code)
    if posting.user_id == actor.user_id:
        raise Refused("posting.self")
    require_may_give(actor, Role(posting.role))
    return posting


def _end(posting: PractitionerRole, *, on: date, actor: Actor) -> None:
    where, begun = posting.facility_id, posting.from_date <= on
    record(
        Event.POSTING_ENDED,
        subject=posting,
        facility_id=where,
        actor=actor,
        role=posting.role,
        user=str(posting.user_id),
        begun=begun,
    )
    if begun:
        PractitionerRole.objects.filter(pk=posting.pk).update(to_date=on)
    else:
        posting.delete()  # it never gave a right; the trail above keeps that it was planned


def _at_home(user: User, facility_id: UUID | None, place_code: str) -> bool:
    if facility_id and user.base_facility_id == facility_id:
        return True
    held = PractitionerRole.objects.current().filter(user=user)
    return held.at(facility_id).filter(place_code=place_code).exists()


def _refuse_wrong_place(scope: Scope, *, facility_id: UUID | None, place_code: str) -> None:
    if scope is Scope.FACILITY and facility_id is None:
        raise Refused("posting.needs_facility")
    if scope is not Scope.FACILITY and facility_id is not None:
        raise Refused("posting.needs_office")
    if scope in (Scope.BLOCK, Scope.DISTRICT) and not place_code:
        raise Refused("posting.needs_office")


def _refuse_wrong_days(from_date: date, to_date: date | None, *, kind: str) -> None:
    if to_date is not None and to_date < from_date:
        raise Refused("posting.dates")
    if kind == PractitionerRole.Kind.DEPUTATION and to_date is None:
        raise Refused("deputation.needs_end")
