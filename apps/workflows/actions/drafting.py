"""One edit of the consultation: the draft is read, changed and kept with its version."""

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
from apps.workflows.queries import last_lines

SYSTEMS = {"complaints": "complaint", "diagnoses": "diagnosis", "tests": "test", "advice": "advice"}


def edit(encounter_id: UUID, *, what: str, version: int, actor: Actor, **told: Any) -> int:
    """Do one edit (a name of EDITS) on the draft; answers the new version.

    `version` is what the screen showed: when another person wrote since, Refused("draft.conflict")
    and nothing is lost on either side. A signed visit answers Refused("consult.signed").
    """
    actor.require(Permission.CONSULT_DRAFT)
    visit = visits.visit(encounter_id)
    if visit.status == visit.Status.FINISHED:
        raise Refused("consult.signed")
    may_open(visit, actor)
    if what not in EDITS:
        raise Refused("draft.edit")
    before = drafts.opened(visit.draft)
    refuse_lost(visit, actor)
    after = EDITS[what](before, visit, told)
    if visit.token.status == visit.token.Status.CALLED and actor.may(Permission.CONSULT_SIGN):
        encounters.serve(encounter_id, actor=actor)  # who writes has the patient in the room
    after["saved"] = {"at": timezone.now().isoformat(), "by": str(actor.user_id)}
    return encounters.save_draft(encounter_id, draft=after, version=version, actor=actor)


def may_open(visit: Any, actor: Actor) -> None:
    """Whoever writes must stand in a relation to the patient; one's own visit needs no look-up."""
    if visit.doctor_id != actor.user_id:
        encounters.open_chart(visit.patient_id, actor=actor)


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
    return drafts.change(changed, "medicines", index, **tidied(changed["medicines"][index]))


def _choose(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    part, wanted = told["part"], list(dict.fromkeys(told["codes"]))
    there = {row["code"]: row for row in draft[part]}
    known = terminology.codes(SYSTEMS[part], [code for code in wanted if code not in there])
    rows = [there[code] for code in wanted if code in there]
    for code, found in known.items():
        rows.append({"code": code, "hi": found.name_hi or found.name_en, "en": found.name_en})
    rows += [row for row in draft[part] if not row["code"]]
    return drafts.choose(draft, part, rows)


def _advise(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    chosen = _choose(draft, visit, {"part": "advice", "codes": told["codes"]})
    return drafts.follow_up(chosen, told["day"], today=timezone.localdate())


def _repeat(draft: drafts.Draft, visit: Any, told: dict[str, Any]) -> drafts.Draft:
    lines = last_lines(visit.patient_id, but=visit.pk)
    if not lines:
        raise Refused("consult.no_last")
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
}
