"""The words on papers that the State and a hospital may change without a release.

One definition (kind "template", code "paper") a level: {"head": {"hi", "en"}, …}. An empty text
falls back: hospital, State, this file. What is in force is frozen into a paper when it is issued.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.terminology import queries as terminology

Pair = dict[str, str]
CODE = "paper"
KIND = "template"
LONGEST = 600
HOLE = re.compile(r"{(\w+)}")
CERTIFICATE_HOLES = frozenset({"name", "age", "sex", "from", "to", "days"})


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the papers: its label on the page, our words, and what it may have filled in."""

    label: str | Promise
    hi: str
    en: str
    holes: frozenset[str] = frozenset()


TEXTS: dict[str, Text] = {
    "head": Text(_("Second line of the letterhead"), "", ""),
    "foot": Text(_("Last line of every paper"), "", ""),
    "danger": Text(
        _("Danger signs on the prescription"),
        "साँस फूलना, बेहोशी, बहुत तेज़ बुखार, खून आना।",
        "Breathlessness, fainting, very high fever, bleeding.",
    ),
    "advice": Text(_("Advice on every prescription"), "", ""),
    "medical-certificate": Text(
        _("Medical certificate"),
        "प्रमाणित किया जाता है कि {name}, {age}, {sex}, को इस अस्पताल की ओपीडी में देखा गया और "
        "{from} से {to} तक इनका इलाज हुआ।",
        "This is to certify that {name}, {age}, {sex}, was seen in the OPD of this hospital and "
        "was under treatment from {from} to {to}.",
        CERTIFICATE_HOLES,
    ),
    "fitness-certificate": Text(
        _("Fitness certificate"),
        "प्रमाणित किया जाता है कि {name}, {age}, {sex}, की आज इस अस्पताल में जाँच की गई और ये "
        "{from} से काम या पढ़ाई पर लौटने के लिए स्वस्थ पाए गए।",
        "This is to certify that {name}, {age}, {sex}, was examined in this hospital today and "
        "was found fit to return to work or studies from {from}.",
        CERTIFICATE_HOLES,
    ),
    "rest-certificate": Text(
        _("Rest certificate"),
        "प्रमाणित किया जाता है कि {name}, {age}, {sex}, को इस अस्पताल में देखा गया। स्वास्थ्य के कारण "
        "इन्हें {from} से {to} तक, कुल {days} दिन, आराम की सलाह दी जाती है।",
        "This is to certify that {name}, {age}, {sex}, was seen in this hospital. For reasons of "
        "health rest is advised from {from} to {to}, {days} days in all.",
        CERTIFICATE_HOLES,
    ),
    "attendance-certificate": Text(
        _("Certificate of attendance"),
        "प्रमाणित किया जाता है कि {name}, {age}, {sex}, {from} को इस अस्पताल की ओपीडी में उपस्थित थे।",
        "This is to certify that {name}, {age}, {sex}, attended the OPD of this hospital on "
        "{from}.",
        CERTIFICATE_HOLES,
    ),
}


def level(facility_id: UUID | None) -> tuple[dict[str, Pair], int]:
    """What exactly this level says, and the version it is. 1 query."""
    row = terminology.newest(KIND, CODE, facility_id=facility_id)
    return (row.body, row.version) if row else ({}, 0)


def in_force(facility_id: UUID | None) -> dict[str, Pair]:
    """Every text as a paper of this hospital would carry it now. 1 query."""
    rows = terminology.definitions(KIND, facility_id=facility_id)
    bodies = [row.body for row in reversed(rows) if row.code == CODE and row.active]
    return {key: _first(key, bodies) for key in TEXTS}


def merged(typed: dict[str, Pair], facility_id: UUID | None) -> dict[str, Pair]:
    """The same, as it would be with what is being typed at this level. 1 query."""
    rows = [
        row for row in terminology.definitions(KIND, facility_id=facility_id) if row.code == CODE
    ]
    below = [row.body for row in reversed(rows) if row.active and row.facility_id != facility_id]
    return {key: _first(key, [typed, *below]) for key in TEXTS}


def _first(key: str, bodies: list[dict[str, Pair]]) -> Pair:
    """Each language by itself: a hospital may change the Hindi alone."""
    own = TEXTS[key]
    return {
        tongue: next((b[key][tongue] for b in bodies if b.get(key, {}).get(tongue)), usual)
        for tongue, usual in (("hi", own.hi), ("en", own.en))
    }


def on_paper(facility_id: UUID | None) -> dict[str, Any]:
    """The part of a paper's content that this page decides, to be frozen. 1 query."""
    texts = in_force(facility_id)
    return {key: texts[key] for key in ("head", "foot", "danger")} | {"standing": texts["advice"]}


def filled(text: Pair, values: dict[str, Pair]) -> Pair:
    """{"hi", "en"} with its holes filled; a hole that is not known stays as it is."""
    return {tongue: _filled(text[tongue], values, tongue) for tongue in ("hi", "en")}


def _filled(text: str, values: dict[str, Pair], tongue: str) -> str:
    return HOLE.sub(lambda hole: values.get(hole[1], {}).get(tongue, hole[0]), text)


def both(value: Any) -> Pair:
    """The same in both languages; a day as 07-12-2026."""
    shown = f"{value:%d-%m-%Y}" if isinstance(value, date) else str(value)
    return {"hi": shown, "en": shown}
