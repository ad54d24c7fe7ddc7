"""Released tests as the State's forms and the laboratory's register count them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.encounters.queries.statutory import months_old
from apps.labs.models import DiagnosticReport
from apps.patients import queries as patients
from apps.patients.age import age_on

# Told nowhere without the right to sensitive records: HIV and syphilis.
SENSITIVE_TESTS = frozenset({"HIVR", "HIVVL", "CD4", "RPR", "SYPH", "TPHA"})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TestFact:
    """One released report without a name. `results`: test code to (value, flag); `pregnant` as
    the visit says."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    number: str
    day: date
    category: str
    code: str
    outside: bool
    sex: str
    months: int
    pregnant: bool
    block: str
    results: dict[str, tuple[str, str]] = field(default_factory=dict)


def _released(first: date, last: date) -> Any:
    """Reports that stand and were first released in these days: an amended report counts on the
    day of the first one, so that a correction moves no count into another month."""
    start, end = (
        timezone.make_aware(datetime.combine(day, time.min))
        for day in (first, last + timedelta(days=1))
    )
    firsts = DiagnosticReport.objects.filter(
        replaces=None, verified_at__gte=start, verified_at__lt=end
    )
    return DiagnosticReport.objects.released().filter(request__in=firsts.values("request_id"))


def test_facts(first: date, last: date) -> list[TestFact]:
    """Every test that was released in these days, in order. 1 query."""
    fields = (
        "request_id", "request__encounter_id", "patient_id", "request__encounter__number",
        "verified_at", "request__category", "request__test_code", "request__performer",
        "patient__sex", "patient__birth_date", "request__encounter__pregnant",
        "patient__block_code", "results",
    )  # fmt: skip
    rows = _released(first, last).order_by("verified_at", "pk").values_list(*fields)
    return [
        TestFact(
            pk, visit, who, number, day := _within(at, first, last), category, code,
            bool(performer), sex, months_old(born, day), bool(pregnant), block,
            {r["code"]: (str(r.get("value", "")), str(r.get("flag", ""))) for r in results},
        )
        for pk, visit, who, number, at, category, code, performer, sex, born, pregnant, block,
        results in rows
    ]  # fmt: skip


def _within(at: datetime, first: date, last: date) -> date:
    """The day of release; an amended report's stays in the period of its first release."""
    return min(max(timezone.localtime(at).date(), first), last)


def lab_register(first: date, last: date, *, only: set[UUID] | None = None) -> list[Row]:
    """The laboratory's register of these days with names. 1 query."""
    found = _released(first, last).select_related(
        "patient", "request__specimen", "request__encounter"
    )
    if only is not None:
        found = found.filter(request__in=only)
    else:
        found = found.filter(request__category="laboratory")
    return [_row(n, one) for n, one in enumerate(found.order_by("verified_at", "pk"), 1)]


def _row(n: int, report: Any) -> Row:
    who, order = patients.brief(report.patient), report.request
    age = age_on(report.patient.birth_date, timezone.localtime(report.verified_at).date())
    return {
        "no": n,
        "at": report.verified_at.isoformat(),
        "number": order.encounter.number,
        "accession": order.specimen.accession if order.specimen else "",
        "outside": bool(order.performer),
        "amended": report.status == DiagnosticReport.Status.AMENDED,
        "patient": {
            "name_hi": who["name_hi"], "name_en": who["name_en"], "age_hi": age.hi,
            "age_en": age.en, "sex_hi": who["sex_hi"], "sex_en": who["sex_en"],
        },
        "test": {"hi": order.display_hi or order.display_en, "en": order.display_en},
        "results": [
            {"code": r["code"], "hi": r.get("name_hi") or r.get("name_en", r["code"]),
             "en": r.get("name_en", r["code"]), "value": str(r.get("value", "")),
             "value_hi": r.get("shown_hi", str(r.get("value", ""))),
             "value_en": r.get("shown_en", str(r.get("value", ""))),
             "unit": r.get("unit", ""), "flag": r.get("flag", "")}
            for r in report.results if str(r.get("value", ""))
        ],
    }  # fmt: skip
