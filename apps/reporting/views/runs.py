"""Monthly and weekly forms: of the own hospital, and of an office's hospitals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from apps.core import sheets
from apps.core.actor import Level
from apps.core.errors import Forbidden, Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.core.templatetags.bhavya import local
from apps.monitoring import queries as boards
from apps.reporting import actions, forms_of, queries
from apps.reporting.forms_of import RIGHTS, TITLES, Period
from apps.reporting.items import items, parts
from apps.reporting.veil import Veil

FORMS = (Permission.REPORT_HMIS, Permission.REPORT_IDSP)
HOME = (*FORMS, Permission.REGISTER_PRINT)
FIRST_PART = {"hmis": "14", "idsp": "P"}


@require_GET
@reads(*HOME)
def home(request: Request) -> HttpResponse:
    """The own hospital's months, weeks and registers. 3 queries."""
    here = request.facility.pk
    wishes = queries.wishes_of(request.actor.user_id, here)
    kinds = [
        {
            "kind": kind,
            "title": TITLES[kind],
            "wished": kind in wishes,
            "rows": queries.recent(here, kind, count=count),
        }
        for kind, count in (("hmis", 6), ("idsp", 6))
        if request.actor.sees(RIGHTS[kind])
    ]
    return page(request, "reporting/home.html", context={"kinds": kinds})


@require_GET
@reads(*FORMS)
def office(request: Request, kind: str = "", first: str = "") -> HttpResponse:
    """Every hospital of an office with its form, and the sum of the submitted ones."""
    kind = kind or ("hmis" if request.actor.sees(Permission.REPORT_HMIS) else "idsp")
    _require(request, kind)
    period = forms_of.asked(kind, first) if first else forms_of.latest(kind)
    where = place_asked(request)
    part = _part(request, kind)
    found = queries.office(where, period)
    context = {
        **_frame(request, kind, period),
        **found,
        "ground": where,
        "kinds": [k for k in RIGHTS if request.actor.sees(RIGHTS[k])],
        "late": queries.late_after(period),
        "wished": kind in queries.wishes_of(request.actor.user_id, None),
        "part": part,
        "parts": _named_parts(kind),
        "lines": [(item, found["sum"].get(item.code)) for item in items(kind).values()
                  if item.part == part],
    }  # fmt: skip
    return page(request, "reporting/office.html", context=context)


@require_POST
@reads(*FORMS)
def message(request: Request) -> HttpResponse:
    """An SMS for each form of a kind that is there, or none any more."""
    kind, on = request.POST.get("kind", "hmis"), request.POST.get("on") == "1"
    try:
        actions.wish_message(kind, on=on, actor=request.actor)
    except Refused as no:
        if no.code != "form.mobile":
            raise
        messages.error(request, no.sentence)
    else:
        said = _("You get an SMS when it is there.") if on else _("You get no SMS any more.")
        messages.success(request, said)
    home = "reporting:home" if request.facility else "reporting:office_home"
    return redirect(reverse(home, urlconf=getattr(request, "urlconf", None)))


def place_asked(request: Request) -> Any:
    """`?in=district:203`, within reach; without it the own office's place."""
    kind, _colon, code = request.GET.get("in", "").partition(":")
    return boards.ground(request.actor, kind, code)


@never_cache
@require_GET
@reads(*FORMS)
def form(request: Request, kind: str, first: str, facility_id: UUID | None = None) -> HttpResponse:
    """One form with its numbers, part by part. 3 queries.

    The page that waits asks every two seconds; when the numbers are there it loads itself anew.
    """
    place, period = _wanted(request, kind, first, facility_id)
    if request.htmx and not queries.is_working(queries.newest(place.pk, period)):
        return HttpResponseClientRefresh()
    return _show(request, place, period)


def _show(
    request: Request, place: Any, period: Period, *, error: str = "",
    typed: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    kind, found = period.kind, queries.newest(place.pk, period)
    level = request.actor.level(RIGHTS[kind])
    part = _part(request, kind)
    rows = queries.rows_of(found, kind, part)
    for row in rows:
        row["typed"] = (typed or {}).get(row["item"].code, row["n"] if row["by"] == "hand" else "")
    context = {
        **_frame(request, kind, period),
        "hospital": place,
        "run": found,
        "rows": rows,
        "part": part,
        "parts": queries.parts_of(found, kind),
        "tests": any(row["tested_code"] for row in rows),
        "working": queries.is_working(found),
        "open": found is not None and found.status == "draft",
        "may_write": request.actor.may(RIGHTS[kind]),
        "may_submit": level is Level.APPROVE,
        "old": queries.revisions(place.pk, period) if found and found.revision > 1 else [],
        "form_id": uuid7(),
        "error": error,
    }
    return page(request, "reporting/form.html", "state", context, status=status)


@require_POST
@reads(*FORMS)
def make(request: Request, kind: str, first: str, facility_id: UUID | None = None) -> HttpResponse:
    """Have it worked out."""
    place, period = _wanted(request, kind, first, facility_id)
    actions.ask(place.pk, period, actor=request.actor)
    return _back(request, kind, period, facility_id)


@require_POST
@reads(*FORMS)
def enter(request: Request, kind: str, first: str, facility_id: UUID | None = None) -> HttpResponse:
    """Keep what a hand wrote on one part."""
    place, period = _wanted(request, kind, first, facility_id)
    found = queries.newest(place.pk, period)
    if found is None:
        raise Refused("form.not_made")
    typed = {
        name.removeprefix("n-"): str(text)
        for name, text in request.POST.items()
        if name.startswith("n-")
    }
    try:
        actions.enter(found.pk, values=typed, actor=request.actor)
    except Refused as no:
        if no.code != "form.number":
            raise
        return _show(request, place, period, error=no.sentence, typed=typed, status=422)
    messages.success(request, _("Kept."))
    return _back(request, kind, period, facility_id)


@require_POST
@reads(*FORMS)
def submit(
    request: Request, kind: str, first: str, facility_id: UUID | None = None
) -> HttpResponse:
    """Freeze it."""
    place, period = _wanted(request, kind, first, facility_id)
    if request.actor.level(RIGHTS[kind]) is not Level.APPROVE:
        raise Forbidden(RIGHTS[kind])
    found = queries.newest(place.pk, period)
    if found is None:
        raise Refused("form.not_made")
    try:
        actions.submit_form(found.pk, actor=request.actor)
    except Refused as no:
        return _show(request, place, period, error=no.sentence, status=422)
    messages.success(request, _("Submitted. These numbers stand now."))
    return _back(request, kind, period, facility_id)


@require_POST
@reads(*FORMS)
def revise(
    request: Request, kind: str, first: str, facility_id: UUID | None = None
) -> HttpResponse:
    """Begin a revision of a submitted form."""
    place, period = _wanted(request, kind, first, facility_id)
    found = queries.newest(place.pk, period)
    if found is None:
        raise Refused("form.not_made")
    try:
        pk = UUID(request.POST.get("id", ""))
    except ValueError:
        pk = uuid7()
    try:
        actions.revise(found.pk, id=pk, reason=request.POST.get("reason", ""), actor=request.actor)
    except Refused as no:
        return _show(request, place, period, error=no.sentence, status=422)
    return _back(request, kind, period, facility_id)


@never_cache
@require_GET
@reads(*FORMS)
def trace(request: Request, kind: str, first: str, code: str) -> HttpResponse:
    """What a number of the own hospital is made of; its people for who may read the register."""
    place, period = _wanted(request, kind, first, None)
    found = queries.newest(place.pk, period)
    item = items(kind).get(code.partition("~")[0])
    rule = code.replace("~", "/")
    if found is None or item is None or rule not in forms_of.rules_of(kind):
        raise Refused("not_found")
    traced = queries.trace(period, rule)
    names: dict[str, Any] = {}
    if queries.may_see_rows(request.actor, kind, rule):
        names = queries.named_rows(period, traced, Veil.of(request.actor))
        actions.record_traced(found, rule, n=traced["n"], actor=request.actor)
    context = {
        **_frame(request, kind, period), **traced, **names, "item": item, "run": found,
        "reported": queries.value(found, rule)[0], "computed": found.figures.get(rule),
        "named": bool(names), "words": traced["rule"].words(),
    }  # fmt: skip
    return page(request, "reporting/trace.html", context=context)


@require_GET
@reads(Permission.EXPORT_COUNTS)
@reads(*FORMS)
def table(
    request: Request, kind: str, first: str, ext: str, facility_id: UUID | None = None
) -> HttpResponse:
    """One hospital's form as CSV or XLSX; of an IDSP week its case lines below."""
    place, period = _wanted(request, kind, first, facility_id)
    found = queries.newest(place.pk, period)
    if found is None or found.made_at is None:
        raise Refused("form.not_made")
    by = {"hand": _("by hand"), "data": _("from the data"), "": ""}
    rows: list[list[sheets.Cell]] = [
        [local(place), period.first.isoformat(), period.last.isoformat(), found.status,
         _("Revision %(n)s") % {"n": found.revision}],
        [_("Code"), _("Part"), _("Line"), _("Number"), _("Tested"), _("From")],
    ]  # fmt: skip
    for row in queries.rows_of(found, kind):
        item = row["item"]
        rows.append([item.code, item.part, local(item), row["n"], row["tested"], by[row["by"]]])
    if kind == "idsp":
        rows += [[], [_("Day"), _("Code"), _("Line"), _("Sex"), _("Age"), _("Block")]]
        names = items(kind)
        rows += [[x["day"], x["code"], local(names[x["code"]]), x["sex"], x["age"], x["block"]]
                 for x in found.lines]  # fmt: skip
    name = f"{kind}-{place.slug}-{period.first}-r{found.revision}"
    return sheets.answer(rows, name, ext)


@require_GET
@reads(Permission.EXPORT_COUNTS)
@reads(*FORMS)
def office_table(request: Request, kind: str, first: str, ext: str) -> HttpResponse:
    """Every hospital's submitted form beside the sum, a line of the form a row."""
    _require(request, kind)
    period, where = forms_of.asked(kind, first), place_asked(request)
    found = queries.office(where, period)
    done = [x for x in found["hospitals"] if x["place"].id in found["runs"]]
    rows: list[list[sheets.Cell]] = [
        [_("Code"), _("Line"), _("Together"), *(local(x["place"]) for x in done)]
    ]
    for code, item in items(kind).items():
        each = [queries.value(found["runs"][x["place"].id], code)[0] for x in done]
        rows.append([code, local(item), found["sum"].get(code), *each])
    return sheets.answer(rows, f"{kind}-{where.kind}-{where.code or 'bihar'}-{period.first}", ext)


def _wanted(
    request: Request, kind: str, first: str, facility_id: UUID | None
) -> tuple[Any, Period]:
    """The hospital and the period of an address, when this person may see them."""
    _require(request, kind)
    period = forms_of.asked(kind, first)
    if facility_id is None:
        return request.facility, period
    return queries.of_place(request.actor, kind, facility_id), period


def _require(request: Request, kind: str) -> None:
    if kind not in RIGHTS:
        raise Refused("not_found")
    if not request.actor.sees(RIGHTS[kind]):
        raise Forbidden(RIGHTS[kind])


def _part(request: Request, kind: str) -> str:
    part = request.GET.get("part", "")
    return part if part in parts(kind) else FIRST_PART[kind]


def _named_parts(kind: str) -> list[dict[str, str]]:
    return [{"key": k, "name_hi": hi, "name_en": en} for k, (hi, en) in parts(kind).items()]


def _frame(request: Request, kind: str, period: Period) -> dict[str, Any]:
    return {"kind": kind, "title": TITLES[kind], "period": period,
            "first": period.first.isoformat()}  # fmt: skip


def _back(
    request: Request, kind: str, period: Period, facility_id: UUID | None
) -> HttpResponseRedirect:
    of = [facility_id] if facility_id else []
    name = "reporting:form_of" if facility_id else "reporting:form"
    address = reverse(name, args=[kind, period.first.isoformat(), *of],
                      urlconf=getattr(request, "urlconf", None))  # fmt: skip
    return redirect(f"{address}?part={_part(request, kind)}")
