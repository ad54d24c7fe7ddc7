"""Samples that an outside laboratory works on: sent, and their results read from a table."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.documents import actions as documents
from apps.labs import queries
from apps.labs.actions.enter import _locked, enter, send
from apps.labs.actions.verify import back_to_doctor, own_patients_only
from apps.labs.models import ServiceRequest

# An outside paper often comes days later; the person's own right is asked first.
FILING = Actor.of_system("labs.outside", Permission.DOC_UPLOAD, Permission.HISTORY_VIEW)
COLUMNS = ("accession", "test_code", "value")
MOST_ROWS = 5000


@dataclass
class Read:
    """A results file as read. `bad`: (line, sentence or refusal)."""

    good: int = 0
    samples: int = 0
    bad: list[tuple[int, Refused]] = field(default_factory=list)
    kept: bool = True


@transaction.atomic
def send_out(request_ids: Iterable[UUID], *, performer: str, actor: Actor) -> int:
    """Put orders on an outside laboratory's list; "" brings them back to our own benches.

    Refused: outside.unknown, outside.nothing.
    """
    actor.require(Permission.LAB_COLLECT)
    if performer and performer not in queries.outside_laboratories():
        raise Refused("outside.unknown")
    rows = list(
        ServiceRequest.objects.select_for_update().active().for_laboratory()
        .filter(pk__in=list(request_ids))
    )  # fmt: skip
    if not rows:
        raise Refused("outside.nothing")
    for row in rows:
        row.performer = performer
        row.detail = {**row.detail, "out_at": timezone.now().isoformat(timespec="seconds")}
        row.save(update_fields=["performer", "detail"])
    record(Event.SAMPLE_SENT_OUT, subject=rows[0], actor=actor, tests=len(rows),
           performer=performer)  # fmt: skip
    return len(rows)


def read_results(data: bytes, *, keep_good: bool, actor: Actor) -> Read:
    """Results of an outside laboratory: columns accession, test_code, value, and perhaps unit.

    Good rows go into preliminary reports for the verifier. With a bad row in the file nothing is
    kept unless `keep_good`. Refused: outside.file (no table, or columns missing).
    """
    actor.require(Permission.LAB_ENTER)
    rows = _rows(data)
    found = Read()
    try:
        with transaction.atomic():
            _take(rows, found, actor)
            if found.bad and not keep_good:
                found.kept = False
                raise _Undo
            record(Event.OUTSIDE_RESULTS_READ, actor=actor, good=found.good, bad=len(found.bad))
    except _Undo:
        pass
    return found


@transaction.atomic
def read_paper(
    accession: str, *, id: UUID, files: Sequence[bytes], actor: Actor
) -> list[ServiceRequest]:
    """The outside laboratory's own report, as PDF or photos: kept as it is, no value is typed.

    Who adds it answers for patient and sample, so it takes the right to verify. The orders end
    and the token goes back to the doctor. Sent twice (the same `id`) is one paper.
    Refused: specimen.not_found, specimen.rejected, outside.no_paper, scan.*.
    """
    actor.require(Permission.LAB_VERIFY)
    sample = _locked(accession)
    orders = [order for order in queries.orders_on(sample) if order.performer]
    own_patients_only(orders, sample.encounter, actor)
    done = [order for order in orders if order.detail.get("paper") == str(id)]
    if done:
        return done
    waiting = [order for order in orders if order.status == ServiceRequest.Status.ACTIVE]
    if not waiting:
        raise Refused("outside.no_paper")
    documents.add_scan(
        sample.encounter_id, id=id, files=files, what="report", dated=None,  # only the paper knows
        note=f"{accession} · {waiting[0].performer}", actor=FILING,
    )  # fmt: skip
    for order in waiting:
        order.status = ServiceRequest.Status.COMPLETED
        order.detail |= {"paper": str(id), "paper_on": timezone.localdate().isoformat()}
        order.save(update_fields=["status", "detail"])
    record(Event.OUTSIDE_RESULTS_READ, subject=sample, patient_id=sample.encounter.patient_id,
           actor=actor, paper=True, tests=len(waiting))  # fmt: skip
    back_to_doctor(sample.encounter, [])
    return waiting


class _Undo(Exception):
    """Takes back what was written."""


def _rows(data: bytes) -> list[tuple[int, dict[str, str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    reader = csv.DictReader(io.StringIO(text))
    if not set(COLUMNS) <= {name.strip() for name in reader.fieldnames or ()}:
        raise Refused("outside.file")
    rows = [
        (n, {(key or "").strip(): (value or "").strip() if isinstance(value, str) else ""
             for key, value in row.items()})
        for n, row in enumerate(reader, 2)
    ]  # fmt: skip
    if not rows or len(rows) > MOST_ROWS:
        raise Refused("outside.file")
    return rows


def _take(rows: list[tuple[int, dict[str, str]]], found: Read, actor: Actor) -> None:
    samples: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for n, row in rows:
        samples.setdefault(row["accession"].upper(), []).append((n, row))
    for accession, lines in samples.items():
        good = _one_sample(accession, lines, found, actor)
        found.good += good
        found.samples += bool(good)
    found.bad.sort(key=lambda pair: pair[0])


def _one_sample(
    accession: str, lines: list[tuple[int, dict[str, str]]], found: Read, actor: Actor
) -> int:
    sample = queries.specimen(accession) if len(accession) > 5 else None
    if sample is None:
        found.bad += [(n, Refused("specimen.not_found")) for n, _ in lines]
        return 0
    orders = [
        o
        for o in queries.orders_on(sample)
        if o.performer and o.status == ServiceRequest.Status.ACTIVE
    ]
    parts = queries.parts_of(orders)
    typed: dict[tuple[UUID, str], str] = {}
    where: dict[tuple[UUID, str], int] = {}
    for n, row in lines:
        code = row["test_code"].upper()
        order = next((o for o in orders if code in parts[o.pk]), None)
        if order is None:
            found.bad.append((n, Refused("outside.not_sent", item=code[:20])))
        elif not row["value"]:
            found.bad.append((n, Refused("outside.no_value", item=code[:20])))
        else:
            typed[order.pk, code] = f"{row['value']} {row.get('unit', '')}".strip()
            where[order.pk, code] = n
    if not typed:
        return 0
    try:
        saved = enter(accession, typed=typed, source=orders[0].performer, actor=actor)
    except Refused as no:
        found.bad += [(n, no) for n in where.values()]
        return 0
    found.bad += [(where[key], no) for key, no in saved.problems.items()]
    if not saved.problems:
        _try_send(accession, actor)
    return len(typed) - len(saved.problems)


def _try_send(accession: str, actor: Actor) -> None:
    """On to the verifier when every order of the sample has its value."""
    try:
        with transaction.atomic():
            send(accession, actor=actor)
    except Refused:
        return
