"""Verbs between hospitals: ask, approve, pass on, issue, refuse, acknowledge; and the levels."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import current_facility, in_training
from apps.facilities.numbers import next_number
from apps.supply import queries
from apps.supply.models import Indent, StockLevel

Status = Indent.Status
MOST = Decimal(999_999)
LEVEL_FIELDS = ("usable", "expired", "weekly_use", "nearest_expiry", "updated_at")


@transaction.atomic
def raise_indent(*, id: UUID, lines: list[dict[str, Any]], actor: Actor) -> Indent:
    """Ask the district store. `lines`: {code, name, unit, suggested, asked}; the same id, one row.

    Refused: indent.empty, indent.quantity.
    """
    actor.require(Permission.INDENT_RAISE)
    if done := Indent.objects.filter(pk=id).first():
        return done
    facility: Any = current_facility()
    kept = [{**line, "asked": str(q)} for line in lines if (q := _number(line["asked"])) > 0]
    if not kept:
        raise Refused("indent.empty")
    year = f"{timezone.localdate():%Y}"
    indent = Indent(
        id=id,
        facility_id=facility.pk,
        district_code=facility.district_code,
        lines=kept,
        raised_by=actor.user_id,
    )
    _note(indent, "raised", actor)
    number = next_number(facility.pk, "indent", year)
    indent.number = f"{facility.prefix}-I-{year[2:]}-{number:04d}"
    indent.save(force_insert=True)
    record(Event.INDENT_RAISED, subject=indent, actor=actor, lines=len(kept))
    return indent


@transaction.atomic
def approve(indent_id: UUID, *, asked: dict[str, str] | None = None, actor: Actor) -> Indent:
    """The in-charge agrees, with other quantities when `asked` names them. Safe to repeat."""
    actor.require(Permission.INDENT_APPROVE)
    indent = queries.indent(indent_id, actor=actor, lock=True)
    if indent.status == Status.APPROVED:
        return indent
    _must_be(indent, Status.RAISED, "indent.not_raised")
    changed = asked or {}
    for line in indent.lines:
        line["approved"] = str(_number(changed.get(line["code"], line["asked"])))
    if not any(Decimal(line["approved"]) for line in indent.lines):
        raise Refused("indent.empty")
    _moved(indent, Status.APPROVED, actor)
    record(Event.INDENT_APPROVED, subject=indent, actor=actor, lines=len(indent.lines))
    return indent


@transaction.atomic
def forward(indent_id: UUID, *, actor: Actor) -> Indent:
    """The district store has not enough: the State sees it too, in its list. Safe to repeat."""
    actor.require(Permission.STOCK_MOVE)
    indent = _of_district(indent_id, actor)
    _must_be(indent, Status.APPROVED, "indent.not_approved")
    if indent.tier == Indent.Tier.STATE:
        return indent
    indent.tier = Indent.Tier.STATE
    _note(indent, "forwarded", actor)
    indent.save(update_fields=["tier", "history"])
    record(Event.INDENT_FORWARDED, subject=indent, facility_id=indent.facility_id, actor=actor)
    return indent


@transaction.atomic
def issue(indent_id: UUID, *, lots: dict[str, list[dict[str, str]]], actor: Actor) -> Indent:
    """The district store sends. `lots`: code to [{"batch_no", "expiry" ISO, "quantity"}].

    Refused: indent.not_approved, indent.nothing_issued, indent.lot, indent.expired_lot.
    """
    actor.require(Permission.STOCK_MOVE)
    indent = _of_district(indent_id, actor)
    if indent.status == Status.ISSUED:
        return indent
    _must_be(indent, Status.APPROVED, "indent.not_approved")
    known = {line["code"] for line in indent.lines}
    sent = {code: [_lot(lot) for lot in rows] for code, rows in lots.items() if code in known}
    if not any(sent.values()):
        raise Refused("indent.nothing_issued")
    for line in indent.lines:
        line["lots"] = sent.get(line["code"], [])
    _moved(indent, Status.ISSUED, actor)
    record(Event.INDENT_ISSUED, subject=indent, facility_id=indent.facility_id, actor=actor)
    return indent


@transaction.atomic
def refuse(indent_id: UUID, *, reason: str, actor: Actor) -> Indent:
    """Not now, with a reason: by the in-charge before, by the district store after approval."""
    if not actor.may(Permission.INDENT_APPROVE):
        actor.require(Permission.STOCK_MOVE)
        if actor.facility_id is not None:  # a hospital's store keeper only asks
            raise Forbidden(Permission.INDENT_APPROVE)
    indent = queries.indent(indent_id, actor=actor, lock=True)
    if indent.status == Status.REFUSED:
        return indent
    if not reason.strip():
        raise Refused("indent.reason")
    if indent.status not in (Status.RAISED, Status.APPROVED):
        raise Refused("indent.not_raised")
    _moved(indent, Status.REFUSED, actor, reason.strip()[:200])
    record(Event.INDENT_REFUSED, subject=indent, facility_id=indent.facility_id, actor=actor)
    return indent


@transaction.atomic
def acknowledge(indent_id: UUID, *, actor: Actor) -> tuple[Indent, bool]:
    """It has arrived; the second value is False when it was acknowledged before.

    The app that keeps the shelf calls this and puts the lots there in the same transaction.
    """
    actor.require(Permission.STOCK_MOVE)
    indent = queries.indent(indent_id, actor=actor, lock=True)
    if indent.status == Status.ACKNOWLEDGED:
        return indent, False
    _must_be(indent, Status.ISSUED, "indent.not_issued")
    _moved(indent, Status.ACKNOWLEDGED, actor)
    record(Event.INDENT_ACKNOWLEDGED, subject=indent, actor=actor)
    return indent, True


def share_levels(rows: Iterable[dict[str, Any]]) -> int:
    """Keep what the hospital we stand in can use now; `rows` are dicts of StockLevel's fields.
    A training place keeps its practice stock to itself."""
    if in_training():
        return 0
    facility: Any = current_facility()
    now = timezone.now()
    levels = [
        StockLevel(
            id=uuid7(),
            facility_id=facility.pk,
            district_code=facility.district_code,
            updated_at=now,
            **row,
        )
        for row in sorted(rows, key=lambda row: row["medication_code"])
    ]
    StockLevel.objects.bulk_create(
        levels,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["facility", "medication_code"],
        update_fields=[*LEVEL_FIELDS, "district_code"],
    )
    return len(levels)


def _of_district(indent_id: UUID, actor: Actor) -> Indent:
    if actor.facility_id is not None:
        raise Forbidden(Permission.STOCK_MOVE)
    return queries.indent(indent_id, actor=actor, lock=True)


def _must_be(indent: Indent, status: str, code: str) -> None:
    if indent.status != status:
        raise Refused(code)


def _moved(indent: Indent, status: str, actor: Actor, note: str = "") -> None:
    indent.status = status
    _note(indent, str(status), actor, note)
    indent.save(update_fields=["status", "lines", "history"])


def _note(indent: Indent, what: str, actor: Actor, note: str = "") -> None:
    by = str(actor.user_id) if actor.user_id else actor.system
    at = timezone.now().isoformat()
    indent.history = [*indent.history, {"at": at, "by": by, "what": what, "note": note}]


def _number(value: Any) -> Decimal:
    try:
        number = Decimal(str(value or 0))
    except InvalidOperation:
        raise Refused("indent.quantity") from None
    if not number.is_finite() or not 0 <= number <= MOST:
        raise Refused("indent.quantity")
    return number


def _lot(typed: dict[str, str]) -> dict[str, str]:
    quantity, batch_no = _number(typed["quantity"]), typed["batch_no"].strip().upper()[:40]
    try:
        expiry = date.fromisoformat(typed["expiry"])
    except ValueError:
        raise Refused("indent.lot") from None
    if not batch_no or not quantity:
        raise Refused("indent.lot")
    if expiry < timezone.localdate():
        raise Refused("indent.expired_lot", batch=batch_no)
    return {"batch_no": batch_no, "expiry": expiry.isoformat(), "quantity": str(quantity)}
