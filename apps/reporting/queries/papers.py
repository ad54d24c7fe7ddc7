"""What a printed form or register says, as plain JSON in both languages."""

from datetime import date
from typing import Any

from django.utils import timezone

from apps.core.tenancy import current_facility, here
from apps.encounters import queries as encounters
from apps.labs import queries as labs
from apps.reporting.forms_of import Period, containing
from apps.reporting.items import parts
from apps.reporting.models import ReportRun
from apps.reporting.queries.runs import newest, rows_of
from apps.reporting.veil import Veil

REGISTERS = ("opd", "lab")
KINDS = ("hmis", "idsp", *REGISTERS)
Row = dict[str, Any]


def period_of(kind: str, first: date) -> Period:
    """The month or week of a form in which a day lies."""
    return containing(kind, first)


def content(kind: str, first: date, last: date, veil: Veil) -> Row:
    """One paper as `veil` lets it be seen; of a form its newest revision. At most 4 queries."""
    facility: Any = current_facility()
    head = {
        "kind": kind,
        "facility": {"name_hi": facility.name_hi, "name_en": facility.name_en},
        "first": first.isoformat(),
        "last": last.isoformat(),
        "made_at": timezone.now().isoformat(),
    }
    if kind == "opd":
        return {**head, "rows": veil.opd(encounters.opd_register(first, last))}
    if kind == "lab":
        return {**head, "rows": veil.lab(labs.lab_register(first, last))}
    return {**head, **_form(period_of(kind, first))}


def _form(period: Period) -> Row:
    found = newest(here(), period)
    assert found is not None, "asked for a form that is not made"
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "hfr_id": getattr(current_facility(), "hfr_id", ""),
        "status": found.status,
        "revision": found.revision,
        "reason": found.reason,
        "submitted_at": found.submitted_at.isoformat() if found.submitted_at else "",
        "parts": [_part(found, period.kind, *part) for part in parts(period.kind).items()],
        "lines": _lines(found),
    }


def _part(found: ReportRun, kind: str, key: str, names: tuple[str, str]) -> Row:
    rows = [
        {"code": row["item"].code, "name_hi": row["item"].name_hi, "name_en": row["item"].name_en,
         "n": row["n"], "by": row["by"], "tested": row["tested"]}
        for row in rows_of(found, kind, key)
    ]  # fmt: skip
    return {"key": key, "name_hi": names[0], "name_en": names[1], "rows": rows,
            "tests": any(row["tested"] is not None for row in rows)}  # fmt: skip


def _lines(found: ReportRun) -> list[Row]:
    names = {row["item"].code: row["item"] for row in rows_of(found, found.kind)}
    return [
        {**line, "name_hi": names[line["code"]].name_hi, "name_en": names[line["code"]].name_en,
         "part": names[line["code"]].part}
        for line in found.lines if line["code"] in names
    ]  # fmt: skip
