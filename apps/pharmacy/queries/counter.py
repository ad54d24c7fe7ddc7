"""The medicine counter: who waits, one prescription with lots picked, labels and slips."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from apps.accounts import queries as accounts
from apps.encounters import queries as visits
from apps.patients import queries as patients
from apps.pharmacy import stores
from apps.pharmacy.items import Item, items, same_salt
from apps.pharmacy.models import MedicationDispense, StockBatch
from apps.prescriptions import queries as prescriptions
from apps.terminology import queries as terminology

Row = dict[str, Any]
SOON = 60  # days: a lot that ends before this is marked
LOW_TIMES = 3  # less than this many of the same hand-overs left: low


@dataclass(slots=True)
class Line:
    """One prescribed line as the counter sees it. `take`: lots that a plain Enter would give."""

    row: Any  # prescriptions.MedicationRequest
    item: Item | None
    lots: list[StockBatch] = field(default_factory=list)
    substitutes: list[tuple[Item, StockBatch]] = field(default_factory=list)
    elsewhere: list[tuple[Any, Decimal]] = field(default_factory=list)
    given: list[MedicationDispense] = field(default_factory=list)

    @property
    def due(self) -> Decimal:
        due: Decimal = self.row.due
        return due

    @property
    def here(self) -> Decimal:
        """What this counter can give of it."""
        return sum((lot.on_hand for lot in self.lots), Decimal(0))

    @property
    def give(self) -> Decimal:
        return min(self.due, self.here)

    @property
    def short(self) -> Decimal:
        """What will be missing after that."""
        return self.due - self.give

    @property
    def low(self) -> bool:
        return self.here < self.due * LOW_TIMES

    @property
    def take(self) -> list[tuple[StockBatch, Decimal]]:
        left, found = self.give, []
        for lot in self.lots:
            if left <= 0:
                break
            part = min(left, lot.on_hand)
            found.append((lot, part))
            left -= part
        return found

    @property
    def days(self) -> int | None:
        """Until the first lot expires, when that is soon."""
        if not self.lots:
            return None
        left = (self.lots[0].expiry - timezone.localdate()).days
        return left if left <= SOON else None


@dataclass(slots=True)
class Sheet:
    """Everything on the counter's screen about one prescription."""

    prescription: Any
    visit: Row
    patient: Row
    doctor: Any
    lines: list[Line]
    counsel: list[Row]
    before: list[Row]

    @property
    def open_lines(self) -> list[Line]:
        return [line for line in self.lines if line.due > 0]

    @property
    def shown(self) -> Line | None:
        """Whose label stands beside: the first line that can be given."""
        lines = self.open_lines
        return next((line for line in lines if line.give > 0), lines[0] if lines else None)

    @property
    def ready(self) -> int:
        return sum(line.short == 0 for line in self.open_lines)


def queue() -> list[Row]:
    """Today's signed prescriptions with something due, in order of signing, those who came
    already and are owed a rest at the end. 1 query.

    A token that still stands in the laboratory is shown with that word: the patient may come.
    """
    config = stores.config()
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    rows = [_waiting(row, config) for row in prescriptions.at_counter(midnight)]
    return sorted(rows, key=lambda row: row["begun"])


def _waiting(row: Any, config: Any) -> Row:
    token, visit = row.encounter.token, row.encounter
    who = patients.brief(visit.patient)
    return {
        "id": row.pk,
        "token": visits.token_label(token, config),
        "name": who["name"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "child": who["age_years"] < 12,
        "pregnant": bool(visit.pregnant),
        "room": visit.room,
        "items": row.items,
        "begun": bool(row.begun),
        "station": token.station,
        "called": token.status in ("called", "serving") and token.station == "pharmacy",
        "missed": token.status == "no-show",
        "emergency": token.priority >= 9,
        "wait_min": int((timezone.now() - row.signed_at).total_seconds() // 60),
    }


def sheet(prescription_id: UUID, *, store: str) -> Sheet | None:
    """One prescription with lots of `store` picked, first to expire first. 11 queries at most."""
    prescription = prescriptions.full(prescription_id)
    if prescription is None:
        return None
    visit = prescription.encounter
    rows = list(prescription.lines.all())
    doctor_id = prescription.signed_by_id
    lines = _lines(rows, store)
    return Sheet(
        prescription=prescription,
        visit=visits.visit_brief(visit),
        patient=patients.banner(visit.patient_id, known=visit.patient),
        doctor=accounts.cards([doctor_id]).get(doctor_id),
        lines=lines,
        counsel=_counsel(lines),
        before=given_before(visit.patient_id, but=prescription.pk),
    )


def _lines(rows: list[Any], store: str) -> list[Line]:
    known = items(row.medication_code for row in rows)
    lines = [Line(row, known.get(row.medication_code)) for row in rows]
    others = {line.row.pk: same_salt(line.item) for line in lines if line.item and line.due > 0}
    codes = {row.medication_code for row in rows}
    codes |= {other.code for group in others.values() for other in group}
    usable = StockBatch.objects.usable(timezone.localdate()).filter(medication_code__in=codes)
    by_code: dict[str, list[StockBatch]] = {}
    counters = {s.code: s for s in stores.config().stores}
    elsewhere: dict[str, dict[str, Decimal]] = {}
    for lot in usable.first_expiring():
        if lot.store == store:
            by_code.setdefault(lot.medication_code, []).append(lot)
        else:
            places = elsewhere.setdefault(lot.medication_code, {})
            places[lot.store] = places.get(lot.store, Decimal(0)) + lot.on_hand
    given: dict[UUID, list[MedicationDispense]] = {}
    done = MedicationDispense.objects.filter(medication_request_id__in=[row.pk for row in rows])
    for one in done.select_related("batch").order_by("at"):
        given.setdefault(one.medication_request_id, []).append(one)
    for line in lines:
        line.lots = by_code.get(line.row.medication_code, [])
        line.given = given.get(line.row.pk, [])
        places = elsewhere.get(line.row.medication_code, {})
        line.elsewhere = [(counters.get(code) or code, total) for code, total in places.items()]
        if line.here < line.due:
            line.substitutes = [
                (other, lot)
                for other in others.get(line.row.pk, [])
                for lot in by_code.get(other.code, [])
            ]
    return lines


def _counsel(lines: Iterable[Line]) -> list[Row]:
    """What to say while handing over, from the list of dose phrases alone. 1 query."""
    shelf = terminology.search_codes("dose", "", limit=200)
    phrases = {(code.detail.get("code_or_pattern") or ""): code for code in shelf}
    wanted = [word for line in lines if line.item for word in line.item.says]
    wanted.append("CHILDREN")
    found = [phrases[name] for name in dict.fromkeys(wanted) if name in phrases]
    return [{"hi": code.name_hi, "en": code.name_en} for code in found]


def given_before(patient_id: UUID, *, but: UUID | None = None, limit: int = 6) -> list[Row]:
    """What this patient was handed in the last year, newest first. 1 query."""
    since = timezone.now() - timedelta(days=365)
    rows = MedicationDispense.objects.filter(
        at__gte=since, medication_request__prescription__encounter__patient_id=patient_id
    ).select_related("medication_request", "batch")
    rows = rows.exclude(medication_request__prescription_id=but) if but else rows
    return [
        {
            "at": row.at,
            "name": row.medication_request.display,
            "quantity": row.quantity - row.returned,
            "substitution": row.substitution,
        }
        for row in rows.order_by("-at")[:limit]
    ]


def handed_over(prescription_id: UUID) -> list[Row]:
    """Every handing over of a prescription, with what can still come back. 1 query."""
    rows = MedicationDispense.objects.filter(
        medication_request__prescription_id=prescription_id
    ).select_related("medication_request", "batch")
    return [{"row": row, "left": row.quantity - row.returned} for row in rows.order_by("at")]


def labels(prescription_id: UUID) -> Row | None:
    """The pouch labels of what was handed over, one a line. 4 queries."""
    prescription = prescriptions.full(prescription_id)
    if prescription is None:
        return None
    totals: dict[UUID, Decimal] = {}
    for given in handed_over(prescription_id):
        line_id = given["row"].medication_request_id
        totals[line_id] = totals.get(line_id, Decimal(0)) + given["left"]
    shown = [row for row in prescription.lines.all() if totals.get(row.pk)]
    known = items(row.medication_code for row in shown)
    return {
        "patient": patients.brief(prescription.encounter.patient),
        "visit": visits.visit_brief(prescription.encounter),
        "labels": [
            {
                "line": row,
                "item": known.get(row.medication_code),
                "total": totals[row.pk],
                "pattern": _pattern(row.dosage.get("shorthand", "")),
            }
            for row in shown
        ],
    }


def _pattern(shorthand: str) -> list[str]:
    """ "1-0-1" as three parts for the three pictures; empty for a dose of another rhythm."""
    head = shorthand.split()[0] if shorthand else ""
    parts = head.split("-")
    return parts if len(parts) == 3 and all(len(part) <= 3 for part in parts) else []


def slip(prescription_id: UUID) -> Row | None:
    """What the patient still gets and what is not available today, for the paper. 3 queries."""
    prescription = prescriptions.full(prescription_id)
    if prescription is None:
        return None
    rows = list(prescription.lines.all())
    return {
        "prescription": prescription,
        "visit": visits.visit_brief(prescription.encounter),
        "due": [row for row in rows if row.due > 0],
        "missing": [row for row in rows if row.unavailable > 0],
    }


def substituted(*, patient_id: UUID | None = None, doctor_id: UUID | None = None) -> list[Row]:
    """What was given in place of what was written, in the last 30 days, newest first. 2 queries."""
    wanted = Q(at__gte=timezone.now() - timedelta(days=30)) & ~Q(substitution="")
    if patient_id:
        wanted &= Q(medication_request__prescription__encounter__patient_id=patient_id)
    if doctor_id:
        wanted &= Q(medication_request__prescription__signed_by_id=doctor_id)
    rows = MedicationDispense.objects.filter(wanted).select_related(
        "batch", "medication_request__prescription__encounter__patient"
    )
    found = list(rows.order_by("-at")[:20])
    known = items(row.batch.medication_code for row in found)
    return [
        {
            "at": row.at,
            "asked": row.medication_request.display,
            "item": known.get(row.batch.medication_code),
            "why": row.substitution,
            "number": row.medication_request.prescription.encounter.number,
        }
        for row in found
    ]
