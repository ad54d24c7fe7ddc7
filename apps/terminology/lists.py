"""The catalogues as files, and how each row is read. What a list has beyond the common columns
stays in `detail` under the file's own headings, so that nothing of a source is lost."""

from pathlib import Path
from typing import Any

from apps.core.master import BadCell, Known, MasterList, Row, hindi, number, text, yes_no
from apps.terminology.models import Code, Medication
from apps.terminology.words import folded

DATA = Path(__file__).with_name("data")
LEVELS = ("sub_centre", "phc", "chc", "sdh", "dh", "medical_college")


def _key(*parts: str, limit: int) -> str:
    """Each part folded, with a bar before it, so that a search knows where a name begins."""
    return "".join(f"|{folded(part)}" for part in parts if part)[:limit]


def _source(row: Row) -> str:
    return row.get("provenance") or row.get("verification") or "newer file"


def _medicine(row: Row, known: Known) -> dict[str, Any]:
    name, name_hi = text(row, "generic_name"), hindi(row, "name_hi", empty=True)
    code, strength, form = text(row, "med_code"), row.get("strength", ""), text(row, "dosage_form")
    kept = ("therapeutic_group", "section_no", "in_nlem2022", "drug_schedule", "ndps_class")
    detail = {column: row.get(column, "") for column in kept}
    return {
        "code": code,
        "generic_name": name,
        "name_hi": name_hi,
        "form": form,
        "strength": strength,
        "route": row.get("route", ""),
        "at_primary": yes_no(row, "at_primary"),
        "at_secondary": yes_no(row, "at_secondary"),
        "at_tertiary": yes_no(row, "at_tertiary"),
        "atc_code": row.get("atc_code", ""),
        "detail": {**detail, "high_alert": yes_no(row, "high_alert")},
        "search_key": _key(
            name, name_hi, row.get("local_words", ""), code, f"{strength} {form}", limit=200
        ),
        "provenance": _source(row),
    }


def _code(row: Row, code: str, en: str, hi: str, **more: Any) -> dict[str, Any]:
    words = [en, hi, row.get("local_words", ""), code, more.get("standard_code", "")]
    return {
        "code": code,
        "standard": "",
        "standard_code": "",
        "name_en": en,
        "name_hi": hi,
        "group_en": row.get("group_en", ""),
        "group_hi": row.get("group_hi", ""),
        "detail": {},
        "search_key": _key(*words, limit=400),
        "provenance": _source(row),
        **more,
    }


def _rest(row: Row, *used: str) -> dict[str, str]:
    return {name: value for name, value in row.items() if value and name not in used}


def _diagnosis(row: Row, known: Known) -> dict[str, Any]:
    en, hi = text(row, "short_name_en"), hindi(row, "short_name_hi")
    kept = ("idsp_form_and_condition", "other_notification", "hmis_item_code", "coding_note")
    return _code(
        row,
        text(row, "term_id"),
        en,
        hi,
        standard="ICD-10",
        standard_code=text(row, "icd10_code"),
        detail={column: row[column] for column in kept if row.get(column)},
    )


def _test(row: Row, known: Known) -> dict[str, Any]:
    loinc = row.get("loinc_code", "")
    if loinc and not _loinc_holds(loinc):
        raise BadCell("loinc_code", f"{loinc} fails LOINC's check digit")
    kept = ("specimen", "container", "unit_ucum", "result_type", "loinc_confidence")
    levels = [level for level in LEVELS if yes_no(row, f"at_{level}")]
    return _code(
        row,
        text(row, "test_code"),
        text(row, "name_en"),
        hindi(row, "name_hi"),
        standard="LOINC" if loinc else "",
        standard_code=loinc,
        group_en=row.get("category_en", ""),
        group_hi=row.get("category_hi", ""),
        detail={"levels": levels, **{column: row.get(column, "") for column in kept}},
    )


def _loinc_holds(code: str) -> bool:
    """LOINC's last digit is a Luhn check over the digits before the hyphen."""
    body, _, check = code.partition("-")
    if not (body.isdigit() and check.isdigit() and len(check) == 1):
        return False
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10 == int(check)


def _dose(row: Row, known: Known) -> dict[str, Any]:
    detail = _rest(row, "sig_code", "text_en", "text_hi", "provenance")
    return _code(
        row,
        text(row, "sig_code"),
        text(row, "text_en"),
        hindi(row, "text_hi"),
        group_en=text(row, "kind"),
        detail=detail,
    )


def _vital(row: Row, known: Known) -> dict[str, Any]:
    low, high = number(row, "plausible_min", 0, 20000), number(row, "plausible_max", 0, 20000)
    if low is not None and high is not None and low >= high:
        raise BadCell("plausible_max", "is not above plausible_min")
    return _code(
        row,
        text(row, "vital_code"),
        text(row, "name_en"),
        hindi(row, "name_hi"),
        standard="LOINC",
        standard_code=row.get("loinc_code", ""),
        detail=_rest(row, "vital_code", "name_en", "name_hi", "loinc_code", "provenance"),
    )


def _plain(row: Row, known: Known) -> dict[str, Any]:
    detail = {"kind": row["kind"]} if row.get("kind") else {}
    return _code(row, text(row, "code"), text(row, "name_en"), hindi(row, "name_hi"), detail=detail)


def _codes(name: str, system: Code.System, needs: tuple[str, ...], parse: Any) -> MasterList:
    scope = {"system": system.value}
    return MasterList(name, DATA / f"{name}.csv", Code, "code", needs, parse, scope)


_WORDS = ("code", "name_en", "name_hi")
CATALOGUES = (
    MasterList(
        "medicines",
        DATA / "medicines.csv",
        Medication,
        "code",
        ("med_code", "generic_name", "dosage_form", "at_primary", "at_secondary", "at_tertiary"),
        _medicine,
    ),
    _codes(
        "diagnoses",
        Code.System.DIAGNOSIS,
        ("term_id", "icd10_code", "short_name_en", "short_name_hi"),
        _diagnosis,
    ),
    _codes("lab_tests", Code.System.TEST, ("test_code", "name_en", "name_hi", "at_phc"), _test),
    _codes("dose_phrases", Code.System.DOSE, ("sig_code", "kind", "text_en", "text_hi"), _dose),
    _codes("vitals", Code.System.VITAL, ("vital_code", "name_en", "name_hi"), _vital),
    _codes("complaints", Code.System.COMPLAINT, (*_WORDS, "group_en", "local_words"), _plain),
    _codes("advice", Code.System.ADVICE, (*_WORDS, "group_en", "group_hi"), _plain),
    _codes("allergies", Code.System.ALLERGY, (*_WORDS, "kind"), _plain),
)
