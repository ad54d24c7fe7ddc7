"""The State's forms: what a hospital's rows say of a period, and what was reported."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.actor import Actor
from apps.core.errors import Unseen
from apps.core.permission import Permission
from apps.encounters import queries as encounters
from apps.facilities import queries as facilities
from apps.facilities.live import Place
from apps.facilities.scope import reaches
from apps.labs import queries as labs
from apps.monitoring.queries import Ground
from apps.monitoring.queries.ground import hospitals_of
from apps.reporting.forms_of import MODULES, RIGHTS, Period, containing, rules_of
from apps.reporting.idsp import LISTED, TESTED
from apps.reporting.items import items, parts
from apps.reporting.models import FormWish, ReportRun
from apps.reporting.rules import picked
from apps.reporting.veil import Veil

Row = dict[str, Any]


def computed(period: Period) -> tuple[dict[str, int], list[Row]]:
    """Every line that our rows fill, and the case lines of an IDSP week; of the hospital whose
    schema we stand in. 3 queries."""
    facts: dict[str, list[Any]] = {
        "visit": encounters.visit_facts(period.first, period.last),
        "test": labs.test_facts(period.first, period.last),
    }
    figures, lines = {}, []
    for code, rule in rules_of(period.kind).items():
        found = picked(rule, facts[rule.source])
        figures[code] = len(found)
        if period.kind == "idsp" and code in LISTED:
            lines += [_line(code, rule.source, fact) for fact in found]
    lines.sort(key=lambda line: (line["day"], line["code"], line["visit"]))
    return figures, lines


def _line(code: str, source: str, fact: Any) -> Row:
    visit = fact.id if source == "visit" else fact.encounter_id
    return {
        "day": fact.day.isoformat(),
        "code": code,
        "visit": str(visit),
        "sex": fact.sex,
        "age": fact.months // 12,
        "block": fact.block,
    }


def of_place(actor: Actor, kind: str, facility_id: UUID) -> Any:
    """A hospital within the actor's reach; Unseen (404, noted) for another's. 1 query."""
    place = facilities.by_ids([facility_id]).get(facility_id)
    if place is None or not reaches(actor, place):
        raise Unseen(RIGHTS[kind])
    return place


def newest(facility_id: UUID, period: Period) -> ReportRun | None:
    """The newest revision of a hospital's form. 1 query."""
    rows = ReportRun.objects.filter(
        kind=period.kind, facility_id=facility_id, first=period.first
    ).order_by("-revision")
    return rows.first()


def run(run_id: UUID) -> ReportRun | None:
    """One revision. 1 query."""
    return ReportRun.objects.filter(pk=run_id).first()


def revisions(facility_id: UUID, period: Period) -> list[ReportRun]:
    """All of them, newest first, without their numbers. 1 query."""
    rows = ReportRun.objects.filter(
        kind=period.kind, facility_id=facility_id, first=period.first
    ).order_by("-revision")
    return list(rows.defer("figures", "entered", "lines"))


def is_working(found: ReportRun | None) -> bool:
    """Asked for, not worked out yet."""
    return found is not None and found.status == ReportRun.Status.DRAFT and (
        found.made_at is None or found.made_at < found.asked_at
    )  # fmt: skip


def value(found: ReportRun, code: str) -> tuple[int | None, str]:
    """A line's number and whence it is: "hand", "data" or "" for none."""
    if code in found.entered:
        return found.entered[code], "hand"
    if code in found.figures:
        return found.figures[code], "data"
    return None, ""


def rows_of(found: ReportRun | None, kind: str, part: str = "") -> list[Row]:
    """The lines of a form, or of one part of it, each with its number. No query."""
    rules, sensitive = rules_of(kind), MODULES[kind].SENSITIVE
    rows = []
    for item in items(kind).values():
        if part and item.part != part:
            continue
        n, by = value(found, item.code) if found else (None, "")
        tested = item.code + TESTED
        rows.append({
            "item": item, "n": n, "by": by, "fills": item.code in rules,
            "sensitive": item.code in sensitive,
            "computed": found.figures.get(item.code) if found else None,
            "tested": value(found, tested)[0] if found and tested in rules else None,
            "tested_code": tested if tested in rules else "",
        })  # fmt: skip
    return rows


def parts_of(found: ReportRun | None, kind: str) -> list[Row]:
    """The parts of a form with how many lines are filled from data, by hand, and not. No query."""
    sums: dict[str, Counter[str]] = {part: Counter() for part in parts(kind)}
    for row in rows_of(found, kind):
        sums[row["item"].part][row["by"] or "none"] += 1
    return [
        {"key": key, "name_hi": hi, "name_en": en, **{w: sums[key][w] for w in
         ("data", "hand", "none")}}
        for key, (hi, en) in parts(kind).items()
    ]  # fmt: skip


def recent(facility_id: UUID, kind: str, *, count: int) -> list[Row]:
    """The running period and those before it, with the newest revision of each. 1 query."""
    period: Period | None = containing(kind, timezone.localdate())
    spans: list[Period] = []
    while period is not None and len(spans) < count:
        spans.append(period)
        period = period.before
    rows = ReportRun.objects.filter(
        kind=kind, facility_id=facility_id, first__gte=spans[-1].first
    ).defer("figures", "entered", "lines")
    kept = {row.first: row for row in rows.order_by("revision")}
    return [{"period": one, "run": kept.get(one.first)} for one in spans]


def office(where: Ground, period: Period) -> Row:
    """A place's hospitals with their form, and the sum of what was submitted. 2 queries.

    A revision that is being written leaves the submitted one in the sum.
    """
    places = hospitals_of(where)
    ids = [place.id for place in places]
    rows = ReportRun.objects.standing().filter(
        kind=period.kind, first=period.first, facility_id__in=ids
    )
    kept: dict[UUID, ReportRun] = {}
    submitted: dict[UUID, ReportRun] = {}
    for row in rows.order_by("revision"):
        kept[row.facility_id] = row
        if row.status == ReportRun.Status.SUBMITTED:
            submitted[row.facility_id] = row
    shown = [place for place in places if place.is_open or place.id in kept]
    return {
        "districts": _by_district(shown, submitted) if where.kind == "state" else [],
        "hospitals": [
            {"place": p, "run": submitted.get(p.id) or kept.get(p.id), "newest": kept.get(p.id)}
            for p in shown
        ],
        "submitted": len(submitted),
        "missing": len(shown) - len(submitted),
        "sum": added(submitted.values()),
        "runs": submitted,
    }  # fmt: skip


def _by_district(places: list[Place], submitted: Mapping[UUID, ReportRun]) -> list[Row]:
    """The State's page lists districts: thousands of hospitals would be no list to read."""
    all_of = Counter(place.district_code for place in places)
    done = Counter(place.district_code for place in places if place.id in submitted)
    rows = [
        {"code": code, "region": facilities.region("district", code), "submitted": done[code],
         "missing": n - done[code]}
        for code, n in all_of.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["missing"], row["code"]))


def added(found: Iterable[ReportRun]) -> dict[str, int]:
    """The numbers of several submitted forms together."""
    sums: Counter[str] = Counter()
    for one in found:
        for code in {*one.figures, *one.entered}:
            sums[code] += value(one, code)[0] or 0
    return dict(sums)


def trace(period: Period, code: str) -> Row:
    """What stands behind a computed number, as the rows say now: {rule, n, visits, tests}; of the
    hospital whose schema we stand in. 3 queries."""
    rule = rules_of(period.kind)[code]
    if rule.source == "visit":
        facts: list[Any] = picked(rule, encounters.visit_facts(period.first, period.last))
    else:
        facts = picked(rule, labs.test_facts(period.first, period.last))
    return {"rule": rule, "n": len(facts), "ids": [fact.id for fact in facts], "facts": facts}


def named_rows(period: Period, found: Mapping[str, Any], veil: Veil, *, most: int = 200) -> Row:
    """The first rows of a trace with names, for who may read the register. 3 queries."""
    ids = set(found["ids"][:most])
    if found["rule"].source == "visit":
        rows = encounters.opd_register(period.first, period.last, only=ids)
        return {"visits": veil.opd(rows)}
    return {"tests": veil.lab(labs.lab_register(period.first, period.last, only=ids))}


def may_see_rows(actor: Actor, kind: str, code: str) -> bool:
    """Names stand in the register, so whoever may read that part of it may see them; inside the
    hospital."""
    if actor.facility_id is None or not actor.sees(Permission.REGISTER_PRINT):
        return False
    veil = Veil.of(actor)
    test = rules_of(kind)[code].source == "test"
    if not (veil.results if test else veil.diagnoses):
        return False
    return code not in MODULES[kind].SENSITIVE or veil.sensitive


def how_many(where: Ground, period: Period) -> tuple[int, int]:
    """Hospitals of a place that submitted a form, and those that did not. 2 queries."""
    places = hospitals_of(where)
    done = ReportRun.objects.filter(
        kind=period.kind, first=period.first, status=ReportRun.Status.SUBMITTED,
        facility_id__in=[place.id for place in places],
    )  # fmt: skip
    ids = set(done.values_list("facility_id", flat=True))
    return len(ids), sum(place.is_open and place.id not in ids for place in places)


def wishes_of(user_id: UUID | None, facility_id: UUID | None) -> set[str]:
    """The kinds of forms of which this person gets a message here. 1 query."""
    if user_id is None:
        return set()
    rows = FormWish.objects.filter(user_id=user_id, facility_id=facility_id, active=True)
    return set(rows.values_list("kind", flat=True))


def late_after(period: Period) -> bool:
    """Whether the day by which the form is expected has passed: the 5th, or Tuesday."""
    grace = timedelta(days=5 if period.kind == "hmis" else 2)
    return timezone.localdate() > period.last + grace
