"""The cards of a visit as they are shown, and the rules behind them."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.core.fold import digits
from apps.encounters import alarm
from apps.encounters import queries as visits
from apps.encounters.vital_signs import shown
from apps.labs import queries as labs
from apps.terminology import rules
from apps.terminology.rules import Rule
from apps.workflows.prompts import state as states
from apps.workflows.prompts.conditions import Facts, reasons

Row = dict[str, Any]
HERE = Path(__file__).parent
CARDS = rules.read(HERE / "cards")
BUILT_IN = {**alarm.BUILT_IN, **CARDS}
RESULTS = ("HB", "FBS", "PPBS", "RBS", "HBA1C")
ORDER = {"bad": 0, "warn": 1, "info": 2}


def rules_now() -> dict[str, Rule]:
    """Every rule as it counts now, cards and the alarm. 1 query."""
    return rules.current(BUILT_IN)


def facts(
    visit: Any,
    *,
    over: Mapping[str, Decimal] | None = None,
    pregnant: bool | None = None,
    flags: Sequence[str] | None = None,
) -> Facts:
    """What is known of a visit; `over`, `pregnant`, `flags` are typed and not saved. 4 queries."""
    patient, today = visit.patient, timezone.localdate()
    before = visits.last_measured(visit.patient_id, before=visit.pk).get("HT")
    vitals = {"HT": Decimal(before["value"])} if before else {}
    draft = visit.draft or {}
    ticked = visits.asked(visit).flags if flags is None else flags
    complaints: dict[str, int | None] = dict.fromkeys(ticked)
    complaints |= {row["code"]: row.get("days") for row in draft.get("complaints", ())}
    born = patient.birth_date
    return Facts(
        age=today.year - born.year - ((today.month, today.day) < (born.month, born.day)),
        sex=patient.sex,
        pregnant=bool(visit.pregnant) if pregnant is None else pregnant,
        month=today.month,
        complaints=complaints,
        diagnoses=frozenset(row.get("icd") or "" for row in draft.get("diagnoses", ())) - {""},
        history=_history(visit),
        vitals={**vitals, **visits.latest_values(visit.pk), **(over or {})},
        results=labs.newest_values(visit.patient_id, RESULTS),
    )


def _history(visit: Any) -> frozenset[str]:
    """Earlier diagnoses here and the long-term problems on the record. 1 query."""
    known = {str(row.get("icd") or row.get("code") or "") for row in visit.patient.conditions}
    return visits.past_icd(visit.patient_id, but=visit.pk) | known - {""}


def cards(visit: Any, known: Facts) -> tuple[list[Row], list[Row]]:
    """(open cards, dismissed ones) of a visit, the most urgent first. 1 query."""
    states_now, found = states.of(visit.token.times), []
    for rule in rules_now().values():
        if rule.body.get("kind") != "card" or not rule.active:
            continue
        if why := reasons(rule.body["when"], known):
            found.append(_card(rule, why, states_now.get(rule.code, {}), known))
    found.sort(key=lambda card: ORDER.get(card["level"], 2))
    shown_ = [card for card in found if not card["dismissed"]]
    return shown_, [card for card in found if card["dismissed"]]


def _card(rule: Rule, why: list[Row], state: Row, known: Facts) -> Row:
    body, marks = rule.body, state.get("marks", {})
    timer = body.get("timer")
    return {
        "code": rule.code,
        "title": body["title"],
        "level": body.get("level", "info"),
        "open": body.get("level") == "bad" or bool(state),
        "why": [case["why"] for case in why if "why" in case],
        "do": body.get("do", []),
        "refer": body.get("refer", []),
        "fields": [_field(field, marks) for field in body.get("ask", ())],
        "answers": _answers(body, marks),
        "timer": _timer(timer, state) if timer else None,
        "dates": _dates(body, state),
        "per_kg": _per_kg(body, marks, known),
        "report": reporting().get(body.get("report", "")),
        "overdue": "overdue" in body,
        "source": rule.source or body.get("source", ""),
        "version": rule.version,
        "verified": rule.verified,
        "dismissed": "dismissed" in state,
    }


def _field(field: Row, marks: Row) -> Row:
    told = marks.get(field["code"])
    row = {**field, "told": told, "ticked": told if isinstance(told, list) else [told]}
    if field["kind"] == "time" and told:
        at = timezone.localtime(datetime.fromisoformat(told))
        row |= {"clock": f"{at:%H:%M}", "ago": int((timezone.now() - at).total_seconds() // 60)}
    return row


def _answers(body: Row, marks: Row) -> list[Row]:
    """What a chosen option says to do."""
    return [
        option["do"]
        for field in body.get("ask", ())
        for option in field.get("options", ())
        if "do" in option and marks.get(field["code"]) == option["code"]
    ]


def _timer(timer: Row, state: Row) -> Row:
    rings = states.due(timer, state)
    over = rings is not None and rings <= timezone.now()
    return {**timer, "due": rings, "iso": rings.isoformat() if rings else "", "over": over}


def _wanted(part: Row | None, marks: Row) -> bool:
    asks = (part or {}).get("when", {})
    return part is not None and all(marks.get(code) in wanted for code, wanted in asks.items())


def _dates(body: Row, state: Row) -> list[Row]:
    """The days of a vaccine course from the day the category was marked."""
    if not _wanted(body.get("course"), state.get("marks", {})):
        return []
    start = date.fromisoformat(state.get("since") or timezone.localdate().isoformat())
    return [{**row, "date": start + timedelta(days=int(row["day"]))} for row in schedule()]


def _per_kg(body: Row, marks: Row, known: Facts) -> list[Row]:
    """Units by weight, from the numbers of the rule; "" while nobody has weighed."""
    if not _wanted(body.get("per_kg"), marks):
        return []
    weight = known.vitals.get("WT")
    return [
        {
            **item,
            "weight": shown("WT", weight) if weight else "",
            "total": f"{round(weight * item['iu'])}" if weight else "",
        }
        for item in body["per_kg"]["items"]
    ]


@cache
def schedule() -> list[Row]:
    """Rabies vaccine, intradermal: the rows of the immunisation schedule, with their source."""
    return _rows("rabies.csv")


@cache
def reporting() -> dict[str, Row]:
    """How soon a condition is reported, by row of the IDSP list."""
    return {row["code"]: row for row in _rows("reporting.csv")}


def _rows(name: str) -> list[Row]:
    with (HERE / "data" / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def overdue_lists() -> list[Row]:
    """For each rule with a step protocol: who has not come back. 1 query and 2 for each rule."""
    found = []
    for rule in rules_now().values():
        asks = rule.body.get("overdue")
        if asks and rule.active:
            rows = visits.overdue(asks["icd"], interval_days=asks["days"])
            found.append({"code": rule.code, "title": rule.body["title"], "rows": rows, **asks})
    return found


def typed_flags(told: Any) -> list[str]:
    """Danger signs ticked on a sheet that is not saved yet."""
    return [digits(code)[:20] for code in told.getlist("flags")][:20]
