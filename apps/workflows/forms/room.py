"""What the screen sends: the name of one edit and its fields, as `edit(what=…, **told)` wants it.

A button says it all in its value: "add:complaints:FEVER:3", "remove:tests:0". A row's form says
"medicine:2" and sends its fields, each beside what it showed before ("…_was"), so that a typed
text wins over an old chip and a chip over an old text.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from apps.core.errors import Refused
from apps.core.fold import digits

PARTS = ("complaints", "diagnoses", "tests", "advice", "medicines")
TEXTS = ("notes", "advice_text")
Told = dict[str, Any]


class SignForm(forms.Form):
    """`id` is the document to be: sent twice it is made once. `version` is the draft seen."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    pin = forms.CharField(max_length=8, strip=True)


def edit_of(posted: QueryDict) -> tuple[str, int, Told]:
    """(what, version, told) of one post. Refused: draft.edit, draft.date, draft.days."""
    what, _, rest = posted.get("op", "").partition(":")
    reader = READERS.get(what)
    if reader is None:
        raise Refused("draft.edit")
    try:
        version = int(posted.get("version", ""))
    except ValueError:
        raise Refused("draft.edit") from None
    return what, version, reader(rest, posted)


def _part(text: str) -> str:
    if text not in PARTS:
        raise Refused("draft.edit")
    return text


def _index(text: str) -> int:
    if not text.isdecimal() or len(text) > 3:
        raise Refused("draft.edit")
    return int(text)


def days_of(text: str) -> int | None:
    """5, "5 days", ५; nothing typed is None."""
    number = digits(text).strip().split(" ")[0]
    if not number:
        return None
    if not number.isdecimal() or len(number) > 4:
        raise Refused("draft.days")
    return int(number)


def date_of(text: str) -> date | None:
    """ISO from the browser's own field, or 07-12-2026 as people write."""
    text = digits(text).strip().replace("/", "-").replace(".", "-")
    if not text:
        return None
    first, *more = text.split("-")
    try:
        if len(more) == 2 and len(first) <= 2:
            return date(int(more[1]), int(more[0]), int(first))
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("draft.date") from None


def with_days(text: str) -> tuple[str, int | None]:
    """What is searched and for how long: "bukhar 3" is bukhar for 3 days."""
    words = digits(text).strip().split()
    if len(words) > 1 and words[-1].isdecimal() and len(words[-1]) <= 3:
        return " ".join(words[:-1]), int(words[-1]) or None
    return " ".join(words), None


def _chosen(posted: QueryDict, name: str) -> str:
    """The typed text when it was changed, else the chip, else what was there."""
    text, was = posted.get(f"{name}_text", "").strip(), posted.get(f"{name}_was", "").strip()
    if text != was:
        return text
    return posted.get(name, was)


def _add(rest: str, posted: QueryDict) -> Told:
    part, _, more = rest.partition(":")
    code, _, days = more.partition(":")
    return {"part": _part(part), "code": code, "days": days_of(days)}


def _write(rest: str, posted: QueryDict) -> Told:
    part, _, text = rest.partition(":")
    text, days = with_days(text)
    return {"part": _part(part), "text": text, "days": days}


def _remove(rest: str, posted: QueryDict) -> Told:
    part, _, index = rest.partition(":")
    return {"part": _part(part), "index": _index(index)}


def _days(rest: str, posted: QueryDict) -> Told:
    index, _, days = rest.partition(":")
    return {"index": _index(index), "days": days_of(days)}


def _medicine(rest: str, posted: QueryDict) -> Told:
    typed: Told = {
        "dose": _chosen(posted, "dose"),
        "days": days_of(_chosen(posted, "days")),
    }
    for name in ("when", "note", "reason"):
        if name in posted:
            typed[name] = str(posted[name]).strip()
    quantity = digits(posted.get("quantity", "")).strip()
    if quantity != posted.get("quantity_was", "").strip():
        typed["quantity"] = quantity or None
    return {"index": _index(rest), "typed": typed}


def _choose(rest: str, posted: QueryDict) -> Told:
    return {"part": _part(rest), "codes": posted.getlist("code")}


def _advise(rest: str, posted: QueryDict) -> Told:
    return {"codes": posted.getlist("code"), "day": date_of(_chosen(posted, "follow"))}


def _text(rest: str, posted: QueryDict) -> Told:
    if rest not in TEXTS:
        raise Refused("draft.edit")
    return {"field": rest, "text": posted.get("text", "")}


def _nothing(rest: str, posted: QueryDict) -> Told:
    return {}


def _replace(rest: str, posted: QueryDict) -> Told:
    index, _, code = rest.partition(":")
    return {"index": _index(index), "code": code[:20]}


READERS: dict[str, Callable[[str, QueryDict], Told]] = {
    "add": _add,
    "write": _write,
    "remove": _remove,
    "undo": _nothing,
    "days": _days,
    "add_medicine": lambda rest, posted: {"code": rest},
    "medicine": _medicine,
    "choose": _choose,
    "advise": _advise,
    "text": _text,
    "repeat": _nothing,
    "refill": _nothing,
    "set": lambda rest, posted: {"code": rest[:60]},
    "long": lambda rest, posted: {"index": _index(rest)},
    "replace": _replace,
    "toggle": lambda rest, posted: {"code": rest[:20]},
    "follow": lambda rest, posted: {"days": days_of(rest)},
}


class SwitchForm(forms.Form):
    """`after`: the version that the list showed at this level, 0 when there was none."""

    id = forms.UUIDField()
    after = forms.IntegerField(min_value=0)
    on = forms.BooleanField(required=False)


class SetForm:
    """A treatment set as it is being typed. Rows are named by their place: "dose_0", "days_0"; a
    row is taken out by its button, one is added by its code at the end of a chosen line."""

    PARTS = ("diagnoses", "tests", "advice")

    def __init__(self, body: Told, *, level: str = "own", id: Any = None, error: str = "") -> None:
        self.told = body
        self.level = level
        self.id = id
        self.error = error

    @classmethod
    def posted(cls, posted: QueryDict) -> "SetForm":
        lines = [
            {
                "code": code[:12],
                "dose": posted.get(f"dose_{n}", "").strip(),
                "when": posted.get(f"when_{n}", ""),
                "days": _whole(posted.get(f"days_{n}", "")),
            }
            for n, code in enumerate(posted.getlist("medicine"))
        ]
        told: Told = {part: posted.getlist(part) for part in cls.PARTS}
        told |= {"medicines": lines, "follow_up_days": _whole(posted.get("follow_up_days", ""))}
        for key in ("name_hi", "name_en"):
            told[key] = posted.get(key, "").strip()
        for key in ("from_years", "to_years"):
            years = _whole(posted.get(key, ""))
            told[key.replace("years", "months")] = None if years is None else years * 12
        for part in (*cls.PARTS, "medicines"):
            _take_out(told, part, posted.get("out", ""))
            _put_in(told, part, posted.get(f"new_{part}", ""))
        id_ = forms.UUIDField(required=False)
        return cls(told, level=posted.get("level", "own"), id=id_.clean(posted.get("id", "")))

    def body(self) -> Told:
        return self.told

    @property
    def from_years(self) -> str:
        return _years(self.told.get("from_months"))

    @property
    def to_years(self) -> str:
        return _years(self.told.get("to_months"))


def _whole(text: str) -> int | None:
    """A typed number; what is no number is asked again by the check of the set, as 0."""
    text = digits(text).strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _years(months: int | None) -> str:
    return "" if months is None else str(months // 12)


def _take_out(told: Told, part: str, out: str) -> None:
    name, _, place = out.partition(":")
    if name == part and place.isdecimal() and int(place) < len(told[part]):
        told[part] = [row for n, row in enumerate(told[part]) if n != int(place)]


def _put_in(told: Told, part: str, chosen: str) -> None:
    """The code is the last word: "Paracetamol 500 mg · Tablet [MED0046]"."""
    code = chosen.strip().rpartition("[")[2].rstrip("]").strip()[:20]
    if not code:
        return
    if part == "medicines":
        told[part] = [*told[part], {"code": code, "dose": "", "when": "after", "days": None}]
    else:
        told[part] = [*told[part], code]
