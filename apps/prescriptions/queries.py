"""Lines as the screen, the signature and the paper see them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet, Sum

from apps.core.errors import Refused
from apps.core.slices import Slice
from apps.prescriptions import dosage, doses, rules
from apps.prescriptions.findings import LEVELS
from apps.prescriptions.models import MedicationRequest, Prescription
from apps.prescriptions.safety import Drug, Facts, Finding, check
from apps.terminology.queries import medications, tall

MOST_QUANTITY = 2000
CHRONIC_DAYS = 28  # a supply of four weeks or more is a refill
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
    def shown_name(self) -> str:
        """The name for a screen: look-alikes told apart by tall letters."""
        return tall(self.name)

    @property
    def stops(self) -> list[str]:
        """The rules that stand against it and nobody has answered with a reason."""
        answered: list[str] | None = self.typed.get("answered")
        if self.typed.get("reason") and answered is None:
            return []  # a reason of a draft written before rules had numbers
        open_ = [f.rule for f in self.findings if f.level == "stop"]
        if not self.typed.get("reason"):
            return open_
        return [rule for rule in open_ if rule not in (answered or ())]

    @property
    def stopped(self) -> bool:
        return bool(self.stops)

    @property
    def overridden(self) -> list[str]:
        """Rules that were answered with a reason."""
        if not self.typed.get("reason"):
            return []
        left = self.stops
        return [f.rule for f in self.findings if f.level == "stop" and f.rule not in left]

    @property
    def refusal(self) -> Refused | None:
        """Why this line cannot be signed, or None."""
        if self.problem:
            return self.problem
        if not self.stopped:
            return None
        kinds = {f.kind for f in self.findings if f.rule in self.stops}
        return Refused("prescription.allergy" if "allergy" in kinds else "prescription.stopped")


def full_name(medication: Any) -> str:
    """Generic name and strength; a form without a strength has none to print."""
    strength = medication.strength
    return medication.generic_name + (f" {strength}" if strength and strength[0].isdigit() else "")


def lines(medicines: Sequence[dict[str, Any]], facts: Facts) -> list[Line]:
    """Every medicine of a draft, read and checked. 1 query."""
    known = medications([row["code"] for row in medicines])
    decided = rules.switches()
    found = check([drug_of(known.get(row["code"])) for row in medicines], facts, decided)
    return [
        _line(row, known.get(row["code"]), findings, facts, decided)
        for row, findings in zip(medicines, found, strict=True)
    ]


def drug_of(medication: Any) -> Drug:
    """What the safety rules look at."""
    if medication is None:
        return Drug("")
    return Drug(medication.generic_name, medication.atc_code, medication.route, medication.form)


def _line(
    typed: dict[str, Any],
    medication: Any,
    findings: list[Finding],
    facts: Facts,
    decided: rules.Switches,
) -> Line:
    if medication is None:
        no = Refused("prescription.unknown_medicine", item=typed["code"])
        return Line(typed, None, None, no, [])
    dose, problem = None, None
    try:
        dose = _dose(typed, medication)
    except Refused as no:
        problem = no
    too_much = doses.check(medication, dose, facts, decided)
    order = sorted([*findings, *too_much], key=lambda f: LEVELS.index(f.level))
    return Line(typed, medication, dose, problem, order)


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
    when = dose.when or typed.get("when", "")
    return {**typed, "dose": dose.shorthand, "days": dose.days or typed.get("days"), "when": when}


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
    standing = active or found[-1:]
    return standing[0] if standing else None


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


def lines_page(
    patient_id: UUID, *, part: Slice, but: Collection[UUID] = ()
) -> list[MedicationRequest]:
    """A page of what a patient was prescribed, newest first, stopped and cancelled too; `but`:
    visits left out. 1 query."""
    found = _with_visit().filter(prescription__encounter__patient_id=patient_id)
    return part.of(found.exclude(prescription__encounter_id__in=but), "prescription__signed_at")


def line(line_id: UUID) -> MedicationRequest | None:
    """One signed line with its visit. 1 query."""
    return _with_visit().filter(pk=line_id).first()


def lines_in(encounter_ids: Sequence[UUID]) -> list[MedicationRequest]:
    """Every signed line of these visits. 1 query."""
    found = _with_visit().filter(prescription__encounter_id__in=encounter_ids)
    return list(found.order_by("-prescription__signed_at", "-pk"))


def _with_visit() -> QuerySet[MedicationRequest]:
    return MedicationRequest.objects.select_related("prescription__encounter")


def used(since: datetime, *, user_id: UUID | None = None) -> dict[str, int]:
    """How often each medicine was prescribed here (by one doctor), by code. 1 query."""
    found = MedicationRequest.objects.filter(prescription__signed_at__gte=since)
    if user_id:
        found = found.filter(prescription__signed_by_id=user_id)
    return dict(found.values_list("medication_code").annotate(times=Count("pk")))


def refills(written: Iterable[MedicationRequest]) -> list[dict[str, Any]]:
    """The long-term medicines among these signed lines, newest first given: each once, as a
    draft holds it. No query."""
    kept: dict[str, dict[str, Any]] = {}
    for line in written:
        if (line.days or 0) >= CHRONIC_DAYS:
            kept.setdefault(line.medication_code, as_draft(line))
    return list(kept.values())


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
    counted = (
        rows.values(code=F("medication_code"))
        .annotate(patients=Count("prescription__encounter__patient", distinct=True))
        .annotate(total=Sum("unavailable"), name=Max("display"))
        .order_by("-total", "code")
    )
    return [dict(row) for row in counted]


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
