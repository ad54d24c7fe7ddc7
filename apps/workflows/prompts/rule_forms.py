"""A rule as a form: words in two columns of lines, the rest as JSON; and back."""

import json
from typing import Any
from uuid import UUID

from apps.core.errors import Refused
from apps.core.fold import tidy
from apps.terminology.rules import Rule

LINES = ("do", "refer")
APART = ("kind", "title", "source", "level", *LINES)
LEVELS = ("bad", "warn", "info")
MOST_LINES = 12
Form = dict[str, Any]


def filled(rule: Rule, *, id: UUID) -> Form:
    """The form of a rule as it stands."""
    body = rule.body
    rest = {key: value for key, value in body.items() if key not in APART}
    return {
        "id": id,
        "after": rule.version,
        "title_hi": body["title"]["hi"],
        "title_en": body["title"]["en"],
        "level": body.get("level", ""),
        "source": rule.source,
        "active": rule.active,
        "rest": json.dumps(rest, ensure_ascii=False, indent=1),
        **{
            f"{part}_{script}": "\n".join(line[script] for line in body.get(part, ()))
            for part in LINES
            for script in ("hi", "en")
        },
    }


def typed(told: Any, rule: Rule) -> Form:
    """What was typed, as it was typed, so that nothing is lost when it is refused."""
    names = [*filled(rule, id=UUID(int=0))]
    form: Form = {name: told.get(name, "") for name in names}
    return {**form, "active": "active" in told}


def body(form: Form, rule: Rule) -> dict[str, Any]:
    """The body that the form says. Refused: rule.json, rule.lines."""
    try:
        rest = json.loads(form["rest"] or "{}")
    except json.JSONDecodeError:
        raise Refused("rule.json") from None
    if not isinstance(rest, dict):
        raise Refused("rule.json")
    made = {
        "kind": rule.body["kind"],
        "title": {"hi": tidy(form["title_hi"])[:120], "en": tidy(form["title_en"])[:120]},
        **{key: value for key, value in rest.items() if key not in APART},
    }
    if made["kind"] == "card":
        made["level"] = form["level"] if form["level"] in LEVELS else "info"
        made |= {part: _both(form[f"{part}_hi"], form[f"{part}_en"]) for part in LINES}
    return made


def _both(hindi: str, latin: str) -> list[dict[str, str]]:
    pairs = [[tidy(line) for line in text.splitlines() if tidy(line)] for text in (hindi, latin)]
    if len(pairs[0]) != len(pairs[1]) or len(pairs[0]) > MOST_LINES:
        raise Refused("rule.lines")
    return [{"hi": hi[:300], "en": en[:300]} for hi, en in zip(*pairs, strict=True)]


def told(form: Form, made: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments of change_rule. Refused: rule.source, definition.conflict."""
    source = tidy(form["source"])
    if not source:
        raise Refused("rule.source")
    try:
        id, after = UUID(str(form["id"])), int(form["after"])
    except ValueError:
        raise Refused("definition.conflict") from None
    return {
        "id": id,
        "after": after,
        "body": made,
        "source": source,
        "active": form["active"],
    }
