"""What the doctor's screen shows, gathered from the apps below."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
from apps.labs import queries as labs
from apps.patients import queries as patients
from apps.pharmacy import queries as pharmacy
from apps.prescriptions import queries as prescriptions
from apps.prescriptions.safety import Facts
from apps.terminology import queries as terminology
from apps.workflows import content, sets
from apps.workflows.choices import PANELS, REPEAT_TEST_DAYS
from apps.workflows.draft import Draft, lost_by, missing, opened
from apps.workflows.facts import facts_of

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
    """One consultation as typed, its lines read and checked, and the stock beside them.

    `offered`: sets that one tap would fill. `repeated`: tests of the draft that were ordered
    lately, with the day. `stock` covers the draft, its relatives, and the sets' medicines.
    """

    draft: Draft
    version: int
    lines: list[prescriptions.Line]
    stock: dict[str, Decimal]
    facts: Facts = field(default_factory=Facts)
    offered: list[sets.TreatmentSet] = field(default_factory=list)
    repeated: dict[str, date] = field(default_factory=dict)


def work(
    visit: Any,
    patient: dict[str, Any],
    *,
    vitals: list[dict[str, Any]] | None = None,
    draft: Draft | None = None,
    doctor_id: UUID | None = None,
    bare: bool = False,
) -> Work:
    """The draft of a visit with everything that can be said about it. 1 query (stock), one more
    each for vitals that are not given, for chosen tests, and for a medicine with a kidney rule.
    `bare`: only what a signature needs, without sets, relatives and repeated tests."""
    draft = opened(visit.draft) if draft is None else draft
    facts = facts_of(visit, patient, draft, vitals)
    lines = prescriptions.lines(draft["medicines"], facts)
    wanted = {row["code"] for row in draft["medicines"]}
    if bare:
        return Work(draft, visit.draft_version, lines, _stock(wanted), facts)
    offered = sets.suggested(
        sets.sets_here(facility_id=facility_here().pk, user_id=doctor_id or visit.doctor_id),
        draft,
        facts.age_months,
    )
    wanted |= {row["code"] for one in offered for row in one.body.get("medicines", ())}
    wanted |= {drug.code for line in lines if line.medication for drug in relatives(line)}
    wanted |= {drug.code for line in lines for drug in named_instead(line)}
    return Work(
        draft,
        visit.draft_version,
        lines,
        _stock(wanted),
        facts,
        offered,
        _repeated(visit, draft),
    )


def _stock(codes: set[str]) -> dict[str, Decimal]:
    return pharmacy.on_hand(codes) if codes else {}


def relatives(line: prescriptions.Line) -> list[Any]:
    """Same medicine or same group, same way of taking, in this hospital's list. No query."""
    return _listed(terminology.relatives(line.medication))[:8]


def named_instead(line: prescriptions.Line) -> list[Any]:
    """Products of the medicines that the findings of this line name in place of it. No query."""
    names = {f.instead for f in line.findings if f.instead}
    if not names:
        return []
    return [
        drug
        for drugs in terminology.by_generic(names).values()
        for drug in _listed(drugs)
        if drug.route in ("", "Oral")
    ]


def _listed(drugs: Iterable[Any]) -> list[Any]:
    here = drugs_here()
    return [drug for drug in drugs if drug.code in here]


def drugs_here() -> frozenset[str]:
    """Codes of this hospital's medicine list. No query once the catalogue is in memory."""
    config = config_here()
    return frozenset(terminology.drugs_for(config))


def _repeated(visit: Any, draft: Draft) -> dict[str, date]:
    """Tests of the draft that this patient was sent for within the last days. 1 query, 0 without
    tests. A panel counts by any of its tests."""
    rows = draft["tests"]
    codes = {row["code"]: row.get("tests") or [row["code"]] for row in rows}
    if not codes:
        return {}
    days = int(config_here().extra.get("repeat_test_days", REPEAT_TEST_DAYS))
    since = timezone.now() - timedelta(days=days)
    single = {code for several in codes.values() for code in several}
    last = labs.ordered_since(visit.patient_id, single, since, but=visit.pk)
    return {
        code: max(last[test] for test in several if test in last)
        for code, several in codes.items()
        if any(test in last for test in several)
    }


def gaps(work: Work) -> list[Gap]:
    """What is missing, in the order of the screen; empty when it can be signed. No query."""
    where = {"finding": "complaints", "plan": "medicines"}
    found = [Gap(where[code], Refused(f"consult.{code}")) for code in missing(work.draft)]
    for n, line in enumerate(work.lines):
        if no := line.refusal:
            found.append(Gap("medicines", no, line.name, n))
    return found


def unverified(work: Work) -> str:
    """Where the medicines' rows come from while no committee has signed them, else ""."""
    rows = [line.medication for line in work.lines if line.medication]
    return next((row.provenance for row in rows if not row.verified), "")


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


def brief_of(visit: Any) -> dict[str, Any]:
    """Name and age of the patient. No query."""
    return patients.brief(visit.patient)


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
        "hpr_id": card.hpr_id,
    }


def snapshot(
    visit: Any,
    work: Work,
    patient: dict[str, Any],
    *,
    signer_id: UUID,
    vitals: list[dict[str, Any]],
) -> dict[str, Any]:
    """Content of the prescription as it would be signed now. 2 queries."""
    written = content.prescription(
        draft=work.draft,
        lines=[line for line in work.lines if line.dose],
        patient=patient,
        vitals=vitals,
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


def last_visit(patient_id: UUID, *, but: UUID) -> dict[str, Any] | None:
    """The newest earlier visit with a prescription, as `past` has it. 3 queries."""
    return next((visit for visit in past(patient_id, but=but) if visit["medicines"]), None)


def lines_again(visit: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of an earlier visit, as a draft holds them. No query."""
    lines = [line for line in visit["medicines"] if line.closed != "stopped"]
    return [prescriptions.as_draft(line) for line in lines]


def refills(patient_id: UUID, *, but: UUID) -> list[dict[str, Any]]:
    """Long-term medicines of the earlier visits, each as it was given last. 3 queries."""
    visits = past(patient_id, but=but)
    lines = [line for visit in visits for line in visit["medicines"]]
    return prescriptions.refills(line for line in lines if line.closed != "stopped")


def sets_page(*, facility_id: UUID | None, user_id: UUID | None, text: str) -> list[dict[str, Any]]:
    """Every set with what it holds in words, whether a higher one hides it, and what this counter
    does not have. 1 query (stock)."""
    found = sets.all_sets(facility_id=facility_id, user_id=user_id)
    codes = {row["code"] for one in found for row in one.body.get("medicines", ())}
    stock = pharmacy.on_hand(codes)
    seen: set[str] = set()
    rows = []
    for one in found:
        row = {"set": one, "hidden": one.code in seen, **set_rows(one.body)}
        seen.add(one.code)
        row["missing"] = [m["name"] for m in row["medicines"] if stock.get(m["code"], 0) <= 0]
        words = [one.name_hi, one.name_en, *(r["hi"] + r["en"] for r in row["diagnoses"])]
        if text.lower() in " ".join(words).lower():
            rows.append(row)
    return rows


def set_rows(body: dict[str, Any]) -> dict[str, Any]:
    """What a set's codes are called, for its page. No query once the catalogues are in memory."""
    lines = body.get("medicines") or []
    known = terminology.medications([row["code"] for row in lines])
    medicines = []
    for row in lines:
        drug = known.get(row["code"])
        name = prescriptions.full_name(drug) if drug else row["code"]
        medicines.append({**row, "name": name, "form": drug.form_name if drug else ""})
    words = {
        part: _called(system, body.get(part) or [])
        for part, system in (("diagnoses", "diagnosis"), ("advice", "advice"))
    }
    tests = sets.test_rows(body.get("tests") or [])
    return {"medicines": medicines, "tests": tests, **words}


def _called(system: str, codes: list[str]) -> list[dict[str, Any]]:
    known = terminology.codes(system, codes)
    return [
        {"code": code, "hi": row.name_hi or row.name_en, "en": row.name_en}
        for code in codes
        if (row := known.get(code))
    ]


def set_lists() -> dict[str, list[str]]:
    """What can be put into a set, each as a line that ends with its code."""
    here = drugs_here()
    drugs = terminology.medications(here).values()
    by_name = sorted(drugs, key=lambda d: (d.generic_name, d.code))
    lists = {
        "medicines": [f"{prescriptions.full_name(d)} · {d.form_name} [{d.code}]" for d in by_name]
    }
    for part, system in (("diagnoses", "diagnosis"), ("tests", "test"), ("advice", "advice")):
        rows = terminology.search_codes(system, "", limit=400)
        lists[part] = [f"{local(row)} [{row.code}]" for row in rows]
    lists["tests"] = [f"{en} [{code}]" for code, (_, en, _t) in PANELS.items()] + lists["tests"]
    return lists
