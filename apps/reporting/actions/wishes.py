"""A message when a form is there: asked for by a person, sent once for each period.

It holds a link behind the log-in and nothing else: the files (PDF, CSV, XLSX) are made where the
reader's rights are asked.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation

from apps.accounts import queries as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import READS, Actor
from apps.core.errors import Forbidden, Refused
from apps.core.templatetags.bhavya import local
from apps.facilities import live
from apps.monitoring import queries as boards
from apps.notices.actions import queue_notice
from apps.reporting import queries
from apps.reporting.forms_of import RIGHTS, TITLES, Period, latest
from apps.reporting.models import FormWish

SENDER = Actor.of_system("reporting", *RIGHTS.values())


@transaction.atomic
def wish_message(kind: str, *, on: bool, actor: Actor) -> bool:
    """Whether this person now gets a message for each form of `kind` here. Sent twice it is one
    wish; the first message is for the next period. Refused: not_found, form.mobile."""
    if kind not in RIGHTS or actor.user_id is None:
        raise Refused("not_found")
    if not actor.sees(RIGHTS[kind]):
        raise Forbidden(RIGHTS[kind])
    if on and not accounts.user(actor.user_id).mobile:
        raise Refused("form.mobile")
    key: dict[str, Any] = {"user_id": actor.user_id, "kind": kind, "facility_id": actor.facility_id}
    fresh = {"told_for": latest(kind).first, "active": on}
    row, made = FormWish.objects.select_for_update().get_or_create(**key, defaults=fresh)
    if made or row.active is not on:
        FormWish.objects.filter(pk=row.pk).update(**fresh)
        record(Event.STATE_FORM_WISHED, subject=row, facility_id=actor.facility_id, actor=actor,
               kind=kind, on=on)  # fmt: skip
    return on


def hand_over() -> int:
    """Each morning: tell who asked of the forms that are there by now; how many were told."""
    told = 0
    for kind in RIGHTS:
        due = FormWish.objects.filter(kind=kind, active=True, told_for__lt=latest(kind).first)
        told += sum(_tell(pk, latest(kind)) for pk in due.values_list("pk", flat=True))
    return told


@transaction.atomic
def _tell(wish_id: UUID, period: Period) -> bool:
    """Once for each period, also when two workers ask; nothing to whom may not read it any more."""
    row = (
        FormWish.objects.select_for_update(skip_locked=True)
        .filter(pk=wish_id, active=True, told_for__lt=period.first)
        .first()
    )
    duty = accounts.duty(row.user_id, facility_id=row.facility_id) if row else None
    if row is None or duty is None or duty.grants.get(RIGHTS[row.kind]) not in READS:
        return False
    user = accounts.user(row.user_id)
    actor = Actor(row.user_id, row.facility_id, duty.scope, duty.place, grants=duty.grants)
    with translation.override(user.language):
        said = _said(row, period, actor)
    if said is None or not user.is_active or not user.mobile:
        return False
    template, values = said
    FormWish.objects.filter(pk=row.pk).update(told_for=period.first)
    queue_notice(template, mobile=user.mobile, language=user.language, values=values,
                 facility_id=row.facility_id, actor=SENDER)  # fmt: skip
    return True


def _said(row: FormWish, period: Period, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Which message, in the reader's language; None while there is nothing to say."""
    path = f"/reports/{row.kind}/{period.first.isoformat()}/"
    values: dict[str, Any] = {"form": TITLES[row.kind], "from": f"{period.first:%d-%m-%Y}"}
    if row.facility_id is None:
        # Before the day by which they are expected, hardly any would be there.
        if not queries.late_after(period):
            return None
        where = boards.ground(actor)
        done, missing = queries.how_many(where, period)
        return "forms-submitted", {**values, "place": local(where), "n": done,
                                   "all": done + missing, "url": live.address() + path}  # fmt: skip
    place = live.hospital(row.facility_id)
    found = queries.newest(row.facility_id, period)
    if place is None or found is None or queries.is_working(found):
        return None
    return "form-ready", {**values, "place": local(place), "url": place.url + path}
