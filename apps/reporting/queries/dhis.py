"""The incentive's ledger: a hospital's month, and the sums of a block, district or the State."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from apps.core.errors import Refused
from apps.facilities import queries as facilities
from apps.monitoring.queries import Ground
from apps.monitoring.queries.ground import hospitals_of
from apps.reporting.formula import (
    CATEGORY_2,
    ZERO,
    Choices,
    Counts,
    Reckoning,
    Scheme,
    capped,
    reckon,
    scheme_on,
)
from apps.reporting.models import (
    IncentivePayment,
    IncentiveRule,
    IncentiveStatement,
    LedgerMark,
    LinkedRecord,
)

FIRST = date(2023, 4, 1)  # before it the base hung on beds
Row = dict[str, Any]
COUNTS = "counts"


@dataclass(slots=True)
class Tally:
    """What the ledger holds of one hospital and month: records by verdict, shares given and
    received, of these those of people with KYC."""

    n1: int = 0
    n2: int = 0
    given: int = 0
    received: int = 0
    received_kyc: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Statement:
    """One hospital's month as it is shown: frozen when submitted, else reckoned now."""

    facility_id: UUID
    month: date
    row: IncentiveStatement | None
    content: Row

    @property
    def submitted(self) -> bool:
        return self.row is not None and self.row.status == IncentiveStatement.Status.SUBMITTED

    @property
    def rupees(self) -> Decimal:
        return Decimal(self.content["facility"])

    @property
    def dsc(self) -> Decimal:
        return Decimal(self.content["dsc"])

    @property
    def ours(self) -> int:
        return int(self.content["n1"]) + int(self.content["n2"])

    @property
    def difference(self) -> int | None:
        """NHA's count less ours; None while NHA's is not known."""
        if self.row is None or self.row.nha_records is None:
            return None
        return self.row.nha_records - self.ours

    @property
    def rupees_short(self) -> Decimal | None:
        """NHA's rupees less ours."""
        if self.row is None or self.row.nha_rupees is None:
            return None
        return self.row.nha_rupees - self.rupees


def month_of(text: str) -> date:
    """ "2026-10" as its first day; the month before this one when empty. Refused: month.…"""
    today = timezone.localdate()
    if not text:
        return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Refused("month.day") from None
    if found < FIRST:
        raise Refused("month.early")
    if found > today:
        raise Refused("month.future")
    return found


def today() -> date:
    """This day where the hospitals are."""
    return timezone.localdate()


def last_of(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def rules() -> list[IncentiveRule]:
    """All dated rules, oldest first. 1 query."""
    return list(IncentiveRule.objects.filter(active=True).order_by("since", "code"))


def scheme_of(month: date) -> Scheme | None:
    """What a month is reckoned by. A month in which the rule changes is an estimate: which record
    falls under which text is the State's to say. 1 query."""
    known = rules()
    first, last = scheme_on(month, known), scheme_on(last_of(month), known)
    if first is None or last is None or first == last:
        return first
    return Scheme(first.version, False, first.rules)


def tallies(ids: Iterable[UUID] | None, month: date) -> dict[UUID, Tally]:
    """Records by verdict, and shares, of some or all hospitals. 1 query."""
    found = _of(ids, LinkedRecord.objects.filter(day__range=(month, last_of(month))))
    second = Q(hi_type__in=CATEGORY_2)
    sums = found.order_by().values("facility_id", "kind", "verdict")
    sums = sums.annotate(all=Count("pk"), second=Count("pk", filter=second),
                         kyc=Count("pk", filter=Q(kyc=True)))  # fmt: skip
    tally: dict[UUID, Tally] = defaultdict(Tally)
    for row in sums:
        mine = tally[row["facility_id"]]
        if row["kind"] == "given":
            mine.given += row["all"]
            continue
        if row["kind"] == "received":
            mine.received += row["all"]
            mine.received_kyc += row["kyc"]
            continue
        mine.verdicts[row["verdict"]] += row["all"]
        if row["verdict"] == COUNTS:
            mine.n2 += row["second"]
            mine.n1 += row["all"] - row["second"]
    return tally


def used_up(
    ids: Iterable[UUID] | None, month: date, choices: Choices
) -> dict[UUID, tuple[Decimal, ...]]:
    """Rupees of the cap's period that are submitted already: {hospital: (all, NHCX)}. 1 query."""
    number = DecimalField(max_digits=14, decimal_places=2)
    claims = Cast(KeyTextTransform("claims", "content"), number)
    before = _of(ids, IncentiveStatement.objects.all()).filter(
        month__lt=month, status=IncentiveStatement.Status.SUBMITTED
    )
    if choices.cap_period == "year":
        year = month.year if month.month >= 4 else month.year - 1
        before = before.filter(month__gte=date(year, 4, 1))
    sums = before.order_by().values("facility_id")
    sums = sums.annotate(all=Sum("facility_rupees"), claims=Sum(claims))
    return {row["facility_id"]: (row["all"] or ZERO, row["claims"] or ZERO) for row in sums}


def _of(ids: Iterable[UUID] | None, rows: Any) -> Any:
    """Of these hospitals; of all (None): naming eight thousand costs more than it saves."""
    return rows if ids is None else rows.filter(facility_id__in=list(ids))


def statements(
    ids: Iterable[UUID], month: date, *, everywhere: bool = False
) -> dict[UUID, Statement]:
    """The month of each of these hospitals; `everywhere`: they are all there are. 4 queries."""
    wanted = list(ids)
    told = None if everywhere else wanted
    choices, scheme = Choices.read(), scheme_of(month)
    rows = _of(told, IncentiveStatement.objects.filter(month=month))
    kept = {row.facility_id: row for row in rows}
    counted, before = tallies(told, month), used_up(told, month, choices)
    return {
        pk: _shown(pk, month, kept.get(pk), counted.get(pk, Tally()), scheme,
                   choices, before.get(pk, (ZERO, ZERO)))
        for pk in wanted
    }  # fmt: skip


def _shown(
    facility_id: UUID, month: date, row: IncentiveStatement | None, tally: Tally,
    scheme: Scheme | None, choices: Choices, before: tuple[Decimal, ...],
) -> Statement:  # fmt: skip
    if row is not None and row.status == IncentiveStatement.Status.SUBMITTED:
        return Statement(facility_id, month, row, row.content)
    told = row.told if row else {}
    return Statement(facility_id, month, row, content_of(tally, told, scheme, choices, before))


def content_of(
    tally: Tally, told: Row, scheme: Scheme | None, choices: Choices, before: tuple[Decimal, ...]
) -> Row:
    """A statement's figures as plain JSON, caps taken off."""
    claims = tuple((int(n), Decimal(rupees)) for n, rupees in told.get("claims", ()))
    rule = scheme.rule("facility", "received") if scheme else None
    counted = tally.received_kyc if rule and rule.kyc_only else tally.received
    counts = Counts(tally.n1, tally.n2, received_of(told, counted), tally.given, claims)
    done = reckon(scheme, counts, choices) if scheme else Reckoning("", False, ())
    nhcx, total = _under_caps(done, scheme, before)
    return {
        "version": done.version,
        "in_force": done.in_force,
        "n1": tally.n1,
        "n2": tally.n2,
        "verdicts": dict(tally.verdicts),
        "received": {"all": tally.received, "counted": counted, "why": told.get("why", "")},
        "lines": [
            {"payee": x.payee, "kind": x.kind, "n": x.n, "paid": x.paid, "rate": str(x.rate),
             "rupees": str(x.rupees)}
            for x in done.lines
        ],
        "claims": str(nhcx),
        "cut": str(done.total("facility") - total),
        "facility": str(total),
        "dsc": str(done.total("dsc")),
    }  # fmt: skip


def received_of(told: Row, counted: int) -> int:
    """Shares received: a hand's number with its reason, else what the trail counted. One written
    before the ledger counted has no reason; it stands where the trail knows of none."""
    typed = told.get("received")
    if typed is None or (counted and not told.get("why")):
        return counted
    return int(typed)


def _under_caps(
    done: Reckoning, scheme: Scheme | None, before: tuple[Decimal, ...]
) -> tuple[Decimal, Decimal]:
    """The hospital's NHCX part and its total after both caps."""
    if scheme is None:
        return ZERO, ZERO
    part = scheme.rule("facility", "claim")
    nhcx = capped(done.claims(), cap=part.cap_rupees if part else None, before=before[1])
    rest = done.total("facility") - done.claims()
    return nhcx, capped(rest + nhcx, cap=scheme.for_records.cap_rupees, before=before[0])


def statement(facility_id: UUID, month: date) -> Statement:
    """One hospital's month. 4 queries."""
    return statements([facility_id], month)[facility_id]


def kept(facility_id: UUID, *, count: int = 24) -> list[IncentiveStatement]:
    """The months of a hospital to which somebody added or that were submitted, newest first.
    1 query."""
    rows = IncentiveStatement.objects.filter(facility_id=facility_id)
    return list(rows.order_by("-month")[:count])


def ledger(where: Ground, month: date) -> Row:
    """Every hospital of a place with its month, the sums, and what came in. 7 queries."""
    places = hospitals_of(where)
    ids = [place.id for place in places]
    everywhere = where.kind == "state"
    known = facilities.hfr_ids(None if everywhere else ids)
    found = statements(ids, month, everywhere=everywhere)
    paid = payments_of(None if everywhere else ids, month)
    rows: list[Row] = [
        {"place": place, "hfr_id": known.get(place.id, ""), "statement": found[place.id],
         "paid": paid.get(place.id, ZERO)}
        for place in places
        if place.is_open or found[place.id].ours
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["statement"].rupees, row["place"].name_en))
    all_of: list[Statement] = [row["statement"] for row in rows]
    told = [one for one in all_of if one.difference is not None]
    return {
        "rows": rows,
        "districts": _by_district(rows) if where.kind == "state" else [],
        "rupees": sum((one.rupees for one in all_of), ZERO),
        "dsc": sum((one.dsc for one in all_of), ZERO),
        "submitted": sum((one.rupees for one in all_of if one.submitted), ZERO),
        "n_submitted": sum(one.submitted for one in all_of),
        "ours": sum(one.ours for one in all_of),
        "nha": sum(one.row.nha_records or 0 for one in told if one.row),
        "n_nha": len(told),
        "paid": sum(paid.values(), ZERO),
        "verdicts": dict(sum((Counter(one.content["verdicts"]) for one in all_of), Counter())),
        "scheme": scheme_of(month),
    }


def _by_district(rows: list[Row]) -> list[Row]:
    """The State's page lists districts; its file has every hospital."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["place"].district_code].append(row)
    found = [
        {
            "code": code,
            "region": facilities.region("district", code),
            "hospitals": len(mine),
            "ours": sum(row["statement"].ours for row in mine),
            "rupees": sum((row["statement"].rupees for row in mine), ZERO),
            "submitted": sum(row["statement"].submitted for row in mine),
            "paid": sum((row["paid"] for row in mine), ZERO),
        }
        for code, mine in groups.items()
    ]
    return sorted(found, key=lambda row: (-row["rupees"], row["code"]))


def payments_of(ids: Iterable[UUID] | None, month: date) -> dict[UUID, Decimal]:
    """Rupees that came for a month, by hospital. 1 query."""
    rows = _of(ids, IncentivePayment.objects.filter(statement__month=month))
    sums = rows.order_by().values("facility_id").annotate(all=Sum("rupees"))
    return {row["facility_id"]: row["all"] for row in sums}


def payments(facility_id: UUID) -> list[IncentivePayment]:
    """What came for one hospital, newest first. 1 query."""
    rows = IncentivePayment.objects.select_related("statement").filter(facility_id=facility_id)
    return list(rows.order_by("-received_on", "-pk"))


def records(
    facility_id: UUID, month: date, *, verdict: str = "", page: int = 1, size: int = 100
) -> Row:
    """The records of one hospital's month with their verdicts, in order of linking. 2 queries."""
    found = LinkedRecord.objects.filter(
        facility_id=facility_id, kind="record", day__range=(month, last_of(month))
    )
    if verdict:
        found = found.filter(verdict=verdict)
    total = found.count()
    start = (page - 1) * size
    rows = list(found.order_by("at", "pk")[start : start + size])
    return {"rows": rows, "total": total, "page": page, "pages": max(1, -(-total // size))}


def read_to() -> Any:
    """When the trail was read last into the ledger; None before the first time. 1 query."""
    mark = LedgerMark.objects.filter(pk="dhis").first()
    return mark.ran_at if mark else None
