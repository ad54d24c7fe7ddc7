"""The rows behind a warning: the catalogue's files, each row with an id, a level and its source.

`DDI001`… interactions (the file's own id), `ALG001`… allergy classes, `DCA001`… conditions,
`DOSE001`… dose ranges (row numbers), `DUP001` same ingredient, `DUP002` same group. The State's
committee may switch a row off or give it another level: a Definition of kind "rule" with that
code, `active` false or `body` {"level": "stop" | "warn" | "info"}.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from apps.prescriptions.findings import LEVELS
from apps.prescriptions.tables import Row, rows
from apps.prescriptions.tables import plain_name as plain
from apps.terminology import queries as terminology

OWN = "own work; needs clinician sign-off"
INTERACTION = {"contraindicated": "stop", "major": "warn", "moderate": "info"}
ALLERGY = {"block": "stop", "warn": "warn", "caution": "warn"}
INSTEAD = re.compile(r"\buse ([a-z]+)", re.I)
FORMS = {"eye drops": "eye drops", "nebules": "nebuliser solution"}  # a rule about one form only
Switches = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """`level` "" is silent until the committee gives it one. `limited`: the source has a condition
    in brackets that cannot be looked at here, so that it never stops by itself."""

    id: str
    level: str
    about: str  # allergen class, condition, "" otherwise
    why: str
    provenance: str
    limited: bool = False
    form: str = ""
    instead: str = ""
    early: bool = False  # counts in the first three months of a pregnancy only
    from_week: int = 0  # stops from this week of pregnancy on


@cache
def interactions() -> dict[frozenset[str], Rule]:
    """By the pair of names."""
    return {
        frozenset((plain(row["drug_a"]), plain(row["drug_b"]))): Rule(
            row["ddi_id"],
            INTERACTION.get(row["severity"], ""),
            "",
            f"{row['effect']}. {row['action']}",
            f"{row['source_named']}; {row['verification']}",
            instead=_instead(row["action"], plain(row["drug_b"])),
        )
        for row in rows("interactions.csv")
    }


def _instead(action: str, replaced: str) -> str:
    """ "use paracetamol" names what to give in place of the pair's second medicine."""
    found = INSTEAD.search(action)
    return f"{replaced}>{found[1].lower()}" if found else ""


@cache
def allergies() -> dict[str, dict[str, Rule]]:
    """By class, then by medicine."""
    found: dict[str, dict[str, Rule]] = {}
    for n, row in enumerate(rows("allergy_cross_reactivity.csv"), 1):
        level = ALLERGY.get(row["alert_level"], "")
        name = row["allergen_class"]
        rule = Rule(f"ALG{n:03d}", level, name, row["rationale"], row["provenance"])
        for member in row["member_drugs"].split(";"):
            found.setdefault(name, {})[plain(member)] = rule
    return found


@cache
def conditions() -> dict[str, tuple[Rule, ...]]:
    """By medicine."""
    found: dict[str, tuple[Rule, ...]] = {}
    for n, row in enumerate(rows("drug_condition_alerts.csv"), 1):
        for member in row["drugs"].split(";"):
            if ">" in member:  # a rule about an amount: see doses.py
                continue
            name, form = plain(member), ""
            for ending, form_of in FORMS.items():
                if name.endswith(f" {ending}"):
                    name, form = name.removesuffix(f" {ending}"), form_of
            found[name] = (*found.get(name, ()), _condition(f"DCA{n:03d}", row, member, form))
    return found


def _condition(code: str, row: Row, member: str, form: str) -> Rule:
    told = row["alert_level"]
    week = re.search(r"from (\d+) weeks", told)
    absolute = told.startswith("contraindicated")
    named = INSTEAD.search(row["rationale"])
    return Rule(
        code,
        "stop" if absolute and not week else "warn",
        row["condition"],
        row["rationale"],
        row["provenance"],
        limited="(" in member,
        form=form,
        instead=named[1].lower() if named else "",
        early="1st trimester" in told or "1st trimester" in member,
        from_week=int(week[1]) if week else 0,
    )


DOUBLE = Rule("DUP001", "warn", "", "", OWN)
SAME_GROUP = Rule("DUP002", "warn", "", "ATC group of the catalogue", OWN)


def switches() -> Switches:
    """What the committee decided: {rule id: level, "off" when switched off}. In memory."""
    decided = {}
    for row in terminology.definitions("rule"):
        level = row.body.get("level", "")
        if not row.active:
            decided[row.code] = "off"
        elif level in LEVELS:
            decided[row.code] = level
    return decided


def level_of(rule: Rule, decided: Switches) -> str:
    """stop, warn, info, or "" for a silent rule. The committee's word comes first."""
    level = decided.get(rule.id, "")
    if level:
        return "" if level == "off" else level
    return "warn" if rule.limited and rule.level == "stop" else rule.level
