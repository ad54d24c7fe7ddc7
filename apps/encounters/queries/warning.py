"""Why a patient goes first, in words that the nurse and the doctor read."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.templatetags.bhavya import local
from apps.encounters.alarm import Alarm, judge, rule_now
from apps.encounters.asked import MEDICINE_WORDS, Asked, read
from apps.encounters.early_warning import AWAKENESS, CODES, SOURCE, applies
from apps.encounters.models import Encounter, Observation
from apps.encounters.pregnancy import (
    LONGEST_WEEKS,
    checked_lmp,
    day_told,
    expected,
    weeks,
)
from apps.encounters.queries.vitals import AWAKE, latest_values
from apps.encounters.vital_signs import MEASURES, shown, usual
from apps.terminology import queries as terminology
from apps.terminology.rules import Rule

Row = dict[str, Any]
PROVENANCE = "compiled from knowledge; not checked against a source; needs clinician sign-off"


def warning(
    visit: Encounter,
    *,
    over: Mapping[str, Decimal] | None = None,
    pregnant: bool | None = None,
    flags: Sequence[str] | None = None,
) -> Row:
    """The alarm of a visit as shown: {score, partial, parts, missing, critical, flags, raised,
    look, news2, source}. `over`, `pregnant`, `flags`: what is typed and not yet saved. 2 queries.
    """
    values = {**latest_values(visit.pk), **(over or {})}
    carrying = bool(visit.pregnant) if pregnant is None else pregnant
    rule = rule_now()
    born, today = visit.patient.birth_date, timezone.localdate()
    ticked = asked(visit).flags if flags is None else tuple(flags)
    alarm = judge(values, born=born, on=today, pregnant=carrying, flags=ticked, rule=rule)
    return {
        **_score(alarm),
        "critical": [_critical(code, values, visit, carrying) for code in alarm.critical],
        "besides": [
            _critical(code, values, visit, carrying)
            for code in alarm.critical
            if alarm.score and code not in {p.code for p in alarm.score.parts if p.points}
        ],
        "awake": _awake(alarm, values),
        "flags": list(alarm.flags),
        "raised": alarm.raised,
        "look": alarm.look,
        "news2": applies(born, today, pregnant=carrying),
        "source": _source(rule, alarm),
    }


def why(row: Row) -> str:
    """The reasons of a warning in few words, in the reader's language. 1 query with flags."""
    reasons = []
    if row["score"] is not None and row["parts"]:
        signs = ", ".join(f"{local(part, '')} {local(part, 'value')}" for part in row["parts"])
        reasons.append(f"NEWS2 {row['score']} ({signs})")
    else:
        reasons += [f"{local(sign, '')} {sign['value']}" for sign in row["critical"]]
        reasons += [f"{_('Consciousness')}: {local(row['awake'], '')}"] if row["awake"] else []
    known = terminology.codes("complaint", row["flags"]) if row["flags"] else {}
    return "; ".join([*reasons, *(local(known[code]) for code in known)])


def asked(visit: Encounter) -> Asked:
    """What the nurse was told in this visit. No query with the token read together."""
    return read(visit.token.times.get("asked"))


def asked_words(visit: Encounter) -> list[str]:
    """Danger signs and daily medicines as the nurse noted them. 1 query with ticked signs."""
    told = asked(visit)
    known = terminology.codes("complaint", told.flags) if told.flags else {}
    words = [local(known[code]) for code in told.flags if code in known]
    return words + [str(MEDICINE_WORDS[code]) for code in told.medicines if code in MEDICINE_WORDS]


def carried(visit: Encounter) -> Row:
    """{"lmp", "weeks", "edd"} of a pregnancy, {} without a last period. 1 query when this visit
    does not know: an earlier visit of the same pregnancy does."""
    today = timezone.localdate()
    lmp = visit.lmp
    if lmp is None and visit.pregnant is not False:
        known = Encounter.objects.filter(
            patient_id=visit.patient_id,
            lmp__gt=today - timedelta(weeks=LONGEST_WEEKS + 1),
        ).exclude(status=Encounter.Status.CANCELLED)
        lmp = known.order_by("-started_at").values_list("lmp", flat=True).first()
    if lmp is None:
        return {}
    return {"lmp": lmp, "weeks": weeks(lmp, today), "edd": expected(lmp)}


def pregnancy_of(text: str) -> Row:
    """The same of a last period as typed. Refused: vitals.lmp…. No query."""
    today = timezone.localdate()
    lmp = checked_lmp(day_told(text), today=today)
    return {"lmp": lmp, "weeks": weeks(lmp, today), "edd": expected(lmp)}


def weight_jump(visit: Encounter, weight: Decimal) -> Row:
    """More than a fifth from a weight of the last 30 days: {"before", "percent"}, else {}. 1 query.

    The bound is a note of `vitals.csv` (compiled, not verified).
    """
    rows = Observation.objects.filter(
        encounter__patient_id=visit.patient_id,
        code="WT",
        status=Observation.Status.FINAL,
        taken_at__gte=timezone.now() - timedelta(days=30),
    ).exclude(encounter_id=visit.pk)
    before = rows.order_by("-taken_at").values_list("value", flat=True).first()
    if not before or abs(weight - before) * 5 <= before:
        return {}
    return {"before": shown("WT", before), "percent": round((weight - before) * 100 / before)}


def raised_by(visit_id: UUID) -> Row:
    """The same warning, by the visit's id. 3 queries."""
    return warning(Encounter.objects.select_related("patient", "token").get(pk=visit_id))


def _score(alarm: Alarm) -> Row:
    score = alarm.score
    if score is None:
        return {"score": None, "partial": False, "parts": [], "missing": []}
    parts = [_part(part.code, part.value, part.points) for part in score.parts if part.points]
    return {
        "score": score.total,
        "partial": score.partial,
        "measured": len(score.parts),
        "of": len(CODES),
        "parts": sorted(parts, key=lambda part: -part["points"]),
        "missing": [_named(code) for code in score.missing],
    }


def _named(code: str) -> Row:
    return {"hi": MEASURES[code].label_hi, "en": MEASURES[code].label_en}


def _part(code: str, value: Decimal, points: int) -> Row:
    word = {"value_hi": "", "value_en": ""}
    if code == AWAKENESS:
        word = {"value_hi": AWAKE[int(value)][0], "value_en": AWAKE[int(value)][1]}
    elif code == "OXYGEN":
        word = {"value_hi": "ऑक्सीजन", "value_en": "oxygen"}
    else:
        text = shown(code, value)
        word = {"value_hi": text, "value_en": text}
    return {"code": code, **_named(code), **word, "points": points}


def _critical(code: str, values: Mapping[str, Decimal], visit: Encounter, pregnant: bool) -> Row:
    born, today = visit.patient.birth_date, timezone.localdate()
    bounds = usual(code, born=born, on=today, pregnant=pregnant)
    assert bounds is not None  # only a sign with bounds can be critical
    high = values[code] > bounds.high
    return {
        "code": code,
        **_named(code),
        "value": shown(code, values[code]),
        "unit": MEASURES[code].entry_unit,
        "high": high,
        "usual": f"{shown(code, bounds.low)}–{shown(code, bounds.high)}",
    }


def _awake(alarm: Alarm, values: Mapping[str, Decimal]) -> Row:
    """Not alert, said by itself where no score says it."""
    value = int(values.get(AWAKENESS, 0))
    if not value or alarm.score is not None:
        return {}
    return {"hi": AWAKE[value][0], "en": AWAKE[value][1]}


def _source(rule: Rule, alarm: Alarm) -> str:
    if alarm.score is not None:
        return f"{SOURCE}; {PROVENANCE}" if rule.version == 0 else rule.source
    return PROVENANCE if rule.version == 0 else rule.source
