"""The consultation as it is typed: one JSON document and the edits it knows. Pure, no table.

Shape: {"complaints": [{code, hi, en, days}], "diagnoses": [{code, icd, hi, en}], "medicines":
[{code, dose, when, days, quantity, note, reason}], "tests": [{code, hi, en}], "advice": [{code,
hi, en}], "advice_text", "notes", "follow_up": {"date"} | None}, and for the screen "removed"
(what undo brings back), "set" (which one filled it last), "saved" {"at", "by"} (who wrote last) and
"hands" [{"by", "until", "wrote": {part: [codes]}}] (who wrote before it was taken over). `reason`
says why a medicine is given in spite of a stop, `answered` of which rules; a test that is a panel
carries its "tests"; a diagnosis with "long" is kept as a long-term illness at signing.
"""

from datetime import date, timedelta
from typing import Any

from apps.core.errors import Refused

Draft = dict[str, Any]
LISTS = ("complaints", "diagnoses", "medicines", "tests", "advice")
MOST_ROWS = 25
MOST_TEXT = 1000
MOST_FOLLOW_UP_DAYS = 366
WHENS = ("after", "before", "bedtime", "with", "empty", "")
MOST_DOSE = 80
USUAL_DAYS = 5


def opened(raw: Draft | None) -> Draft:
    """A draft with every key there, whatever an older version or an empty visit left behind."""
    raw = raw or {}
    return {
        **{name: list(raw.get(name) or []) for name in LISTS},
        "advice_text": raw.get("advice_text", ""),
        "notes": raw.get("notes", ""),
        "follow_up": raw.get("follow_up"),
        "removed": raw.get("removed"),
        "set": raw.get("set"),
        "saved": raw.get("saved"),
        "hands": raw.get("hands"),
    }


def content(draft: Draft) -> Draft:
    """What is clinical in it, without the screen's own keys: for comparing two drafts."""
    screens = ("removed", "saved", "set", "hands")
    return {key: value for key, value in opened(draft).items() if key not in screens}


def lost_by(draft: Draft, user_id: Any, doctor_id: Any) -> bool:
    """This person wrote here until somebody else took over, and has not taken it back."""
    hands = draft.get("hands") or []
    return doctor_id != user_id and any(hand["by"] == str(user_id) for hand in hands)


def is_empty(draft: Draft) -> bool:
    return not any(content(draft).values())


def missing(draft: Draft) -> list[str]:
    """What must still be written before it can be signed, as codes of the finish list."""
    gaps = []
    if not draft["complaints"] and not draft["diagnoses"]:
        gaps.append("finding")
    if not (draft["medicines"] or draft["tests"] or draft["advice"] or draft["advice_text"]):
        gaps.append("plan")
    return gaps


def add(draft: Draft, part: str, row: Draft) -> Draft:
    """A row of a list, once. A free text (no code) is told apart by its words."""
    rows = draft[part]
    key = row["code"] or row["en"]
    if any((old["code"] or old.get("en")) == key for old in rows):
        return draft
    if len(rows) >= MOST_ROWS:
        raise Refused("draft.too_many", most=MOST_ROWS)
    return {**draft, part: [*rows, row], "removed": None}


def add_medicine(draft: Draft, code: str, *, days: int | None = USUAL_DAYS) -> Draft:
    """An open line: the dose is never guessed."""
    line = {
        "code": code,
        "dose": "",
        "when": "after",
        "days": days,
        "quantity": None,
        "note": "",
        "reason": "",
    }
    return add(draft, "medicines", line)


def remove(draft: Draft, part: str, index: int) -> Draft:
    """Without that row; it can be brought back by `undo` until the next one is taken out."""
    rows = list(draft[part])
    row = rows.pop(_at(rows, index))
    return {**draft, part: rows, "removed": {"part": part, "index": index, "row": row}}


def undo(draft: Draft) -> Draft:
    gone = draft["removed"]
    if not gone:
        return draft
    rows, at = list(draft[gone["part"]]), gone["index"]
    # what took its place goes again
    rows[at : at + bool(gone.get("instead"))] = [gone["row"]]
    return {**draft, gone["part"]: rows, "removed": None}


def change(draft: Draft, part: str, index: int, **fields: Any) -> Draft:
    rows = list(draft[part])
    at = _at(rows, index)
    rows[at] = {**rows[at], **fields}
    return {**draft, part: rows}


def change_medicine(draft: Draft, index: int, typed: Draft) -> Draft:
    """One line as its form says it. A total typed by hand falls away when dose or days change."""
    before = draft["medicines"][_at(draft["medicines"], index)]
    when = typed.get("when", before["when"])
    fields = {
        "dose": typed.get("dose", before["dose"])[:MOST_DOSE],
        "when": when if when in WHENS else before["when"],
        "days": typed.get("days", before["days"]),
        "note": typed.get("note", before["note"])[:200],
        "reason": typed.get("reason", before.get("reason", ""))[:200],
    }
    same = (fields["dose"], fields["days"]) == (before["dose"], before["days"])
    kept = before["quantity"] if same else None
    quantity = typed.get("quantity", kept)
    return change(draft, "medicines", index, **fields, quantity=quantity)


def replace_medicine(draft: Draft, index: int, code: str) -> Draft:
    """Another medicine in the same place, for as many days; its dose is written anew."""
    rows = list(draft["medicines"])
    old = rows[_at(rows, index)]
    if any(row["code"] == code for n, row in enumerate(rows) if n != index):
        return remove(draft, "medicines", index)  # it is there already
    fresh = add_medicine({**draft, "medicines": []}, code, days=old["days"])["medicines"][0]
    rows[index] = fresh
    gone = {"part": "medicines", "index": index, "row": old, "instead": True}
    return {**draft, "medicines": rows, "removed": gone}


def long_term(draft: Draft, index: int) -> Draft:
    """The diagnosis is, or is not, an illness that stays."""
    row = draft["diagnoses"][_at(draft["diagnoses"], index)]
    return change(draft, "diagnoses", index, long=not row.get("long"))


def choose(draft: Draft, part: str, rows: list[Draft]) -> Draft:
    """Exactly these rows: a card of tick boxes sends all of them."""
    if len(rows) > MOST_ROWS:
        raise Refused("draft.too_many", most=MOST_ROWS)
    return {**draft, part: rows}


def write(draft: Draft, field: str, text: str) -> Draft:
    """Free text: "notes" (what was found) or "advice_text"."""
    if len(text) > MOST_TEXT:
        raise Refused("draft.too_long", most=MOST_TEXT)
    return {**draft, field: text.strip()}


def follow_up(draft: Draft, day: date | None, *, today: date) -> Draft:
    """The day to come again, or none. Refused: draft.follow_up."""
    if day is None:
        return {**draft, "follow_up": None}
    if not today < day <= today + timedelta(days=MOST_FOLLOW_UP_DAYS):
        raise Refused("draft.follow_up")
    return {**draft, "follow_up": {"date": day.isoformat()}}


def follow_up_date(draft: Draft) -> date | None:
    told = draft["follow_up"]
    return date.fromisoformat(told["date"]) if told else None


def repeat(draft: Draft, lines: list[Draft]) -> Draft:
    """The lines of an earlier prescription below what is written already."""
    for line in lines:
        draft = add(draft, "medicines", line)
    return draft


def _at(rows: list[Any], index: int) -> int:
    if not 0 <= index < len(rows):
        raise Refused("draft.gone")
    return index
