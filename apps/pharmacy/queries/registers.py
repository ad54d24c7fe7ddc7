"""Statutory registers: Schedule H1 (who got what from whom) and controlled drugs (with balance)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from apps.accounts import queries as accounts
from apps.core.tenancy import current_facility
from apps.patients import queries as patients
from apps.pharmacy.items import Item, items
from apps.pharmacy.models import MedicationDispense, StockBatch, StockMovement

Row = dict[str, Any]
KINDS = ("h1", "ndps")
INTERNAL = StockMovement.Kind.TRANSFERRED


def register(kind: str, first: date, last: date) -> Row:
    """One register as plain JSON in both languages. 5 queries, one more a controlled drug."""
    facility: Any = current_facility()
    stocked = set(
        StockBatch.objects.order_by().values_list("medication_code", flat=True).distinct()
    )
    ours = [item for item in items(stocked).values() if item.register == kind]
    ours.sort(key=lambda item: item.name.lower())
    start, end = _moment(first), _moment(last + timedelta(days=1))
    content: Row = {
        "kind": kind,
        "facility": {"name_hi": facility.name_hi, "name_en": facility.name_en},
        "first": first.isoformat(),
        "last": last.isoformat(),
        "made_at": timezone.now().isoformat(),
    }
    given = _given([item.code for item in ours], start, end)
    if kind == "h1":
        return {**content, "rows": [_h1(row, n) for n, row in enumerate(given.values(), 1)]}
    return {**content, "drugs": [_drug(item, given, start, end) for item in ours]}


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _given(codes: list[str], start: datetime, end: datetime) -> dict[Any, Row]:
    """Handings over by id, with patient and prescriber. 2 queries."""
    rows = MedicationDispense.objects.filter(
        at__gte=start, at__lt=end, batch__medication_code__in=codes
    ).select_related("batch", "medication_request__prescription__encounter__patient")
    found = list(rows.order_by("at", "pk"))
    known = items({row.batch.medication_code for row in found})
    doctors = accounts.cards({_signed_by(row) for row in found} | {row.by_id for row in found})
    return {row.pk: _entry(row, known, doctors) for row in found}


def _signed_by(row: Any) -> Any:
    return row.medication_request.prescription.signed_by_id


def _entry(row: Any, known: dict[str, Item], people: dict[Any, Any]) -> Row:
    visit = row.medication_request.prescription.encounter
    who = patients.brief(visit.patient)
    doctor, by = people.get(_signed_by(row)), people.get(row.by_id)
    return {
        "at": row.at.isoformat(),
        "slip": visit.number,
        "patient": {
            "name_hi": who["name_hi"], "name_en": who["name_en"],
            "age_hi": who["age_hi"], "age_en": who["age_en"],
            "sex_hi": who["sex_hi"], "sex_en": who["sex_en"], "village": who["village"],
        },
        "doctor": {**_named(doctor), "registration_no": doctor.registration_no if doctor else ""},
        "by": _named(by),
        "drug": known[row.batch.medication_code].name,
        "batch_no": row.batch.batch_no,
        "quantity": _plain(row.quantity),
        "returned": _plain(row.returned),
    }  # fmt: skip


def _named(card: Any) -> Row:
    return {"name_hi": card.name_hi if card else "", "name_en": card.name_en if card else ""}


def _h1(row: Row, n: int) -> Row:
    return {**row, "no": n}


def _drug(item: Item, given: dict[Any, Row], start: datetime, end: datetime) -> Row:
    """Opening balance, each change with the balance after it, closing balance. 2 queries."""
    moves = StockMovement.objects.filter(batch__medication_code=item.code).exclude(kind=INTERNAL)
    opening = moves.filter(at__lt=start).aggregate(total=Sum("quantity"))["total"] or Decimal(0)
    balance, rows = opening, []
    inside = moves.filter(at__gte=start, at__lt=end).exclude(quantity=0).select_related("batch")
    people = accounts.cards({move.by_id for move in inside if move.by_id})
    for move in inside.order_by("at", "pk"):
        balance += move.quantity
        by = people.get(move.by_id)
        rows.append(
            {
                "at": move.at.isoformat(),
                "what": move.kind,
                "batch_no": move.batch.batch_no,
                "in": _plain(move.quantity) if move.quantity > 0 else "",
                "out": _plain(-move.quantity) if move.quantity < 0 else "",
                "balance": _plain(balance),
                "by": _named(by),
                "to": given.get(move.reference),
                "why": move.reason,
            }
        )
    return {
        "name": item.name,
        "unit_hi": item.unit_hi,
        "unit_en": item.unit_en,
        "opening": _plain(opening),
        "closing": _plain(balance),
        "rows": rows,
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"
