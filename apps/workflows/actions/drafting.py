"""One edit of the consultation: the draft is read, changed and kept with its version."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.prescriptions.queries import tidied
from apps.terminology import queries as terminology
from apps.workflows import draft as drafts
from apps.workflows import queries, sets
from apps.workflows.choices import PANELS
from apps.workflows.facts import months_of

SYSTEMS = {"complaints": "complaint", "diagnoses": "diagnosis", "tests": "test", "advice": "advice"}


def edit(encounter_id: UUID, *, what: str, version: int, actor: Actor, **told: Any) -> int:
    """Do one edit (a name of EDITS) on the draft; answers the new version.

    `version` is what the screen showed: when another person wrote since, Refused("draft.conflict")
    and nothing is lost on either side. A signed visit answers Refused("consult.signed").
    """
    actor.require(Permission.CONSULT_DRAFT)
    with terminology.held():
        return _edit(encounter_id, what, version, told, actor)


def _edit(encounter_id: UUID, what: str, version: int, told: dict[str, Any], actor: Actor) -> int:
    visit = visits.visit(encounter_id)
    if visit.status == visit.Status.FINISHED:
        raise Refused("consult.signed")
    may_open(visit, actor)
    if what not in EDITS:
        raise Refused("draft.edit")
    before = drafts.opened(visit.draft)
    refuse_lost(visit, actor)
    after = EDITS[what](before, visit, told | {"actor": actor})
    if visit.token.status == visit.token.Status.CALLED and actor.may(Permission.CONSULT_SIGN):
        encounters.serve(encounter_id, actor=actor)  # who writes has the patient in the room
    after["saved"] = {"at": timezone.now().isoformat(), "by": str(actor.user_id)}
    return encounters.save_draft(encounter_id, draft=after, version=version, actor=actor)


def may_open(visit: Any, actor: Actor) -> None:
    """Whoever writes must stand in a relation to the patient; one's own visit needs no look-up."""
    if visit.doctor_id != actor.user_id:
        encounters.open_chart(visit.patient_id, actor=actor, known=visit)


def refuse_lost(visit: Any, actor: Actor) -> None:
    """Raise Refused("consult.taken_over") for whoever wrote here before another took over."""
    if drafts.lost_by(visit.draft, actor.user_id, visit.doctor_id):
        raise Refused("consult.taken_over")


def _add(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    part = told["part"]
    row = _row(part, told["code"])
    if part == "complaints":
        row["days"] = told.get("days")
    return drafts.add(draft, part, row)


def _row(part: str, code: str) -> dict[str, Any]:
    if part == "tests" and code in PANELS:
        return sets.panel_row(code)
    found = terminology.codes(SYSTEMS[part], [code]).get(code)
    if found is None:
        raise Refused("draft.unknown")
    row = {"code": code, "hi": found.name_hi or found.name_en, "en": found.name_en}
    if part == "diagnoses":
        row["icd"] = found.standard_code
    return row


def _write_row(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    """A complaint or a diagnosis in the doctor's own words, with no code."""
    text = told["text"].strip()[:120]
    if not text:
        return draft
    row = {"code": "", "hi": text, "en": text}
    row |= {"days": told.get("days")} if told["part"] == "complaints" else {"icd": ""}
    return drafts.add(draft, told["part"], row)


def _add_medicine(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    if told["code"] not in terminology.medications([told["code"]]):
        raise Refused("draft.unknown")
    return drafts.add_medicine(draft, told["code"])


def _medicine(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    index = told["index"]
    changed = drafts.change_medicine(draft, index, told["typed"])
    read = drafts.change(changed, "medicines", index, **tidied(changed["medicines"][index]))
    line = read["medicines"][index]
    if not line["reason"] or line["reason"] == draft["medicines"][index].get("reason"):
        return read
    # A reason answers what stands against the line now; a stop that comes later asks again.
    open_ = drafts.change(read, "medicines", index, reason="", answered=[])
    work = queries.work(visit, queries.patient_of(visit), draft=open_, bare=True)
    return drafts.change(read, "medicines", index, answered=work.lines[index].stops)


def _choose(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    part, wanted = told["part"], list(dict.fromkeys(told["codes"]))
    there = {row["code"]: row for row in draft[part]}
    rows = [there[code] for code in wanted if code in there]
    new = [code for code in wanted if code not in there]
    if part == "tests":
        rows += sets.test_rows(new)
    else:
        for code, found in terminology.codes(SYSTEMS[part], new).items():
            rows.append({"code": code, "hi": found.name_hi or found.name_en, "en": found.name_en})
    rows += [row for row in draft[part] if not row["code"]]
    return drafts.choose(draft, part, rows)


def _toggle(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    """One test more or less: a key of the keyboard, where the mouse ticks a box."""
    codes = [row["code"] for row in draft["tests"] if row["code"]]
    code = told["code"]
    codes = [c for c in codes if c != code] if code in codes else [*codes, code]
    return _choose(draft, visit, {"part": "tests", "codes": codes})


def _fill(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    actor = told["actor"]
    doctor = actor.user_id if actor.may(Permission.CONSULT_SIGN) else visit.doctor_id
    chosen = sets.one(told["code"], facility_id=actor.facility_id, user_id=doctor)
    return sets.fill(draft, chosen, months=months_of(queries.brief_of(visit)))


def _instead(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    if told["code"] not in terminology.medications([told["code"]]):
        raise Refused("draft.no_instead")
    return drafts.replace_medicine(draft, told["index"], told["code"])


def _follow(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    today, days = timezone.localdate(), told["days"]
    day = today + timedelta(days=days) if days else None
    return drafts.follow_up(draft, day, today=today)


def _advise(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    chosen = _choose(draft, visit, {"part": "advice", "codes": told["codes"]})
    return drafts.follow_up(chosen, told["day"], today=timezone.localdate())


def _repeat(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    """The last prescription; and, while nothing was found today, what was found then."""
    last = queries.last_visit(visit.patient_id, but=visit.pk)
    if last is None:
        raise Refused("consult.no_last")
    return _again(draft, last["diagnoses"], queries.lines_again(last))


def _refill(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    """Every long-term medicine of the earlier visits, and the illness on the patient's list."""
    lines = queries.refills(visit.patient_id, but=visit.pk)
    if not lines:
        raise Refused("consult.no_refill")
    return _again(draft, visit.patient.conditions, lines)


def _again(
    draft: drafts.Draft, found: list[dict[str, Any]], lines: list[dict[str, Any]]
) -> drafts.Draft:
    if not draft["diagnoses"] and not draft["complaints"]:
        for row in found:
            known = terminology.codes("diagnosis", [row["code"]]).get(row["code"])
            icd = known.standard_code if known else row.get("icd", "")
            kept = {"code": row["code"], "icd": icd, "hi": row["hi"], "en": row["en"]}
            draft = drafts.add(draft, "diagnoses", kept)
    return drafts.repeat(draft, lines)


EDITS: dict[str, Any] = {
    "add": _add,
    "write": _write_row,
    "remove": lambda draft, _, told: drafts.remove(draft, told["part"], told["index"]),
    "undo": lambda draft, _, __: drafts.undo(draft),
    "days": lambda draft, _, told: drafts.change(
        draft, "complaints", told["index"], days=told["days"]
    ),
    "add_medicine": _add_medicine,
    "medicine": _medicine,
    "choose": _choose,
    "advise": _advise,
    "text": lambda draft, _, told: drafts.write(draft, told["field"], told["text"]),
    "repeat": _repeat,
    "refill": _refill,
    "set": _fill,
    "toggle": _toggle,
    "follow": _follow,
    "replace": _instead,
    "long": lambda draft, _, told: drafts.long_term(draft, told["index"]),
}
