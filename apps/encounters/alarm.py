"""Does this patient go first? The numbers decide by a rule that the State can change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from apps.encounters import early_warning
from apps.encounters.early_warning import AWAKENESS, Score
from apps.encounters.vital_signs import usual
from apps.terminology import rules
from apps.terminology.rules import Rule

CODE = "early-warning"
BUILT_IN = rules.read(Path(__file__).with_name("rules"))


@dataclass(frozen=True, slots=True)
class Alarm:
    """`score` is None where NEWS2 does not hold (children, pregnancy) or nothing was measured;
    `critical` are the signs beyond the danger bounds of this age; `flags` the ticked signs that
    raise. `raised` decides, `look` asks for a doctor's eye without moving anybody.
    """

    score: Score | None
    critical: tuple[str, ...]
    flags: tuple[str, ...]
    raised: bool
    look: bool


def rule_now() -> Rule:
    """The alarm rule as the State has it now. 1 query."""
    return rules.current(BUILT_IN)[CODE]


def judge(
    values: Mapping[str, Decimal],
    *,
    born: date,
    on: date,
    pregnant: bool,
    flags: Sequence[str] = (),
    rule: Rule,
) -> Alarm:
    """Why this patient would go first, and whether. A rule that is off moves nobody."""
    body: dict[str, Any] = rule.body
    ticked = tuple(flag for flag in flags if flag in body["flags"])
    critical = tuple(
        code
        for code in body["critical"]
        if code in values and _dangerous(code, values[code], born, on, pregnant)
    )
    if early_warning.applies(born, on, pregnant=pregnant):
        score = early_warning.score(values)
        high = score is not None and score.total >= body["raise_at"]
        look = bool(critical) or (score is not None and score.worst >= body["single"])
    else:
        score = None
        high = bool(critical) or values.get(AWAKENESS, Decimal(0)) > 0
        look = high
    raised = rule.active and (high or bool(ticked))
    return Alarm(score, critical, ticked, raised, look or high)


def _dangerous(code: str, value: Decimal, born: date, on: date, pregnant: bool) -> bool:
    bounds = usual(code, born=born, on=on, pregnant=pregnant)
    return bounds is not None and len(bounds.flag(value)) == 2
