"""Advice beside a line: allergy, pregnancy, illness, age, doubled therapy, interaction.

Rules are rows of the catalogue's files (`rules.py`), written from general knowledge and not yet
signed by a clinical committee: each finding carries that provenance to the screen. "Stop" is for
an allergy of the same class, what the source calls contraindicated, and ten times the most; it
opens with a reason. Everything else is said once, under its line, and can be passed over.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.prescriptions import rules
from apps.prescriptions.findings import Finding
from apps.prescriptions.rules import Rule, Switches, level_of
from apps.prescriptions.tables import plain_name as plain

__all__ = ["Drug", "Facts", "Finding", "check", "ingredients", "stops"]
CHILD = re.compile(r"^child <(\d+) ([ym])$")
EVERYWHERE = (
    "", "Oral", "Injection", "IV", "IM", "Sublingual", "Rectal", "Transdermal", "Inhalation",
)  # fmt: skip
EARLY_WEEKS = 14
TOGETHER = ("J04", "J05", "J07", "L", "B05", "A11", "A12", "V")  # given side by side on purpose
# Which illness of drug_condition_alerts.csv an ICD-10 code means.
ILLNESS = {
    "G6PD deficiency": ("D55.0",),
    "asthma": ("J45", "J46"),
    "eGFR <30": ("N18.4", "N18.5"),
    "eGFR <60": ("N18.3", "N18.4", "N18.5", "N18.9"),
    "liver failure": ("K72", "K70.4"),
    "heart block / bradycardia": ("I44", "I45", "R00.1"),
    "epilepsy": ("G40", "G41"),
    "glaucoma (angle closure)": ("H40",),
    "dengue suspected": ("A90", "A91", "A97"),
    "pregnancy": ("Z33", "Z34", "Z35"),
    "lactation": ("Z39.1", "O92", "N61"),
}


@dataclass(frozen=True, slots=True)
class Drug:
    """What the rules look at in a medicine of the catalogue."""

    name: str
    atc: str = ""
    route: str = ""
    form: str = ""

    @property
    def inside(self) -> bool:
        """It reaches the whole body: rules about it count. Creams and drops stay outside."""
        return self.route in EVERYWHERE


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the patient. Age in completed months, weeks of pregnancy, kilograms;
    `egfr` in ml/min/1.73 m²; `illnesses` by the names of the alerts' file."""

    allergies: tuple[dict[str, Any], ...] = ()
    pregnant: bool = False
    age_months: int | None = None
    weeks: int | None = None
    weight_kg: Decimal | None = None
    egfr: int | None = None
    illnesses: frozenset[str] = frozenset()


def illnesses(icd: Iterable[str]) -> frozenset[str]:
    """Which illnesses of the alerts' file these ICD-10 codes mean."""
    codes = [code for code in icd if code]
    return frozenset(
        name for name, starts in ILLNESS.items() if any(code.startswith(starts) for code in codes)
    )


def ingredients(generic_name: str) -> frozenset[str]:
    """The whole name and each part of a combination, in lower case without brackets."""
    whole = plain(generic_name)
    return frozenset([whole, *(part.strip() for part in whole.split("+"))])


def check(
    drugs: Sequence[Drug | str], facts: Facts, decided: Switches | None = None
) -> list[list[Finding]]:
    """Findings for each medicine of a prescription; `decided` is `rules.switches()`. No query."""
    told = [Drug(drug) if isinstance(drug, str) else drug for drug in drugs]
    decided = decided or {}
    return [
        [*_alone(n, drug, facts, decided), *_together(n, told, decided)]
        for n, drug in enumerate(told)
    ]


def stops(drug: Drug | str, facts: Facts, decided: Switches | None = None) -> Finding | None:
    """The finding that forbids this medicine for this patient, for the search list."""
    told = Drug(drug) if isinstance(drug, str) else drug
    return next((f for f in _alone(0, told, facts, decided or {}) if f.level == "stop"), None)


def _alone(n: int, drug: Drug, facts: Facts, decided: Switches) -> Iterable[Finding]:
    yield from _of_allergy(n, drug, facts, decided)
    seen = set()
    for name in ingredients(drug.name):
        for rule in rules.conditions().get(name, ()):
            if rule.id in seen or not _about(rule, drug):
                continue
            seen.add(rule.id)
            level = level_of(rule, decided)
            kind = _concerned(rule, facts)
            if not kind or not level:
                continue
            if rule.from_week and rule.id not in decided and (facts.weeks or 0) >= rule.from_week:
                level = "stop"
            yield Finding(
                level, kind, drug.name, rule.id, "", rule.about, rule.why, rule.provenance,
                instead=rule.instead, index=n,
            )  # fmt: skip


def _about(rule: Rule, drug: Drug) -> bool:
    return drug.form.lower().startswith(rule.form) if rule.form else drug.inside


def _concerned(rule: Rule, facts: Facts) -> str:
    """The kind of finding, "" when the rule is not about this patient."""
    if young := CHILD.match(rule.about):
        limit = int(young[1]) * (12 if young[2] == "y" else 1)
        return "age" if facts.age_months is not None and facts.age_months < limit else ""
    if rule.about == "pregnancy":
        later = rule.early and facts.weeks is not None and facts.weeks >= EARLY_WEEKS
        expecting = facts.pregnant or "pregnancy" in facts.illnesses
        return "condition" if expecting and not later else ""
    if rule.about.startswith("eGFR") and facts.egfr is not None:
        return "condition" if facts.egfr < int(rule.about.split("<")[1]) else ""
    return "condition" if rule.about in facts.illnesses else ""


def _of_allergy(n: int, drug: Drug, facts: Facts, decided: Switches) -> Iterable[Finding]:
    parts = ingredients(drug.name)
    for allergy in facts.allergies:
        hi, en = allergy.get("hi", ""), allergy.get("en", "")
        if plain(en) in parts:  # the very medicine is on record, not its class
            yield Finding("stop", "allergy", drug.name, "ALG000", hi, en, index=n)
            continue
        of_class: Mapping[str, Rule] = rules.allergies().get(str(allergy.get("code")), {})
        for rule in {
            of_class[name].id: of_class[name] for name in parts if name in of_class
        }.values():
            if level := level_of(rule, decided):
                kind = "allergy" if level == "stop" else "cross"
                yield Finding(
                    level, kind, drug.name, rule.id, hi, en, rule.why, rule.provenance, index=n
                )


def _together(n: int, drugs: Sequence[Drug], decided: Switches) -> Iterable[Finding]:
    """What line `n` does with the lines above it: said once, at the later one."""
    drug = drugs[n]
    mine = ingredients(drug.name)
    for at, other in enumerate(drugs[:n]):
        theirs = ingredients(other.name)
        if mine & theirs:
            if level := level_of(rules.DOUBLE, decided):
                yield _pair(level, "double", drug, other, rules.DOUBLE, n)
            continue
        if not (drug.inside and other.inside):
            continue
        if rule := _disturbs(mine, theirs):
            if level := level_of(rule, decided):
                replaced, _, instead = rule.instead.partition(">")
                index = n if replaced in mine else at
                yield _pair(level, "interaction", drug, other, rule, index, instead)
        elif _same_group(drug, other) and (level := level_of(rules.SAME_GROUP, decided)):
            yield _pair(level, "class", drug, other, rules.SAME_GROUP, n)


def _pair(
    level: str, kind: str, drug: Drug, other: Drug, rule: Rule, index: int, instead: str = ""
) -> Finding:
    return Finding(
        level, kind, drug.name, rule.id, other.name, other.name, rule.why, rule.provenance,
        instead=instead, index=index,
    )  # fmt: skip


def _disturbs(mine: frozenset[str], theirs: frozenset[str]) -> Rule | None:
    pairs = rules.interactions()
    found = (pairs.get(frozenset((a, b))) for a in mine for b in theirs)
    return min(filter(None, found), key=lambda rule: rule.id, default=None)


def _same_group(drug: Drug, other: Drug) -> bool:
    if drug.atc.startswith(TOGETHER) or len(drug.atc) < 5:
        return False
    return drug.atc[:5] == other.atc[:5]
