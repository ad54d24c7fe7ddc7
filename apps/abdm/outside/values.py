"""FHIR data types in words. Every function takes anything and gives text, "" for nothing."""

import re
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from apps.abdm.wire import part

MOST_LINES, LONGEST, MOST_ROWS = 400, 2000, 1000
LONGEST_DIV = 100_000
BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol",
          "section", "dt", "dd", "pre", "blockquote"}  # fmt: skip
SILENT = {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg"}
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


def rows(value: Any) -> list[Any]:
    """A list as it is, one thing as a list of one, nothing as none."""
    if isinstance(value, list):
        return value[:MOST_ROWS]
    return [] if value in (None, "") else [value]


def words(value: Any) -> str:
    """A plain value as text; "" for objects and lists."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""


def concept(value: Any) -> str:
    """A CodeableConcept or Coding: what it says, then what its code says when that differs."""
    told = part(value)
    said = words(told.get("text"))
    codings = [part(one) for one in rows(told.get("coding"))] or [told]
    named = [words(one.get("display")) or words(one.get("code")) for one in codings]
    first = next((name for name in named if name), "")
    if not said or said.casefold() == first.casefold():
        return said or first
    return f"{said} ({first})" if first else said


def concepts(value: Any) -> str:
    return ", ".join(text for text in map(concept, rows(value)) if text)


def codes(value: Any) -> set[str]:
    """All codes of a CodeableConcept."""
    return {words(part(one).get("code")) for one in rows(part(value).get("coding"))}


def quantity(value: Any) -> str:
    told = part(value)
    number = words(told.get("value"))
    unit = words(told.get("unit")) or words(told.get("code"))
    sign = words(told.get("comparator"))  # one that we do not know changes the meaning too
    return " ".join(filter(None, [SIGNS.get(sign, sign), number, unit]))


def span(value: Any) -> str:
    """A Range of quantities."""
    low, high = quantity(part(value).get("low")), quantity(part(value).get("high"))
    if low and high:
        return f"{low} – {high}"
    return f"≥ {low}" if low else (f"≤ {high}" if high else "")


def ratio(value: Any) -> str:
    told = part(value)
    parts = quantity(told.get("numerator")), quantity(told.get("denominator"))
    return " / ".join(filter(None, parts))


def money(value: Any) -> str:
    told = part(value)
    return " ".join(filter(None, [words(told.get("currency")), words(told.get("value"))]))


def moment(value: Any) -> datetime | None:
    """A point in time, None for a part of a date or for none."""
    try:
        at = datetime.fromisoformat(words(value))
    except ValueError:
        return None
    return at if at.tzinfo else timezone.make_aware(at)


def when(value: Any) -> str:
    """A date, a time, or a part of a date, as the house writes them."""
    told = words(value)
    if len(told) < 10:
        return told
    try:
        if len(told) == 10:
            return date_format(date.fromisoformat(told), "d-m-Y")
        at = moment(told)
        return date_format(timezone.localtime(at), "d-m-Y H:i") if at else told
    except (ValueError, OverflowError):
        return told


def period(value: Any) -> str:
    """From when to when; an end that is not told leaves a dash, so that nobody reads one in."""
    told = part(value)
    ends = when(told.get("start")), when(told.get("end"))
    return " – ".join(ends).strip(" –") if all(ends) or ends[0] == "" else f"{ends[0]} –"


STAYS = {
    "AMB": _("OPD"),
    "IMP": _("Admitted"),
    "ACUTE": _("Admitted"),
    "EMER": _("Emergency"),
    "VR": _("By video or telephone"),
    "HH": _("At home"),
}


def stay(encounter: Any) -> str:
    """How and when somebody was at the other hospital. The end of a day's visit is left out: many
    senders never write it, and it says nothing."""
    told = part(encounter)
    code = words(part(told.get("class")).get("code"))
    span = part(told.get("period"))
    brief = code == "AMB" and not when(span.get("end"))
    when_there = when(span.get("start")) if brief else period(span)
    kind = str(STAYS[code]) if code in STAYS else concept(told.get("class"))
    return " · ".join(filter(None, [kind, when_there]))


def person(value: Any) -> str:
    """A HumanName, the first of several, or a bare name."""
    told = next((one for one in rows(value) if one), "")
    if isinstance(told, str):
        return words(told)
    name = part(told)
    given = [*rows(name.get("prefix")), *rows(name.get("given")), *rows(name.get("family"))]
    return words(name.get("text")) or " ".join(filter(None, map(words, given)))


def notes(value: Any) -> list[str]:
    """Annotations and bare texts, each a line."""
    texts = [words(part(one).get("text")) or words(one) for one in rows(value)]
    return [text for text in texts if text]


class _Plain(HTMLParser):
    """Only the letters of a narrative; what is code or style is dropped with all inside."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.said.append("\n")
        elif tag in ("td", "th"):
            self.said.append(" · ")

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        if tag in BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data.replace("\n", " "))


def narrative(value: Any) -> list[str]:
    """A Narrative as lines of bare text: no tag, no script, no address of it is left."""
    div = part(value).get("div")
    if not isinstance(div, str):
        return []
    reader = _Plain()
    try:
        reader.feed(div[:LONGEST_DIV])
        reader.close()
    except AssertionError:  # the parser's own word for mark-up that it cannot follow
        reader.said.append("\n" + re.sub(r"<[^>]*>", " ", div[:LONGEST_DIV]))
    lines = [" ".join(line.split()).strip("· ") for line in "".join(reader.said).split("\n")]
    return [line[:LONGEST] for line in lines if line][:MOST_LINES]
