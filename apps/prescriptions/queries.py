"""Lines as the screen, the signature and the paper see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from apps.core.errors import Refused
from apps.prescriptions import dosage
from apps.prescriptions.models import MedicationRequest, Prescription
from apps.prescriptions.safety import Facts, Finding, check
from apps.terminology.queries import medications

MOST_QUANTITY = 2000


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
        return f"{self.medication.generic_name} {self.medication.strength}".strip()

    @property
    def stopped(self) -> bool:
        """An allergy stands against it and nobody has said why it is needed."""
        return not self.typed.get("reason") and any(f.level == "stop" for f in self.findings)


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
    """The signed prescription of a visit. 1 query."""
    return Prescription.objects.filter(
        encounter_id=encounter_id, status=Prescription.Status.ACTIVE
    ).first()


def lines_of(encounter_ids: Sequence[UUID]) -> QuerySet[MedicationRequest]:
    """What was prescribed in these visits, for the list of past visits. 1 query."""
    return (
        MedicationRequest.objects.filter(
            prescription__encounter_id__in=encounter_ids,
            prescription__status=Prescription.Status.ACTIVE,
        )
        .select_related("prescription")
        .order_by("prescription_id", "position")
    )
