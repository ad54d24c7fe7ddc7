"""What the doctor's screen shows, gathered from the apps below."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts import queries as accounts
from apps.core.errors import Refused
from apps.core.templatetags.bhavya import local
from apps.core.tenancy import current_facility
from apps.documents import wording
from apps.encounters import queries as encounters
from apps.facilities import queries as facilities
from apps.facilities.config import FacilityConfig
from apps.patients import queries as patients
from apps.pharmacy import queries as pharmacy
from apps.prescriptions import queries as prescriptions
from apps.prescriptions.safety import Facts, stops
from apps.prescriptions.units import unit_of
from apps.terminology import queries as terminology
from apps.workflows import content
from apps.workflows.choices import ADVICE, COMPLAINTS, DIAGNOSES, DOSES, TESTS
from apps.workflows.draft import Draft, lost_by, missing, opened

PAST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that must be mended before signing. `part` is the card, `index` the row."""

    part: str
    refused: Refused
    about: str = ""
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One consultation as typed, its lines read and checked, and the stock beside them."""

    draft: Draft
    version: int
    lines: list[prescriptions.Line]
    stock: dict[str, Decimal]


def facts(patient: dict[str, Any], pregnant: bool | None) -> Facts:
    """What the safety rules may know of a patient (the banner's dict)."""
    years, unit = patient.get("age_years"), patient.get("age_unit")
    months = int(years) * 12 if years is not None else None
    if unit in ("months", "days"):
        months = int(patient["age_number"]) if unit == "months" else 0
    return Facts(
        allergies=tuple(patient["allergies"]["items"]), pregnant=bool(pregnant), age_months=months
    )


def work(visit: Any, patient: dict[str, Any]) -> Work:
    """The draft of a visit with everything that can be said about it. 2 queries."""
    draft = opened(visit.draft)
    lines = prescriptions.lines(draft["medicines"], facts(patient, visit.pregnant))
    stock = pharmacy.on_hand({row["code"] for row in draft["medicines"]})
    return Work(draft, visit.draft_version, lines, stock)


def suggestions(draft: Draft, *, doctor_id: UUID) -> dict[str, list[Any]]:
    """Chips to press: not chosen yet, or (tests, advice) the chosen ones first. 6 queries."""
    on_paper = {row["code"] for row in draft["medicines"]}
    usual = [code for code in prescriptions.usual(doctor_id) if code not in on_paper][:3]
    return {
        "complaints": _unchosen("complaint", COMPLAINTS, draft["complaints"], 4),
        "diagnoses": _unchosen("diagnosis", DIAGNOSES, draft["diagnoses"], 3),
        "medicines": list(terminology.medications(usual).values()),
        "tests": _boxes("test", TESTS, draft["tests"]),
        "advice": _boxes("advice", ADVICE, draft["advice"]),
    }


def _unchosen(
    system: str, wanted: tuple[str, ...], rows: list[dict[str, Any]], most: int
) -> list[Any]:
    chosen = {row["code"] for row in rows}
    known = terminology.codes(system, list(wanted))
    return [known[code] for code in wanted if code in known and code not in chosen][:most]


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


def gaps(work: Work) -> list[Gap]:
    """What is missing, in the order of the screen; empty when it can be signed. No query."""
    where = {"finding": "complaints", "plan": "medicines"}
    found = [Gap(where[code], Refused(f"consult.{code}")) for code in missing(work.draft)]
    for n, line in enumerate(work.lines):
        if line.problem:
            found.append(Gap("medicines", line.problem, line.name, n))
        elif line.stopped:
            found.append(Gap("medicines", Refused("prescription.allergy"), line.name, n))
    return found


def search(part: str, text: str, *, visit: Any) -> list[dict[str, Any]]:
    """Results of one search box, at most 12: {code, hi, en, note, on_hand?, stopped?}.

    6 queries for medicines (allergies and stock too), 1 for the rest. Under two letters nothing
    is looked up.
    """
    text = text.strip()
    if len(text) < 2:
        return []
    if part == "medicine":
        return _found_medicines(text, facts(patient_of(visit), visit.pregnant))
    rows = terminology.search_codes(part, text)
    return [
        {
            "code": row.code,
            "hi": row.name_hi or row.name_en,
            "en": row.name_en,
            "note": row.standard_code if part == "diagnosis" else "",
            "verified": row.verified,
        }
        for row in rows
    ]


def _found_medicines(text: str, known: Facts) -> list[dict[str, Any]]:
    """Every strength, what is on the shelf first; a stopped one is shown with its reason."""
    rows = terminology.search_medications(text, codes=terminology.drugs_for(config_here()))
    stock = pharmacy.on_hand([row.code for row in rows])
    rows.sort(key=lambda row: stock[row.code] <= 0)  # stable: the search's own order otherwise
    return [
        {
            "code": row.code,
            "hi": row.name_hi,
            "en": prescriptions.full_name(row),
            "note": row.form_name,
            "on_hand": stock[row.code],
            "stopped": stops(row.generic_name, known),
            "verified": row.verified,
        }
        for row in rows
    ]


def shelf(work: Work, line: prescriptions.Line) -> dict[str, Any]:
    """Stock badge of one line: {"level": available | low | out, "on_hand"}. No query."""
    on_hand = work.stock.get(line.typed["code"], Decimal(0))
    needed = line.dose.quantity if line.dose else Decimal(1)
    # ml and bottles are not one unit: a syrup is either there or not
    if line.dose and line.dose.unit == "ml":
        needed = Decimal(1)
    return {"level": content.stock_level(on_hand, needed), "on_hand": on_hand}


def unverified(work: Work) -> str:
    """Where the medicines' rows come from while no committee has signed them, else ""."""
    rows = [line.medication for line in work.lines if line.medication]
    return next((row.provenance for row in rows if not row.verified), "")


def chips(line: prescriptions.Line) -> tuple[str, ...]:
    """Doses to press for the form of this medicine. No query."""
    drug = line.medication
    if drug is None:
        return ()
    return DOSES[unit_of(drug.form, drug.generic_name, drug.strength).kind]


def named(codes: list[str]) -> list[str]:
    """What codes of any list of this screen are called, in the reader's language; others fall
    away. A query for each list: only a conflict asks."""
    names = []
    for system in ("complaint", "diagnosis", "test", "advice"):
        names += [local(row) for row in terminology.codes(system, codes).values()]
    return names + [prescriptions.full_name(d) for d in terminology.medications(codes).values()]


def patient_of(visit: Any) -> dict[str, Any]:
    """The banner's patient with allergies. 1 query."""
    return patients.banner(visit.patient_id, known=visit.patient)


def saved_at(draft: Draft) -> datetime | None:
    """When the draft was kept last, India time."""
    at = (draft["saved"] or {}).get("at")
    return timezone.localtime(datetime.fromisoformat(at)) if at else None


def last_writer(visit: Any) -> dict[str, Any]:
    """Who saved the draft last and when: {name_hi, name_en, at}. 1 query."""
    draft = opened(visit.draft)
    by = (draft["saved"] or {}).get("by")
    card = accounts.cards([UUID(by)]).get(UUID(by)) if by else None
    return {
        "name_hi": card.name_hi if card else "",
        "name_en": card.name_en if card else "",
        "at": saved_at(draft),
    }


def hands(visit: Any, user_id: UUID | None) -> dict[str, Any]:
    """Who wrote here and who has it now: {writer, lost, may_take, hands: [{name…, until, wrote}]}.

    `writer` is another doctor who has begun; `lost`: I wrote here until that one took over. 0 or 1
    query.
    """
    draft = opened(visit.draft)
    past = draft["hands"] or []
    other = visit.doctor_id if visit.doctor_id not in (None, user_id) else None
    ids = {UUID(hand["by"]) for hand in past} | ({other} if other else set())
    cards = accounts.cards(ids) if ids else {}
    return {
        "writer": cards.get(other) if other else None,
        "lost": lost_by(draft, user_id, visit.doctor_id),
        "hands": [
            {
                "by": cards.get(UUID(hand["by"])),
                "until": timezone.localtime(datetime.fromisoformat(hand["until"])),
                "wrote": sum(len(codes) for codes in hand["wrote"].values()),
                "medicines": [
                    prescriptions.full_name(drug)
                    for drug in terminology.medications(hand["wrote"].get("medicines", [])).values()
                ],
            }
            for hand in past
        ],
    }


def facility_here() -> Any:
    """The hospital whose schema we stand in."""
    return current_facility()


def config_here() -> FacilityConfig:
    return facilities.config(facility_here())


def place(department: str, room: str) -> dict[str, Any]:
    """Head of the paper: hospital, department, room, district, help line. 1 query."""
    facility, config = facility_here(), config_here()
    chosen = config.department(department)
    district = facilities.region("district", facility.district_code)
    return {
        "name_hi": config.letterhead_hi or facility.name_hi,
        "name_en": config.letterhead_en or facility.name_en,
        "department_hi": chosen.name_hi if chosen else department,
        "department_en": chosen.name_en if chosen else department,
        "room": room,
        "district_hi": district.name_hi if district else "",
        "district_en": district.name_en if district else "",
        "help_line": config.help_line,
    }


def signer(user_id: UUID) -> dict[str, str]:
    """Who signs, as a paper names the person. 1 query."""
    card = accounts.cards([user_id])[user_id]
    return {
        "name_hi": card.name_hi,
        "name_en": card.name_en,
        "qualification": card.qualification,
        "registration_no": card.registration_no,
    }


def snapshot(visit: Any, work: Work, patient: dict[str, Any], *, signer_id: UUID) -> dict[str, Any]:
    """Content of the prescription as it would be signed now. 3 queries."""
    written = content.prescription(
        draft=work.draft,
        lines=[line for line in work.lines if line.dose],
        patient=patient,
        vitals=encounters.vitals(visit.pk, by=False),
        place=place(visit.department, visit.room),
        slip=visit.number,
        token=encounters.token_label(visit.token),
        signer=signer(signer_id),
        stock=work.stock,
        signed_at=timezone.now(),
    )
    return written | wording.on_paper(facility_here().pk)


def past(patient_id: UUID, *, but: UUID) -> list[dict[str, Any]]:
    """Earlier visits with what was found and prescribed, newest first. 3 queries."""
    visits = [v for v in encounters.past_visits(patient_id, PAST_SHOWN + 1) if v["id"] != but]
    written: dict[UUID, list[Any]] = {}
    for line in prescriptions.lines_of([v["id"] for v in visits]):
        written.setdefault(line.prescription.encounter_id, []).append(line)
    return [{**v, "medicines": written.get(v["id"], [])} for v in visits[:PAST_SHOWN]]


def last_lines(patient_id: UUID, *, but: UUID) -> list[dict[str, Any]]:
    """Lines of the newest earlier prescription, as a draft holds them. 3 queries."""
    for visit in past(patient_id, but=but):
        if visit["medicines"]:
            lines = [line for line in visit["medicines"] if line.closed != "stopped"]
            return [prescriptions.as_draft(line) for line in lines]
    return []
