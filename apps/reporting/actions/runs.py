"""The State's forms: worked out by a job, completed by hand, submitted, revised."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Level
from apps.core.errors import Forbidden, Refused
from apps.core.fold import digits
from apps.core.queue import enqueue
from apps.facilities import live
from apps.facilities import queries as facilities
from apps.facilities.scope import require_reach
from apps.reporting import queries
from apps.reporting.forms_of import RIGHTS, Period, latest
from apps.reporting.idsp import TESTED
from apps.reporting.items import items
from apps.reporting.models import ReportRun

Status = ReportRun.Status
PLANNER = Actor.of_system("reporting", *RIGHTS.values())
MOST, LONGEST_REASON = 9_999_999, 200


@transaction.atomic
def ask(facility_id: UUID, period: Period, *, actor: Actor) -> ReportRun:
    """Have a hospital's form worked out, or worked out anew while it is a draft. Pressed twice it
    is one form. Refused: form.frozen."""
    require_reach(actor, RIGHTS[period.kind], _place(facility_id))
    row, made = ReportRun.objects.select_for_update().get_or_create(
        kind=period.kind, facility_id=facility_id, first=period.first, revision=_revision(
            facility_id, period
        ), defaults={"last": period.last},
    )  # fmt: skip
    if row.status != Status.DRAFT:
        raise Refused("form.frozen")
    if not made and queries.is_working(row) and timezone.now() - row.asked_at < WAIT:
        return row
    row.asked_at = timezone.now()
    row.save(update_fields=["asked_at"])
    record(Event.STATE_FORM_ASKED, subject=row, facility_id=facility_id, actor=actor,
           kind=period.kind, first=period.first.isoformat())  # fmt: skip
    enqueue("reporting.fill", facility_id=facility_id, run_id=row.pk)
    return row


WAIT = timedelta(minutes=2)  # a job that has not answered by then may be asked for again


def _place(facility_id: UUID) -> Any:
    place = facilities.by_ids([facility_id]).get(facility_id)
    if place is None:
        raise Refused("not_found")
    return place


def _revision(facility_id: UUID, period: Period) -> int:
    found = queries.newest(facility_id, period)
    return found.revision if found else 1


def fill(run_id: UUID) -> None:
    """Work out a draft from the rows of the hospital in whose schema we stand."""
    found = queries.run(run_id)
    if found is None or found.status != Status.DRAFT:
        return
    begun = timezone.now()
    figures, lines = queries.computed(Period(found.kind, found.first, found.last))
    ReportRun.objects.filter(pk=run_id, status=Status.DRAFT).update(
        figures=figures, lines=lines, made_at=begun
    )


@transaction.atomic
def enter(run_id: UUID, *, values: dict[str, str], actor: Actor) -> ReportRun:
    """Keep numbers that a person wrote; an empty one gives the line back to the data.

    Refused: form.frozen, form.number.
    """
    row = _locked(run_id, actor)
    if row.status != Status.DRAFT:
        raise Refused("form.frozen")
    known = items(row.kind)
    entered = dict(row.entered)
    for code, text in values.items():
        if code.removesuffix(TESTED) not in known:
            continue
        told = digits(text).strip().replace(",", "")
        if not told:
            entered.pop(code, None)
            continue
        if not told.isdecimal() or int(told) > MOST:
            raise Refused("form.number", line=code)
        # The same as the data is no statement of a person.
        if row.figures.get(code) == int(told) and code not in row.entered:
            continue
        entered[code] = int(told)
    if entered != row.entered:
        changed = sum(entered.get(c) != row.entered.get(c) for c in {*entered, *row.entered})
        row.entered = entered
        row.save(update_fields=["entered"])
        record(Event.STATE_FORM_ENTERED, subject=row, facility_id=row.facility_id, actor=actor,
               kind=row.kind, lines=changed)  # fmt: skip
    return row


@transaction.atomic
def submit_form(run_id: UUID, *, actor: Actor) -> ReportRun:
    """Freeze a form that was worked out after its period. Sent twice it is one. Of an IDSP week
    the empty lines are reported as zero: a week without cases is a report too.

    Refused: form.running, form.not_made, form.old. Forbidden for who may only prepare.
    """
    row = _locked(run_id, actor)
    if actor.level(RIGHTS[row.kind]) is not Level.APPROVE:
        raise Forbidden(RIGHTS[row.kind])
    if row.status != Status.DRAFT:
        return row
    if row.last >= timezone.localdate():
        raise Refused("form.running")
    if row.made_at is None or queries.is_working(row):
        raise Refused("form.not_made")
    if timezone.localtime(row.made_at).date() <= row.last:
        raise Refused("form.old")
    place = _place(row.facility_id)
    if row.kind == ReportRun.Kind.IDSP:
        empty = set(items("idsp")) - set(row.figures) - set(row.entered)
        row.entered = {**row.entered, **dict.fromkeys(sorted(empty), 0)}
    ReportRun.objects.filter(
        kind=row.kind, facility_id=row.facility_id, first=row.first, status=Status.SUBMITTED
    ).update(status=Status.SUPERSEDED)
    row.status, row.submitted_at, row.submitted_by = Status.SUBMITTED, timezone.now(), actor.user_id
    row.district_code, row.block_code = place.district_code, place.block_code
    row.save()
    record(Event.STATE_FORM_SUBMITTED, subject=row, facility_id=row.facility_id, actor=actor,
           kind=row.kind, first=row.first.isoformat(), revision=row.revision)  # fmt: skip
    return row


@transaction.atomic
def revise(run_id: UUID, *, id: UUID, reason: str, actor: Actor) -> ReportRun:
    """A new revision of a submitted form: what a hand wrote is kept, the rest is worked out anew.
    The submitted one stands until the revision is submitted. Refused: form.…"""
    row = _locked(run_id, actor)
    if done := ReportRun.objects.filter(pk=id, facility_id=row.facility_id).first():
        return done
    reason = reason.strip()
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise Refused("form.reason")
    if row.status != Status.SUBMITTED:
        raise Refused("form.not_submitted")
    fresh, made = ReportRun.objects.get_or_create(
        kind=row.kind, facility_id=row.facility_id, first=row.first, revision=row.revision + 1,
        defaults={"id": id, "last": row.last, "reason": reason, "entered": row.entered},
    )  # fmt: skip
    if made:
        record(Event.STATE_FORM_REVISED, subject=fresh, facility_id=row.facility_id, actor=actor,
               kind=row.kind, revision=fresh.revision)  # fmt: skip
        enqueue("reporting.fill", facility_id=row.facility_id, run_id=fresh.pk)
    return fresh


def record_traced(found: ReportRun, code: str, *, n: int, actor: Actor) -> None:
    """Somebody looked at the people behind a number."""
    record(Event.STATE_FORM_TRACED, subject=found, facility_id=found.facility_id, actor=actor,
           kind=found.kind, code=code, rows=n)  # fmt: skip


def plan(kind: str) -> int:
    """Drafts of the period that is over, in every hospital that works; how many were asked for."""
    period, asked = latest(kind), 0
    for place in live.hospitals():
        if place.is_open and queries.newest(place.id, period) is None:
            ask(place.id, period, actor=PLANNER)
            asked += 1
    return asked


def _locked(run_id: UUID, actor: Actor) -> ReportRun:
    row = ReportRun.objects.select_for_update().filter(pk=run_id).first()
    if row is None:
        raise Refused("not_found")
    require_reach(actor, RIGHTS[row.kind], _place(row.facility_id))
    return row
