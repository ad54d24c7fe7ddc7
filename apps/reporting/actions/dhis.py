"""The incentive's ledger: reading the trail, judging, and what an office adds and submits."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import master
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.fold import digits
from apps.core.master import Summary
from apps.facilities import queries as facilities
from apps.facilities.scope import reaches, require_reach
from apps.reporting import queries, verdicts
from apps.reporting.formula import Choices
from apps.reporting.lists import RULES
from apps.reporting.models import (
    IncentivePayment,
    IncentiveStatement,
    LedgerMark,
    LinkedRecord,
)

LOCK = "hashtext('reporting.dhis')"
AGAIN_DAYS = 40  # read once more each night: what a restore or a late row left out
FILE_KB = 2048
REASON = 200
MOST = Decimal(10_000_000_000)
LEDGER = Permission.DHIS_LEDGER


def load_rules(
    *, file: Path | None = None, keep_good: bool = False, retire: bool = False, actor: Actor
) -> Summary:
    """Bring the dated rules up to the file. Raises core.master.Unreadable."""
    actor.require(Permission.MASTER_EDIT)
    summary = master.load(RULES, file=file, keep_good=keep_good, retire=retire)
    if summary.added or summary.changed or summary.retired:
        record(Event.MASTER_LOADED, actor=actor, list=RULES.name, added=summary.added,
               changed=summary.changed, retired=summary.retired, bad=len(summary.bad))  # fmt: skip
    return summary


@transaction.atomic
def collect() -> int | None:
    """Read what the trail says since the last time; rows added, None while another one reads.

    Like the boards' counting: the lock has a statement of its own, and only transactions that
    have ended are read. A mark from another cluster (a restore) starts anew; no event enters
    twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock({LOCK})")
        if not cursor.fetchone()[0]:
            return None
        mark = LedgerMark.objects.get_or_create(pk="dhis")[0]
        cursor.execute(verdicts.EDGE)
        high = int(cursor.fetchone()[0])
        low = mark.xid if mark.xid <= high else 0
        bounds: dict[str, Any] = {"low": low, "high": high, "zone": settings.TIME_ZONE}
        cursor.execute(verdicts.collecting(verdicts.NEW), bounds)
        added = int(cursor.rowcount)
        mark.xid, mark.ran_at = high, timezone.now()
        mark.save()
    return added


@transaction.atomic
def collect_again(days: int = AGAIN_DAYS) -> int:
    """Read the last days of the trail once more, whatever the mark says; rows added."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        first = timezone.now() - timedelta(days=days)
        bounds: dict[str, Any] = {"first": first, "zone": settings.TIME_ZONE}
        cursor.execute(verdicts.collecting(verdicts.OF_DAYS), bounds)
        return int(cursor.rowcount)


@transaction.atomic
def invent(facility_id: UUID, rows: list[dict[str, Any]], *, actor: Actor) -> int:
    """Labelled demo records of a demo hospital: {event_id, hi_type, at, person_id, kyc}; rows
    made. A demo hospital has no HFR number and can submit nothing. Refused: demo.only."""
    actor.require(LEDGER)
    if not facilities.facility(facility_id).is_demo:
        raise Refused("demo.only")
    known = set(
        LinkedRecord.objects.filter(event_id__in=[row["event_id"] for row in rows])
        .values_list("event_id", flat=True)
    )  # fmt: skip
    fresh = [row for row in rows if row["event_id"] not in known]
    LinkedRecord.objects.bulk_create([
        LinkedRecord(
            kind="record", facility_id=facility_id, subject_id=row["event_id"],
            day=timezone.localtime(row["at"]).date(),
            visit_day=timezone.localtime(row["at"]).date(), **row,
        )
        for row in fresh
    ])  # fmt: skip
    return len(fresh)


@transaction.atomic
def judge(month: date, *, of: UUID | None = None) -> int:
    """Give every record of a month, in all hospitals, its verdict; how many changed. `of`: those
    of one hospital, and what its people have elsewhere."""
    scheme, choices = queries.scheme_of(month), Choices.read()
    rule = scheme.for_records if scheme else None
    bounds: dict[str, Any] = {
        "first": month,
        "last": queries.last_of(month),
        "software": choices.software_from,
        "kyc_only": bool(rule and rule.kyc_only),
        "best": choices.one_a_day == "best",
        "across": choices.month_limit == "across",
        "per_day": rule.per_day if rule else 1,
        "per_month": rule.per_month if rule else 5,
        "facility": of,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        cursor.execute(verdicts.SORTING)
        cursor.execute(verdicts.judging(one_hospital=of is not None), bounds)
        return int(cursor.rowcount)


def judge_open() -> None:
    """This month and the three before it: the months that can still be claimed."""
    month = timezone.localdate().replace(day=1)
    for _ in range(4):
        judge(month)
        month = (month - timedelta(days=1)).replace(day=1)


@transaction.atomic
def tell(
    facility_id: UUID, *, month: date, received: str, claims: str, why: str = "", actor: Actor
) -> None:
    """Keep NHCX claims, which no event of ours knows, and a number of shares received that stands,
    with its reason, for ours; empty or the same takes it back. Refused: dhis.…"""
    row = _open_row(facility_id, month, actor)
    if row.status == IncentiveStatement.Status.SUBMITTED:
        raise Refused("dhis.frozen")
    number = _whole(received) if received.strip() else None
    if number == queries.statement(facility_id, month).content["received"]["counted"]:
        number = None
    reason = " ".join(why.split()) if number is not None else ""
    if number is not None and not 0 < len(reason) <= REASON:
        raise Refused("dhis.reason")
    told: dict[str, Any] = {"received": number, "why": reason, "claims": read_claims(claims)}
    if told == row.told:
        return
    row.told = told
    row.save(update_fields=["told"])
    more: dict[str, Any] = {} if number is None else {"received": number}
    record(Event.INCENTIVE_TOLD, subject=row, facility_id=facility_id, actor=actor,
           claims=sum(n for n, _ in told["claims"]), **more)  # fmt: skip


def read_claims(text: str) -> list[list[Any]]:
    """ "10 x 5000" a line, as [[10, "5000.00"]]."""
    found = []
    for line in digits(text).lower().replace("×", "x").splitlines():
        if not line.strip():
            continue
        number, cross, amount = line.partition("x")
        if not cross or not number.strip().isdecimal() or len(number.strip()) > 6:
            raise Refused("dhis.claims")
        try:
            found.append([int(number), str(_rupees(amount))])
        except Refused:
            raise Refused("dhis.claims") from None
    return found


@transaction.atomic
def note_nha(facility_id: UUID, *, month: date, records: str, rupees: str, actor: Actor) -> None:
    """Keep NHA's own count of a hospital's month beside ours. Refused: dhis.number."""
    row = _open_row(facility_id, month, actor)
    _keep_nha(row, _whole(records), _rupees(rupees) if rupees.strip() else None)
    record(Event.INCENTIVE_COMPARED, subject=row, facility_id=facility_id, actor=actor,
           records=row.nha_records)  # fmt: skip


def _keep_nha(row: IncentiveStatement, records: int, rupees: Decimal | None) -> None:
    row.nha_records, row.nha_rupees, row.nha_told_at = records, rupees, timezone.now()
    row.save(update_fields=["nha_records", "nha_rupees", "nha_told_at"])


def read_nha(data: bytes, *, actor: Actor) -> dict[str, Any]:
    """NHA's list (hfr_id, month, records, rupees) for many hospitals: {"done", "bad": [(line,
    why)]}. A bad line is told, the others are kept. Refused: dhis.file."""
    actor.require(LEDGER)
    rows = _table(data)
    ids = {row.get("hfr_id", "").strip() for _, row in rows} - {""}
    known = facilities.by_hfr(ids)
    done, bad = 0, []
    for line, row in rows:
        place = known.get(row.get("hfr_id", "").strip())
        if place is None or not reaches(actor, place):
            bad.append((line, "hfr"))
            continue
        try:
            month = queries.month_of(row.get("month", "").strip()[:7] or "-")
            told = {"records": row.get("records", ""), "rupees": row.get("rupees") or ""}
            note_nha(place.pk, month=month, **told, actor=actor)
            done += 1
        except Refused as no:
            bad.append((line, no.code))
    return {"done": done, "bad": bad}


def _table(data: bytes) -> list[tuple[int, dict[str, str]]]:
    if len(data) > FILE_KB * 1024:
        raise Refused("dhis.file", kb=FILE_KB)
    text = ""
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):  # spreadsheets save any of them
        try:
            text = data.decode(encoding)
            break
        except UnicodeError:
            continue
    reader = csv.DictReader(io.StringIO(text))
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if "\x00" in text or not {"hfr_id", "month", "records"} <= set(names):
        raise Refused("dhis.file", kb=FILE_KB)
    reader.fieldnames = names
    return [
        (reader.line_num, {key: value or "" for key, value in row.items() if isinstance(key, str)})
        for row in reader
    ]


@transaction.atomic
def submit(facility_id: UUID, *, month: date, actor: Actor) -> IncentiveStatement:
    """Freeze a hospital's month; its records keep their verdicts for ever. Sent twice it is one.

    Refused: dhis.running, dhis.no_rule, dhis.no_hfr.
    """
    row = _open_row(facility_id, month, actor)
    if row.status == IncentiveStatement.Status.SUBMITTED:
        return row
    scheme = queries.scheme_of(month)
    if queries.last_of(month) >= timezone.localdate():
        raise Refused("dhis.running")
    if scheme is None or not scheme.in_force:
        raise Refused("dhis.no_rule")
    if not facilities.facility(facility_id).hfr_id:
        raise Refused("dhis.no_hfr")
    judge(month, of=facility_id)
    shown = queries.statement(facility_id, month)
    row.content = {**shown.content, "hfr_id": facilities.facility(facility_id).hfr_id}
    row.facility_rupees, row.dsc_rupees = shown.rupees, shown.dsc
    row.status, row.submitted_at = IncentiveStatement.Status.SUBMITTED, timezone.now()
    row.submitted_by = actor.user_id
    row.save()
    LinkedRecord.objects.filter(
        facility_id=facility_id, day__range=(month, queries.last_of(month)), statement=None
    ).update(statement=row)
    record(Event.INCENTIVE_SUBMITTED, subject=row, facility_id=facility_id, actor=actor,
           month=month.isoformat(), records=shown.ours, rupees=str(shown.rupees))  # fmt: skip
    return row


@transaction.atomic
def note_payment(
    facility_id: UUID, *, id: UUID, month: date, rupees: str, on: str, reference: str, actor: Actor
) -> IncentivePayment:
    """Money that came for a submitted statement; the same `id` again is the same payment."""
    row = _open_row(facility_id, month, actor)
    if row.status != IncentiveStatement.Status.SUBMITTED:
        raise Refused("dhis.not_submitted")
    if done := IncentivePayment.objects.filter(pk=id, facility_id=facility_id).first():
        return done
    try:
        amount, day = _rupees(rupees), date.fromisoformat(on)
    except (Refused, ValueError):
        raise Refused("dhis.payment") from None
    if amount <= 0 or day > timezone.localdate():
        raise Refused("dhis.payment")
    payment = IncentivePayment.objects.create(
        id=id, statement=row, facility_id=facility_id, rupees=amount, received_on=day,
        reference=reference.strip()[:40],
    )  # fmt: skip
    record(Event.INCENTIVE_PAID, subject=payment, facility_id=facility_id, actor=actor,
           rupees=str(amount))  # fmt: skip
    return payment


def _open_row(facility_id: UUID, month: date, actor: Actor) -> IncentiveStatement:
    """The month's row, locked; made when it is the first time somebody adds to it."""
    place = facilities.by_ids([facility_id]).get(facility_id)
    actor.require(LEDGER)
    if place is None:
        raise Refused("not_found")
    require_reach(actor, LEDGER, place)
    IncentiveStatement.objects.get_or_create(facility_id=facility_id, month=month)
    return IncentiveStatement.objects.select_for_update().get(facility_id=facility_id, month=month)


def _whole(text: str) -> int:
    told = digits(text).strip().replace(",", "") or "0"
    if not told.isdecimal() or len(told) > 9:
        raise Refused("dhis.number")
    return int(told)


def _rupees(text: str) -> Decimal:
    try:
        found = Decimal(digits(text).strip().replace(",", ""))
    except InvalidOperation:
        raise Refused("dhis.number") from None
    if not found.is_finite() or not 0 <= found < MOST:
        raise Refused("dhis.number")
    return found.quantize(Decimal("0.01"))
