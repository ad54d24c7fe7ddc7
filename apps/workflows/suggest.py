"""What the doctor's screen offers: chips, found rows, doses to press, what to give instead."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.pharmacy import queries as pharmacy
from apps.prescriptions import doses, rules
from apps.prescriptions import queries as prescriptions
from apps.prescriptions.safety import stops
from apps.prescriptions.units import CAPSULE, LIQUID, TABLET, Kind, unit_of
from apps.terminology import queries as terminology
from apps.workflows import content, queries
from apps.workflows.choices import ADVICE, COMPLAINTS, DIAGNOSES, DOSES, PANELS, TESTS
from apps.workflows.draft import Draft, opened
from apps.workflows.facts import facts_of
from apps.workflows.habits import first, habits
from apps.workflows.queries import Work

PART_OF = {
    "complaint": "complaints",
    "diagnosis": "diagnoses",
    "medicine": "medicines",
    "test": "tests",
}
MOST_CHIPS = {"complaints": 4, "diagnoses": 3, "medicines": 3, "tests": 6}


def suggestions(draft: Draft, *, doctor_id: UUID) -> dict[str, list[Any]]:
    """Chips to press, the usual ones of this doctor and house first: not chosen yet, or (tests,
    advice) the chosen ones first. No query, 8 once in a quarter of an hour."""
    usual = habits(doctor_id)
    on_paper = {row["code"] for row in draft["medicines"]}
    drugs = [code for code in first(usual["medicines"], ()) if code not in on_paper]
    most = MOST_CHIPS["medicines"]
    return {
        "complaints": _unchosen("complaint", first(usual["complaints"], COMPLAINTS), draft),
        "diagnoses": _unchosen("diagnosis", first(usual["diagnoses"], DIAGNOSES), draft),
        "medicines": list(terminology.medications(drugs[:most]).values()),
        "tests": _tests(first({}, TESTS), draft["tests"], usual["tests"]),
        "advice": _boxes("advice", ADVICE, draft["advice"]),
    }


def _unchosen(system: str, wanted: list[str], draft: Draft) -> list[Any]:
    part = PART_OF[system]
    chosen = {row["code"] for row in draft[part]}
    known = terminology.codes(system, [code for code in wanted if code not in chosen])
    return list(known.values())[: MOST_CHIPS[part]]


def _boxes(system: str, wanted: tuple[str, ...], rows: list[dict[str, Any]]) -> list[Any]:
    """Chosen ones first (ticked), then the usual ones that are not chosen."""
    chosen = {row["code"] for row in rows}
    known = terminology.codes(system, [code for code in wanted if code not in chosen])
    rest = [
        {"code": code, "hi": known[code].name_hi, "en": known[code].name_en, "on": False}
        for code in wanted
        if code in known
    ]
    return [*({**row, "on": True} for row in rows), *rest]


def _tests(wanted: list[str], rows: list[dict[str, Any]], used: dict[str, int]) -> list[Any]:
    """Panels first: a doctor thinks in them. Then what this house orders most, singly."""
    chosen = {row["code"] for row in rows}
    inside = {test for code in (*wanted, *chosen) if code in PANELS for test in PANELS[code][2]}
    single = [code for code in first(used, ()) if code not in inside]
    codes = [
        code for code in dict.fromkeys([*wanted[:3], *single[:3], *wanted]) if code not in chosen
    ]
    from_list = terminology.codes("test", [code for code in codes if code not in PANELS])
    rest: list[Any] = []
    for code in codes:
        if code in PANELS:
            hi, en, tests = PANELS[code]
            rest.append({"code": code, "hi": hi, "en": en, "tests": list(tests), "on": False})
        elif code in from_list:
            row = from_list[code]
            rest.append({"code": code, "hi": row.name_hi, "en": row.name_en, "on": False})
    return with_place([*({**row, "on": True} for row in rows), *rest[: MOST_CHIPS["tests"]]])


def with_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each test with "outside": this hospital's laboratory does not do it (all of it). No query."""
    here = set(terminology.tests_for(queries.config_here()))
    return [{**row, "outside": not set(row.get("tests") or [row["code"]]) & here} for row in rows]


def search(part: str, text: str, *, visit: Any, doctor_id: UUID) -> list[dict[str, Any]]:
    """Results of one search box, at most 12: {code, hi, en, note, on_hand?, stopped?, outside?}.

    4 queries for medicines (allergies, vitals, stock), 1 for the rest. Under two letters nothing is
    looked up. What is usual here comes first among what fits equally well.
    """
    text = text.strip()
    if len(text) < 2:
        return []
    used = habits(doctor_id).get(PART_OF.get(part, ""), {})
    if part == "medicine":
        return _found_medicines(text, visit, used)
    rows = terminology.search_codes(part, text, used=used)
    found = [
        {
            "code": row.code,
            "hi": row.name_hi or row.name_en,
            "en": row.name_en,
            "note": row.standard_code if part == "diagnosis" else "",
            "verified": row.verified,
        }
        for row in rows
    ]
    return with_place(_panels(text) + found)[:12] if part == "test" else found


def _panels(text: str) -> list[dict[str, Any]]:
    words = text.lower().split()
    return [
        {"code": code, "hi": hi, "en": en, "note": "", "tests": list(tests), "verified": False}
        for code, (hi, en, tests) in PANELS.items()
        if all(word in f"{hi} {en}".lower() for word in words)
    ]


def _found_medicines(text: str, visit: Any, used: dict[str, int]) -> list[dict[str, Any]]:
    """Every strength, what is on the shelf first; a stopped one is shown with its reason. When
    nothing that was found is on the shelf, others of its group that are stand below."""
    patient = queries.patient_of(visit)
    draft = opened(visit.draft)
    rows = terminology.search_medications(text, codes=queries.drugs_here(), used=used)
    stock = pharmacy.on_hand([row.code for row in rows])
    # Stable: the search's own order otherwise.
    rows.sort(key=lambda row: (stock[row.code] <= 0, _is_unlikely(row, patient["age_years"])))
    others: list[Any] = []
    if rows and stock[rows[0].code] <= 0:
        near = [d for d in terminology.relatives(rows[0]) if d.code in queries.drugs_here()]
        stock |= pharmacy.on_hand([drug.code for drug in near])
        others = [d for d in near if stock[d.code] > 0 and d not in rows][:3]
    about = facts_of(visit, patient, {**draft, "medicines": [{"code": d.code} for d in rows]})
    decided = rules.switches()
    return [
        {
            "code": row.code,
            "hi": row.name_hi,
            "en": terminology.tall(prescriptions.full_name(row)),
            "note": row.form_name,
            "on_hand": stock[row.code],
            "instead": row in others,
            "stopped": stops(prescriptions.drug_of(row), about, decided),
            "verified": row.verified,
        }
        for row in [*rows, *others]
    ]


def _is_unlikely(drug: Any, years: int | None) -> bool:
    """A syrup for somebody of twelve or more, a tablet to swallow for a child under six: both stay
    in the list, lower down. An order to look at, no rule of dosing."""
    unit = unit_of(drug.form, drug.generic_name, drug.strength)
    whole = unit in (TABLET, CAPSULE) and "dispersible" not in drug.form.lower()
    return years is not None and ((unit is LIQUID and years >= 12) or (whole and years < 6))


def shelf(work: Work, line: prescriptions.Line) -> dict[str, Any]:
    """Stock badge of one line: {"level": available | low | out, "on_hand"}. No query."""
    on_hand = work.stock.get(line.typed["code"], Decimal(0))
    needed = line.dose.quantity if line.dose else Decimal(1)
    # ml and bottles are not one unit: a syrup is either there or not
    if line.dose and line.dose.unit == "ml":
        needed = Decimal(1)
    return {"level": content.stock_level(on_hand, needed), "on_hand": on_hand}


def shown(work: Work) -> list[dict[str, Any]]:
    """Each line with its stock, the doses to press, and what to give instead. No query."""
    rows = []
    for n, line in enumerate(work.lines):
        stock = shelf(work, line)
        rows.append(
            {
                "n": n,
                "line": line,
                "stock": stock,
                "chips": chips(line, offer := _offer(work, line)),
                "offer": offer,
                "findings": [{"f": f, "fix": _fix(work, line, f)} for f in line.findings],
                "others": _others(work, line) if stock["level"] == "out" else [],
            }
        )
    return rows


def _offer(work: Work, line: prescriptions.Line) -> dict[str, str] | None:
    return doses.offer(line.medication, work.facts) if line.medication else None


def chips(line: prescriptions.Line, offer: dict[str, str] | None) -> list[str]:
    """Doses to press for the form of this medicine; for a child the reckoned one alone: the usual
    spoons of grown people are no offer. No query."""
    drug = line.medication
    if drug is None:
        return []
    kind = unit_of(drug.form, drug.generic_name, drug.strength).kind
    reckoned = [offer["dose"]] if offer and offer["dose"] else []
    if kind is Kind.VOLUME and reckoned:
        return reckoned
    return [*reckoned, *DOSES[kind]][:6]


def _others(work: Work, line: prescriptions.Line) -> list[dict[str, Any]]:
    """What is on the shelf of the same medicine or group, most first. No query."""
    if line.medication is None:
        return []
    near = [d for d in queries.relatives(line) if work.stock.get(d.code, 0) > 0]
    return [
        {"code": d.code, "name": prescriptions.full_name(d), "on_hand": work.stock[d.code],
         "form": d.form_name}
        for d in near[:2]
    ]  # fmt: skip


def _fix(work: Work, line: prescriptions.Line, finding: Any) -> dict[str, Any] | None:
    """One press that changes the line to what the source names: {index, code, name}. No query."""
    if not finding.instead or finding.index is None:
        return None
    named = [d for d in queries.named_instead(line) if d.generic_name.lower() == finding.instead]
    pieces = [d for d in named if d.form == "Tablet"] or named
    best = max(pieces, key=lambda d: work.stock.get(d.code, Decimal(0)) > 0, default=None)
    if best is None:
        return None
    return {"index": finding.index, "code": best.code, "name": prescriptions.full_name(best)}


def set_chips(work: Work) -> list[dict[str, Any]]:
    """Sets for the diagnoses written, with the medicines that this counter does not have."""
    rows = []
    for one in work.offered[:3]:
        codes = [row["code"] for row in one.body.get("medicines", ())]
        known = terminology.medications(codes)
        gone = [
            prescriptions.full_name(known[code]) if code in known else code
            for code in codes
            if work.stock.get(code, Decimal(0)) <= 0
        ]
        rows.append({"set": one, "missing": gone})
    return rows
