"""Stock that comes in bulk (a file, an indent) and stock that the laboratory uses up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.pharmacy import delivery_file, stores
from apps.pharmacy.actions.stock import Kind, move_stock, put, refuse_bad_lot, tell_level
from apps.pharmacy.items import Item, items, search
from apps.pharmacy.models import StockBatch, StockMovement
from apps.supply import actions as supply


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken, and why, in the reader's language."""

    line: int
    what: str
    why: Refused


@dataclass(slots=True)
class Report:
    """What came of a file. `written` is 0 when there were bad rows and `keep` was not asked."""

    rows: int = 0
    written: int = 0
    bad: list[BadRow] = field(default_factory=list)

    @property
    def good(self) -> int:
        return self.rows - len(self.bad)


@transaction.atomic
def receive_file(
    text: str, *, id: UUID, store: str, source: str, keep: bool, actor: Actor
) -> Report:
    """Take every row of a delivery, or nothing when some are bad (`keep`: the good ones).

    Sent twice with one `id` it is one delivery: each row has an id of its own made from it.
    Refused: file.*, stock.unknown_store.
    """
    actor.require(Permission.STOCK_MOVE)
    stores.known(store)
    arrived = delivery_file.read(text)
    known = items(row.code for row in arrived if row.code)
    names = _by_name({row.name for row in arrived if not row.code})
    report, good = Report(rows=len(arrived)), []
    for row in arrived:
        code = row.code or names.get(row.name, "")
        try:
            there = code in known or code in names.values()
            good.append((row, code, *_checked(row, code, known=there)))
        except Refused as no:
            report.bad.append(BadRow(row.line, row.code or row.name, no))
    if report.bad and not keep:
        return report
    _put_rows(good, report, id=id, store=store, source=source, actor=actor)
    if report.bad and not keep:  # a lot with two expiry dates shows only while writing
        transaction.set_rollback(True)
        report.written = 0
        return report
    record(Event.STOCK_RECEIVED, actor=actor, rows=report.written, bad=len(report.bad))
    tell_level()
    return report


def _put_rows(
    good: list[tuple[delivery_file.Arrived, str, date, Decimal]],
    report: Report,
    *,
    id: UUID,
    store: str,
    source: str,
    actor: Actor,
) -> None:
    ids = {row.line: uuid5(id, str(row.line)) for row, *_ in good}
    done = set(StockMovement.objects.filter(pk__in=ids.values()).values_list("pk", flat=True))
    for row, code, expiry, quantity in good:
        if ids[row.line] in done:
            report.written += 1
            continue
        try:
            lot = put(code, row.batch_no, expiry, store=store, unit=row.unit, source=source,
                      gtin=row.gtin)  # fmt: skip
        except Refused as no:
            report.bad.append(BadRow(row.line, row.code or row.name, no))
            continue
        move_stock(lot.pk, quantity, kind=Kind.RECEIVED, id=ids[row.line], actor=actor)
        report.written += 1


def _checked(row: delivery_file.Arrived, code: str, *, known: bool) -> tuple[date, Decimal]:
    if not known:
        raise Refused("stock.unknown_medicine", item=row.code or row.name or "—")
    if row.quantity is None:
        raise Refused("stock.quantity")
    if row.expiry is None:
        raise Refused("file.expiry")
    refuse_bad_lot(code, row.batch_no, row.expiry, row.quantity, known=True)
    return row.expiry, row.quantity


def _by_name(names: Iterable[str]) -> dict[str, str]:
    """Codes for names as another system writes them: "Paracetamol Tablet 500 mg". Name, strength
    and form must all be said, and fit one product only; a guess would be a wrong medicine."""
    found = {}
    for name in names:
        told = name.lower().replace(" ", "")
        words = name.split()
        near = search(words[0], limit=60) if words else []
        same = [item for item in near if _says(told, item)]
        if len(same) == 1:
            found[name] = same[0].code
    return found


def _says(told: str, item: Item) -> bool:
    parts = (*item.name.lower().split(), item.form.lower().split(",")[0].replace(" ", ""))
    return all(part in told for part in parts)


@transaction.atomic
def acknowledge_indent(indent_id: UUID, *, actor: Actor) -> Any:
    """What the district store issued has arrived: its lots lie in the main store. Safe to repeat.

    Refused: indent.not_issued, stock.other_expiry.
    """
    actor.require(Permission.STOCK_MOVE)
    indent, first_time = supply.acknowledge(indent_id, actor=actor)
    if not first_time:
        return indent
    store = stores.main().code
    for line in indent.lines:
        for n, lot in enumerate(line.get("lots", [])):
            row = put(line["code"], lot["batch_no"], date.fromisoformat(lot["expiry"]),
                      store=store, source=indent.number)  # fmt: skip
            move_stock(
                row.pk,
                Decimal(lot["quantity"]),
                kind=Kind.RECEIVED,
                id=uuid5(indent.pk, f"{line['code']}:{n}"),
                reference=indent.pk,
                actor=actor,
            )
    record(Event.STOCK_RECEIVED, actor=actor, indent=indent.number, rows=len(indent.lines))
    tell_level()
    return indent


@transaction.atomic
def use_items(use_id: UUID, item_code: str, quantity: Decimal, *, actor: Actor) -> Decimal:
    """The laboratory used up kits: taken first-expiring-first from its own store, then from any.

    Never refuses: a test that was done is done. Answers what the shelf could not cover, which the
    trail keeps too. `use_id` (a report, a specimen) used twice takes once.
    """
    actor.require(Permission.STOCK_MOVE)
    lots = StockBatch.objects.usable(timezone.localdate()).filter(medication_code=item_code)
    held = list(lots.select_for_update().first_expiring())
    first_id = uuid5(use_id, f"{item_code}:0")
    if StockMovement.objects.filter(pk=first_id).exists():
        return Decimal(0)
    lab = {store.code for store in stores.config().stores if store.kind == "lab"}
    missing = quantity
    for n, lot in enumerate(sorted(held, key=lambda lot: lot.store not in lab)):
        part = min(missing, lot.on_hand)
        if part <= 0:
            break
        move_stock(lot.pk, -part, kind=Kind.USED, reference=use_id,
                   id=uuid5(use_id, f"{item_code}:{n}"), actor=actor)  # fmt: skip
        missing -= part
    record(Event.STOCK_USED, actor=actor, code=item_code, quantity=str(quantity),
           missing=str(missing))  # fmt: skip
    tell_level()
    return missing
