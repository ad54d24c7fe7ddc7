"""Named reads over orders: of one visit, to be collected, on the benches, outside."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone

from apps.core.tenancy import current_facility
from apps.encounters import queries as encounters
from apps.facilities import queries as facilities
from apps.labs import masters
from apps.labs.models import DiagnosticReport, ServiceRequest, Specimen
from apps.patients import queries as patients

Row = dict[str, Any]
LOOK_BACK = timedelta(days=3)
OUTSIDE = {"PPP": {"name_en": "Outside laboratory (PPP)", "name_hi": "बाहर की लैब (PPP)"}}


def of_encounter(encounter_id: UUID) -> QuerySet[ServiceRequest]:
    """Tests ordered in one visit, in the order they were chosen. 1 query."""
    return ServiceRequest.objects.filter(
        encounter_id=encounter_id, status=ServiceRequest.Status.ACTIVE
    ).order_by("ordered_at", "id")


def of_encounters(encounter_ids: Sequence[UUID]) -> QuerySet[ServiceRequest]:
    """Tests ordered in these visits and not taken back, for the record over time. 1 query."""
    return ServiceRequest.objects.filter(encounter_id__in=encounter_ids).exclude(
        status=ServiceRequest.Status.REVOKED
    )


def request(request_id: UUID) -> ServiceRequest | None:
    """One order with its visit and patient. 1 query."""
    whole = ServiceRequest.objects.select_related("encounter__patient", "encounter__token")
    return whole.filter(pk=request_id).first()


def specimen(accession: str) -> Specimen | None:
    """A sample by what its label says; the last four digits find one of today. 1 query."""
    text = accession.strip().upper()
    found = Specimen.objects.select_related("encounter__patient", "encounter__token")
    if text.isdecimal() and len(text) <= 5:
        here: Any = current_facility()
        year = timezone.localdate().year % 100
        return (
            found.filter(
                accession__startswith=f"{here.prefix}-L-{year:02d}", accession__endswith=text
            )
            .order_by("-collected_at")
            .first()
        )
    return found.filter(accession=text).first()


def to_collect() -> list[Row]:
    """Visits with orders that nobody has collected, urgent first, then as they came. 2 queries.

    {token, slip, name, age_sex, tests, urgent, wait_min, late, recollect, here}
    """
    rows = (
        ServiceRequest.objects.uncollected()
        .filter(ordered_at__gte=timezone.now() - LOOK_BACK)
        .select_related("encounter__patient", "encounter__token")
        .order_by("ordered_at", "id")
    )
    visits: dict[UUID, list[ServiceRequest]] = {}
    for row in rows:
        visits.setdefault(row.encounter_id, []).append(row)
    found = [_visit_row(orders) for orders in visits.values()]
    return sorted(found, key=lambda row: (not row["urgent"], not row["here"], row["at"]))


def _visit_row(orders: list[ServiceRequest]) -> Row:
    encounter = orders[0].encounter
    who = patients.brief(encounter.patient)
    since = timezone.now() - orders[0].ordered_at
    return {
        "token": encounters.token_label(encounter.token),
        "slip": encounter.number,
        "name": who["name"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "tests": [{"hi": o.display_hi, "en": o.display_en} for o in orders],
        "urgent": any(o.priority == ServiceRequest.Priority.URGENT for o in orders),
        "recollect": any(o.detail.get("recollect") for o in orders),
        "wait_min": (minutes := int(since.total_seconds() // 60)),
        "late": minutes > encounters.LATE_MIN,
        "here": encounter.token.station == "lab",
        "at": orders[0].ordered_at,
    }


def collecting(encounter_id: UUID) -> list[Row]:
    """The orders of one visit grouped by tube: {key, specimen, container, orders}. 4 queries."""
    orders = list(
        ServiceRequest.objects.uncollected()
        .filter(encounter_id=encounter_id)
        .order_by("ordered_at", "id")
    )
    return grouped(orders)


def grouped(orders: Iterable[ServiceRequest]) -> list[Row]:
    """Orders by what goes into one tube. 3 queries."""
    rows = list(orders)
    known = masters.load({row.test_code for row in rows})
    tubes: dict[str, Row] = {}
    for row in rows:
        test = known.tests.get(row.test_code)
        kind, container = (test.specimen, test.container) if test else ("", "")
        key = f"{kind}|{container}"
        tube = tubes.setdefault(
            key, {"key": key, "specimen": kind, "container": container, "orders": []}
        )
        tube["orders"].append(row)
    return list(tubes.values())


def label(specimen: Specimen) -> Row:
    """What a 50×30 mm label says. 4 queries."""
    orders = list(ServiceRequest.objects.active().filter(specimen=specimen).order_by("ordered_at"))
    known = masters.load({row.test_code for row in orders})
    groups = {test.group_en: test for code, test in known.tests.items()
              if code in {row.test_code for row in orders}}  # fmt: skip
    return {
        "accession": specimen.accession,
        "patient": patients.brief(specimen.encounter.patient),
        "token": encounters.token_label(specimen.encounter.token),
        "tests": ", ".join(row.test_code for row in orders),
        "group_en": " · ".join(groups),
        "group_hi": " · ".join(test.group_hi for test in groups.values()),
        "container": specimen.container,
        "collected_at": timezone.localtime(specimen.collected_at),
        "orders": orders,
    }


def worklist(*, bench: str = "") -> Row:
    """Samples in the house, not verified yet: {"rows", "benches"}. 5 queries.

    Each row: {accession, short, name, tests, state, urgent, at}; state: new | entering | sent |
    returned. `bench` narrows to one group of tests.
    """
    orders = list(
        ServiceRequest.objects.in_laboratory()
        .filter(performer="")
        .select_related("specimen", "encounter__patient")
        .order_by("specimen__collected_at", "ordered_at")
    )
    known = masters.load({row.test_code for row in orders})
    entered = set(
        DiagnosticReport.objects.being_entered()
        .filter(request__in=[row.pk for row in orders])
        .values_list("request_id", flat=True)
    )
    benches: Counter[tuple[str, str]] = Counter()
    samples: dict[UUID, Row] = {}
    for order in orders:
        test = known.tests.get(order.test_code)
        group = (test.group_en, test.group_hi) if test else ("", "")
        benches[group] += 1
        if bench and group[0] != bench:
            continue
        assert order.specimen is not None
        row = samples.setdefault(order.specimen.pk, _sample(order))
        row["orders"].append(order)
        row["entered"] = row["entered"] or order.pk in entered
    rows = [_with_state(row) for row in samples.values()]
    rows.sort(key=lambda row: (not row["urgent"], row["at"]))
    return {
        "rows": rows,
        "benches": [
            {"en": en, "hi": hi, "n": n, "on": en == bench} for (en, hi), n in benches.items()
        ],
    }


def _sample(order: ServiceRequest) -> Row:
    assert order.specimen is not None
    who = patients.brief(order.encounter.patient)
    return {
        "accession": order.specimen.accession,
        "short": order.specimen.accession[-4:],
        "name": who["name"],
        "age_sex": f"{who['age']} · {who['sex_short']}",
        "at": order.specimen.collected_at,
        "orders": [],
        "entered": False,
    }


def _with_state(row: Row) -> Row:
    orders = row["orders"]
    sent = [o for o in orders if o.detail.get("sent_at")]
    state = "new"
    if len(sent) == len(orders):
        state = "sent"
    elif any(o.detail.get("returned") for o in orders):
        state = "returned"
    elif row["entered"]:
        state = "entering"
    return {
        **row,
        "state": state,
        "tests": ", ".join(o.test_code for o in orders),
        "urgent": any(o.priority == ServiceRequest.Priority.URGENT for o in orders),
    }


def to_verify() -> list[Row]:
    """Samples whose values wait for a signature, urgent first. 5 queries."""
    return [
        row for row in worklist()["rows"] if any(o.detail.get("sent_at") for o in row["orders"])
    ]


def duplicates(
    patient_id: UUID, codes: Iterable[str], *, days: int = 7, but: UUID | None = None
) -> list[Row]:
    """Tests that this patient had in the last days here: {code, hi, en, at, done}. 1 query."""
    since = timezone.now() - timedelta(days=days)
    rows = (
        ServiceRequest.objects.filter(
            encounter__patient_id=patient_id, test_code__in=list(codes), ordered_at__gte=since
        )
        .exclude(status=ServiceRequest.Status.REVOKED)
        .order_by("-ordered_at")
    )
    if but:
        rows = rows.exclude(encounter_id=but)
    return [
        {
            "code": row.test_code,
            "hi": row.display_hi,
            "en": row.display_en,
            "at": timezone.localtime(row.ordered_at),
            "done": row.status == ServiceRequest.Status.COMPLETED,
        }
        for row in rows
    ]


def open_in_visit(encounter_id: UUID) -> bool:
    """Whether a result of this visit is still to come from this house. 1 query."""
    return ServiceRequest.objects.active().filter(encounter_id=encounter_id, performer="").exists()


def outside_laboratories() -> dict[str, Row]:
    """Whom we may send samples to: config `extra["outside_labs"]`, or one PPP. No query."""
    here: Any = current_facility()
    own = facilities.config(here).extra.get("outside_labs") or []
    return {row["code"]: row for row in own} or OUTSIDE


def outside(performer: str = "") -> list[Row]:
    """What stands on the send list: {accession, name, tests, out_at, performer}. 1 query."""
    rows = (
        ServiceRequest.objects.active()
        .sent_out()
        .filter(specimen__isnull=False)
        .select_related("specimen", "encounter__patient")
        .order_by("specimen__accession", "pk")
    )
    if performer:
        rows = rows.filter(performer=performer)
    samples: dict[str, Row] = {}
    for order in rows:
        assert order.specimen is not None
        key = order.specimen.accession
        row = samples.setdefault(
            key,
            {**_sample(order), "performer": order.performer, "out_at": order.detail.get("out_at")},
        )
        row["orders"].append(order)
    return [
        {**row, "tests": " ".join(o.test_code for o in row["orders"])} for row in samples.values()
    ]


def outside_counts(month: date) -> list[Row]:
    """For payment: how many tests each outside laboratory reported in a month, typed and verified
    or as its own paper. 2 queries."""
    day = month.replace(day=1)
    first = timezone.make_aware(datetime.combine(day, time()))
    last = timezone.make_aware(datetime.combine((day + timedelta(days=32)).replace(day=1), time()))
    typed = DiagnosticReport.objects.released().filter(verified_at__gte=first, verified_at__lt=last)
    papers = ServiceRequest.objects.filter(detail__paper_on__startswith=f"{day:%Y-%m}")
    found: Counter[tuple[str, ...]] = Counter()
    for rows, to in ((typed, "request__"), (papers, "")):
        names = [f"{to}{name}" for name in ("performer", "test_code", "display_en", "display_hi")]
        sent = rows.exclude(**{names[0]: ""})
        for *key, n in sent.values_list(*names).annotate(n=Count("pk")).order_by():
            found[tuple(key)] += n
    return [
        {"performer": performer, "code": code, "name_en": en, "name_hi": hi, "n": n}
        for (performer, code, en, hi), n in sorted(found.items())
    ]
