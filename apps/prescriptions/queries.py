"""Lines as the screen, the signature and the paper see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from apps.core.errors import Refused
from apps.prescriptions import dosage
from apps.prescriptions.models import MedicationRequest, Prescription
from apps.prescriptions.safety import Facts, Finding, check
from apps.terminology.queries import medications

MOST_QUANTITY = 2000
STANDING = (Prescription.Status.ACTIVE, Prescription.Status.COMPLETED)


@dataclass(frozen=True, slots=True)
class Line:
    """One medicine of a draft: what was typed, the catalogue's row, the dose or the problem."""

    typed: dict[str, Any]
    medication: Any  # terminology.Medication, None when the code is unknown
    dose: dosage.Dose | None
    problem: Refused | None
    findings: list[Finding]

    @property
    def name(self) -> str:
        if self.medication is None:
            return str(self.typed["code"])
        return full_name(self.medication)

    @property
    def stopped(self) -> bool:
        """An allergy stands against it and nobody has said why it is needed."""
        return not self.typed.get("reason") and any(f.level == "stop" for f in self.findings)


def full_name(medication: Any) -> str:
    """Generic name and strength; a form without a strength has none to print."""
    strength = medication.strength
    return medication.generic_name + (f" {strength}" if strength and strength[0].isdigit() else "")


def lines(medicines: Sequence[dict[str, Any]], facts: Facts) -> list[Line]:
    """Every medicine of a draft, read and checked. 1 query."""
    known = medications([row["code"] for row in medicines])
    names = [known[row["code"]].generic_name if row["code"] in known else "" for row in medicines]
    found = check(names, facts)
    return [
        _line(row, known.get(row["code"]), findings)
        for row, findings in zip(medicines, found, strict=True)
    ]


def _line(typed: dict[str, Any], medication: Any, findings: list[Finding]) -> Line:
    if medication is None:
        no = Refused("prescription.unknown_medicine", item=typed["code"])
        return Line(typed, None, None, no, [])
    try:
        return Line(typed, medication, _dose(typed, medication), None, findings)
    except Refused as problem:
        return Line(typed, medication, None, problem, findings)


def tidied(typed: dict[str, Any]) -> dict[str, Any]:
    """A typed line in its one spelling: "101 x7" becomes 1-0-1 and 7 days. 1 query.

    What cannot be read stays as it was typed, for the person to mend.
    """
    medication = medications([typed["code"]]).get(typed["code"])
    if medication is None:
        return typed
    try:
        dose = _dose(typed, medication)
    except Refused:
        return typed
    return {**typed, "dose": dose.shorthand, "days": dose.days or typed.get("days")}


def _dose(typed: dict[str, Any], medication: Any) -> dosage.Dose:
    pack = medication.detail.get("pack_ml")
    return dosage.read(
        typed.get("dose", ""),
        form=medication.form,
        name=medication.generic_name,
        strength=medication.strength,
        when=typed.get("when", ""),
        days=typed.get("days"),
        quantity=_quantity(typed.get("quantity")),
        pack_ml=Decimal(str(pack)) if pack else None,
    )


def _quantity(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise Refused("dose.quantity_out_of_range", most=MOST_QUANTITY) from None
    if not number.is_finite() or not 0 < number <= MOST_QUANTITY:
        raise Refused("dose.quantity_out_of_range", most=MOST_QUANTITY)
    return number


def of_encounter(encounter_id: UUID) -> Prescription | None:
    """The prescription signed first in a visit; addenda have later ones. 1 query."""
    standing = Prescription.objects.filter(encounter_id=encounter_id, status__in=STANDING)
    return standing.order_by("signed_at").first()


def to_hand_over(encounter_id: UUID) -> Prescription | None:
    """What a scanned slip opens: the oldest with something due, else the last one. 1 query."""
    rows = Prescription.objects.filter(encounter_id=encounter_id, status__in=STANDING)
    found = list(rows.order_by("signed_at"))
    active = [row for row in found if row.status == Prescription.Status.ACTIVE]
    return (active or found[-1:] or [None])[0]


def lines_of(encounter_ids: Sequence[UUID]) -> QuerySet[MedicationRequest]:
    """What was prescribed in these visits, for the list of past visits. 1 query."""
    return (
        MedicationRequest.objects.filter(
            prescription__encounter_id__in=encounter_ids,
            prescription__status__in=STANDING,
        )
        .select_related("prescription")
        .order_by("prescription_id", "position")
    )


def at_counter(since: datetime) -> QuerySet[Prescription]:
    """Signed since then with something left to hand over, in order of signing. 1 query.

    Each has `items` (lines still due) and `begun` (something was handed over before).
    """
    due = Q(lines__closed="", lines__dispensed__lt=F("lines__quantity"))
    return (
        Prescription.objects.filter(status=Prescription.Status.ACTIVE, signed_at__gte=since)
        .annotate(
            items=Count("lines", filter=due), begun=Count("lines", filter=Q(lines__dispensed__gt=0))
        )
        .filter(items__gt=0)
        .select_related("encounter__patient", "encounter__token")
        .order_by("signed_at", "pk")
    )


def full(prescription_id: UUID) -> Prescription | None:
    """One prescription with visit, patient, token and lines in order. 2 queries."""
    rows = Prescription.objects.select_related("encounter__patient", "encounter__token")
    lines = MedicationRequest.objects.order_by("position")
    return (
        rows.prefetch_related(Prefetch("lines", lines))
        .filter(pk=prescription_id, status__in=STANDING)
        .first()
    )


def not_given(first: date, last: date) -> list[dict[str, Any]]:
    """What was told "not available" between two days, by medicine, most asked first. 1 query."""
    rows = MedicationRequest.objects.filter(
        unavailable__gt=0,
        prescription__signed_at__date__range=(first, last),
        prescription__status__in=STANDING,
    )
    return list(
        rows.values(code=F("medication_code"))
        .annotate(patients=Count("prescription__encounter__patient", distinct=True))
        .annotate(total=Sum("unavailable"), name=Max("display"))
        .order_by("-total", "code")
    )


def usual(user_id: UUID, *, limit: int = 6) -> list[str]:
    """What this doctor has prescribed most in the last 60 days, by code. 1 query."""
    since = timezone.now() - timedelta(days=60)
    return list(
        MedicationRequest.objects.filter(
            prescription__signed_by_id=user_id, prescription__signed_at__gte=since
        )
        .values_list("medication_code", flat=True)
        .annotate(times=Count("pk"))
        .order_by("-times", "medication_code")[:limit]
    )


def as_draft(line: MedicationRequest) -> dict[str, Any]:
    """A signed line as a draft holds it, to be prescribed again; the total is computed anew."""
    return {
        "code": line.medication_code,
        "dose": line.dosage.get("shorthand", ""),
        "when": line.dosage.get("when", ""),
        "days": line.days,
        "quantity": None,
        "note": line.note,
        "reason": "",
    }
