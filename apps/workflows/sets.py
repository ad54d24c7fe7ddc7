"""Treatment sets: what one tap fills. The hospital's stands over the State's, one's own over both.

A set is a Definition of kind "set". Its body: {"name_hi", "name_en", "diagnoses": [code],
"from_months", "to_months" (age, both may be missing), "medicines": [{code, dose, when, days}],
"tests": [code], "advice": [code], "follow_up_days"}. An own or a hospital's version with the same
code hides the one below it; one that is switched off hides it for good.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.errors import Refused
from apps.prescriptions.dosage import MOST_DAYS
from apps.prescriptions.dosage import read as read_dose
from apps.terminology import queries as terminology
from apps.workflows.choices import PANELS
from apps.workflows.draft import WHENS, Draft

OWN, HOSPITAL, STATE = "own", "hospital", "state"
LEVELS = (OWN, HOSPITAL, STATE)
MOST_MEDICINES = 12
MOST_DIAGNOSES = 10


@dataclass(frozen=True, slots=True)
class TreatmentSet:
    """One set as it counts for this doctor here."""

    code: str
    level: str
    version: int
    active: bool
    body: dict[str, Any]
    provenance: str
    verified: bool

    @property
    def name_hi(self) -> str:
        return str(self.body.get("name_hi") or self.body.get("name_en", ""))

    @property
    def name_en(self) -> str:
        return str(self.body.get("name_en") or self.body.get("name_hi", ""))

    def fits(self, months: int | None) -> bool:
        """Made for this age. Somebody whose age is not known gets none with a limit."""
        since, until = self.body.get("from_months"), self.body.get("to_months")
        if months is None:
            return since is None and until is None
        return (since is None or months >= since) and (until is None or months < until)


def _as_set(row: Any) -> TreatmentSet:
    level = OWN if row.user_id else HOSPITAL if row.facility_id else STATE
    return TreatmentSet(
        row.code, level, row.version, row.active, row.body, row.provenance, row.verified
    )


def all_sets(*, facility_id: UUID | None, user_id: UUID | None) -> list[TreatmentSet]:
    """Every set of every level, switched off ones too, own ones first. In memory."""
    rows = terminology.definitions("set", facility_id=facility_id, user_id=user_id)
    return sorted(map(_as_set, rows), key=lambda s: (LEVELS.index(s.level), s.name_en.lower()))


def sets_here(*, facility_id: UUID | None, user_id: UUID | None) -> list[TreatmentSet]:
    """The sets that count: of each code the highest level, unless that is switched off."""
    counted: dict[str, TreatmentSet] = {}
    for found in all_sets(facility_id=facility_id, user_id=user_id):
        counted.setdefault(found.code, found)
    return [found for found in counted.values() if found.active]


def one(code: str, *, facility_id: UUID | None, user_id: UUID | None) -> TreatmentSet:
    """The set of this code that counts here. Refused: set.gone."""
    for found in sets_here(facility_id=facility_id, user_id=user_id):
        if found.code == code:
            return found
    raise Refused("set.gone")


def suggested(sets: list[TreatmentSet], draft: Draft, months: int | None) -> list[TreatmentSet]:
    """Sets for the diagnoses written, in their order, that fit the age; own ones first."""
    found: dict[str, TreatmentSet] = {}
    for row in draft["diagnoses"]:
        keys = {row.get("code"), row.get("icd")} - {None, ""}
        for one_ in sets:
            if keys & set(one_.body.get("diagnoses", ())) and one_.fits(months):
                found.setdefault(one_.code, one_)
    return list(found.values())


def fill(draft: Draft, chosen: TreatmentSet, *, months: int | None) -> Draft:
    """The draft with everything of the set that is not there yet. Outside the set's ages its doses
    are left open. What the catalogue does not know any more is left out."""
    body, fits = chosen.body, chosen.fits(months)
    lines = list(body.get("medicines", ()))
    known = terminology.medications([row["code"] for row in lines])
    there = {row["code"] for row in draft["medicines"]}
    medicines = [
        line_of(row, with_dose=fits)
        for row in lines
        if row["code"] in known and row["code"] not in there
    ]
    filled = {
        **draft,
        "medicines": [*draft["medicines"], *medicines],
        "tests": _with(draft["tests"], test_rows(body.get("tests", ()))),
        "advice": _with(draft["advice"], _rows("advice", body.get("advice", ()))),
        "set": {"code": chosen.code, "level": chosen.level, "version": chosen.version},
    }
    days = body.get("follow_up_days")
    if days and not draft["follow_up"]:
        day = timezone.localdate() + timedelta(days=days)
        filled["follow_up"] = {"date": day.isoformat()}
    return filled


def line_of(row: dict[str, Any], *, with_dose: bool = True) -> dict[str, Any]:
    """A medicine of a set as a draft holds it."""
    return {
        "code": row["code"],
        "dose": row.get("dose", "") if with_dose else "",
        "when": row.get("when", "after"),
        "days": row.get("days"),
        "quantity": None,
        "note": row.get("note", ""),
        "reason": "",
    }


def _with(rows: list[Draft], more: list[Draft]) -> list[Draft]:
    there = {row["code"] for row in rows}
    return [*rows, *(row for row in more if row["code"] not in there)]


def _rows(system: str, codes: Any) -> list[dict[str, Any]]:
    known = terminology.codes(system, list(codes))
    return [
        {"code": code, "hi": row.name_hi or row.name_en, "en": row.name_en}
        for code, row in known.items()
    ]


def test_rows(codes: Any) -> list[dict[str, Any]]:
    """Tests and panels as a draft holds them, in the order asked; unknown codes are left out."""
    known = {row["code"]: row for row in _rows("test", [c for c in codes if c not in PANELS])}
    return [panel_row(c) if c in PANELS else known[c] for c in codes if c in PANELS or c in known]


def panel_row(code: str) -> dict[str, Any]:
    hi, en, tests = PANELS[code]
    return {"code": code, "hi": hi, "en": en, "tests": list(tests)}


def ordered(rows: list[Draft]) -> list[Draft]:
    """The single tests of a draft, panels opened up: what the laboratory gets."""
    single: list[Draft] = []
    for row in rows:
        single += _rows("test", row["tests"]) if row.get("tests") else [row]
    return _with([], single)


def body_of(draft: Draft) -> dict[str, Any]:
    """A set made of what is written now: medicines with their doses, tests, advice, next visit."""
    day = draft["follow_up"]
    days = None
    if day:
        days = (date.fromisoformat(day["date"]) - timezone.localdate()).days
    return {
        "diagnoses": [row["code"] or row.get("icd", "") for row in draft["diagnoses"]],
        "medicines": [
            {key: row.get(key) for key in ("code", "dose", "when", "days", "note")}
            for row in draft["medicines"]
        ],
        "tests": [row["code"] for row in draft["tests"] if row["code"]],
        "advice": [row["code"] for row in draft["advice"] if row["code"]],
        "follow_up_days": days,
    }


def checked(body: dict[str, Any]) -> dict[str, Any]:
    """The body in its one shape. Refused: set.name, set.empty, set.too_many, set.unknown, set.days,
    and every dose.* of a line whose dose is written."""
    name_hi, name_en = (" ".join(str(body.get(k, "")).split())[:80] for k in ("name_hi", "name_en"))
    if not (name_hi or name_en):
        raise Refused("set.name")
    rows = list(body.get("medicines") or ())
    diagnoses = list(dict.fromkeys(filter(None, body.get("diagnoses") or ())))
    if len(rows) > MOST_MEDICINES or len(diagnoses) > MOST_DIAGNOSES:
        raise Refused("set.too_many", most=MOST_MEDICINES)
    tests, advice = (list(dict.fromkeys(body.get(part) or ())) for part in ("tests", "advice"))
    if not diagnoses or not (rows or tests or advice):
        raise Refused("set.empty")
    _refuse_unknown(diagnoses, tests, advice)
    days = body.get("follow_up_days")
    if days is not None and not 1 <= days <= 366:
        raise Refused("set.days")
    ages = {key: body[key] for key in ("from_months", "to_months") if body.get(key) is not None}
    return {
        "name_hi": name_hi,
        "name_en": name_en,
        "diagnoses": diagnoses,
        "medicines": _checked_lines(rows),
        "tests": tests,
        "advice": advice,
        "follow_up_days": days,
        **ages,
    }


def _refuse_unknown(diagnoses: list[str], tests: list[str], advice: list[str]) -> None:
    single = [code for code in tests if code not in PANELS]
    for system, codes in (("diagnosis", diagnoses), ("test", single), ("advice", advice)):
        if missing := set(codes) - set(terminology.codes(system, codes)):
            raise Refused("set.unknown", item=min(missing))


def _checked_lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = terminology.medications([row.get("code", "") for row in rows])
    kept = []
    for row in rows:
        drug = known.get(row.get("code", ""))
        if drug is None:
            raise Refused("set.unknown", item=row.get("code", ""))
        dose, days = str(row.get("dose") or "")[:80], row.get("days")
        when = row.get("when") if row.get("when") in WHENS else ""
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Refused("dose.days_out_of_range", most=MOST_DAYS)
        if dose:
            name, strength = drug.generic_name, drug.strength
            told = read_dose(dose, form=drug.form, name=name, strength=strength, days=days or 1)
            dose = told.shorthand
        line = {"code": drug.code, "dose": dose, "when": when, "days": days}
        kept.append(line | ({"note": str(row["note"])[:200]} if row.get("note") else {}))
    return kept
