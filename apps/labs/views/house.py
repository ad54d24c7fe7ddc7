"""Running a laboratory: times, critical list, outside samples, machines, masters."""

import csv
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.facilities import actions as facilities
from apps.facilities import analysers
from apps.labs import actions, masters, queries
from apps.labs.forms import MachineForm, ids_of, ranges_of, reagents_of
from apps.terminology import queries as terminology

BIGGEST = 2 * 1024 * 1024
BIGGEST_PAPER = 20 * 1024 * 1024
STAFF = (Permission.LAB_ENTER, Permission.LAB_VERIFY)


def _day(text: str) -> date:
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


@require_GET
@reads(*STAFF, Permission.DASH_FACILITY)
def turnaround(request: Request) -> HttpResponse:
    """How long a result took, by test and shift."""
    day = _day(request.GET.get("day", ""))
    context = {"rows": queries.turnaround(day), "day": day}
    return page(request, "labs/turnaround.html", context=context)


@never_cache
@require_GET
@reads(*STAFF)
def critical_list(request: Request) -> HttpResponse:
    """Critical results that no doctor has acknowledged yet."""
    return page(request, "labs/critical.html", context={"rows": queries.critical()})


@never_cache
@require_http_methods(["GET", "POST"])
@reads(*STAFF)
def outside(request: Request) -> HttpResponse:
    """What goes to the outside laboratory, and its results as a table."""
    context: dict[str, Any] = {"paper_id": uuid7()}
    status = 200
    if request.method == "POST":
        try:
            context["read"] = _read_file(request)
            status = 200 if context["read"].kept else 422
        except Refused as no:
            context["refused"], status = no.sentence, 422
    return _outside_page(request, context, status)


@require_POST
@reads(Permission.LAB_VERIFY)
def outside_paper(request: Request) -> HttpResponse:
    """The outside laboratory's own report into the record."""
    try:
        _read_paper(request)
    except Refused as no:
        return _outside_page(request, {"paper_id": uuid7(), "refused": no.sentence}, 422)
    messages.success(request, _("The report is in the record, and the doctor is told."))
    return redirect("labs:outside")


def _outside_page(request: Request, context: dict[str, Any], status: int = 200) -> HttpResponse:
    month = _day(request.GET.get("month", "") + "-01")
    context |= {
        "rows": queries.outside(),
        "laboratories": queries.outside_laboratories(),
        "counts": queries.outside_counts(month),
        "month": month,
    }
    return page(request, "labs/outside.html", context=context, status=status)


def _read_paper(request: Request) -> None:
    files = request.FILES.getlist("pages")
    if not files or sum(file.size or 0 for file in files) > BIGGEST_PAPER:
        raise Refused("outside.paper_file")
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError:
        raise Refused("outside.paper_file") from None
    data = [file.read() for file in files]
    accession = request.POST.get("accession", "")
    actions.read_paper(accession, id=key, files=data, actor=request.actor)


def _read_file(request: Request) -> Any:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > BIGGEST:
        raise Refused("outside.file")
    keep_good = request.POST.get("keep_good") == "1"
    return actions.read_results(file.read(), keep_good=keep_good, actor=request.actor)


@require_GET
@reads(Permission.LAB_ENTER)
def outside_list(request: Request) -> HttpResponse:
    """The send list as CSV: what a laboratory needs to work, no name and no number of a person."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="send-list.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["accession", "age_sex", "tests", "collected_at"])
    for row in queries.outside():
        at = timezone.localtime(row["at"])
        writer.writerow([row["accession"], row["age_sex"], row["tests"], f"{at:%d-%m-%Y %H:%M}"])
    return response


@require_POST
@reads(Permission.LAB_COLLECT)
def bring_back(request: Request) -> HttpResponse:
    """Orders of an outside list back to our own benches."""
    actions.send_out(ids_of(request.POST, "request_id"), performer="", actor=request.actor)
    return redirect("labs:outside")


@never_cache
@require_http_methods(["GET", "POST"])
@reads(*STAFF)
def machines(request: Request) -> HttpResponse:
    """Analysers with their ports, and messages that nobody could match."""
    context: dict[str, Any] = {"form_id": uuid7()}
    status = 200
    if request.method == "POST":
        form = MachineForm(request.POST)
        try:
            if form.is_valid():
                told = form.cleaned_data
                allow = told["allow"].replace(",", " ").split()
                facilities.add_analyser(**{**told, "allow": allow}, actor=request.actor)
                return redirect("labs:machines")
        except Refused as no:
            context["refused"], status = no.sentence, 422
    heard = queries.last_heard()
    found = analysers.of_facility(request.facility.pk)
    context |= {
        "machines": [{"row": row, "heard": heard.get(row.name)} for row in found],
        "parked": queries.messages(),
        "may_add": request.actor.may(Permission.LAB_VERIFY),
    }
    return page(request, "labs/machines.html", context=context, status=status)


@require_POST
@reads(Permission.LAB_VERIFY)
def remove_machine(request: Request, analyser_id: UUID) -> HttpResponse:
    facilities.remove_analyser(analyser_id, actor=request.actor)
    return redirect("labs:machines")


@require_POST
@reads(Permission.LAB_ENTER)
def message(request: Request, message_id: UUID) -> HttpResponse:
    """Attach a parked message to a sample, or put it aside with a reason."""
    if request.POST.get("op") == "dismiss":
        actions.dismiss(message_id, reason=request.POST.get("reason", ""), actor=request.actor)
        return redirect("labs:machines")
    accession = request.POST.get("accession", "")
    actions.attach(message_id, accession=accession, actor=request.actor)
    messages.success(request, _("The values are in the sample's grid."))
    sample = queries.specimen(accession)
    return redirect("labs:result", sample.accession) if sample else redirect("labs:machines")


@require_GET
@reads(*STAFF)
def tests(request: Request) -> HttpResponse:
    """Every test with its unit, tube and where its range comes from."""
    text = request.GET.get("q", "").strip()
    codes = [row.code for row in terminology.search_codes("test", text, limit=250)]
    known = masters.load(codes)
    rows = [
        {"test": known.tests[code], "ranges": known.ranges.get(code, ())}
        for code in codes
        if code in known.tests and not known.tests[code].imaging
    ]
    return page(request, "labs/tests.html", "rows", {"rows": rows, "q": text})


@never_cache
@require_http_methods(["GET", "POST"])
@reads(*STAFF)
def test(request: Request, code: str) -> HttpResponse:
    """One test: what it is, what is normal, which reagents it uses. Saving makes a new version."""
    known = masters.load([code])
    if code not in known.tests:
        raise Http404
    context: dict[str, Any] = {"form_id": uuid7()}
    status = 200
    if request.method == "POST":
        try:
            _define(request, code)
            messages.success(request, _("Saved as a new version. Older reports keep their range."))
            return redirect("labs:test", code)
        except Refused as no:
            context["refused"], status = no.sentence, 422
    here = request.facility.pk
    versions = {
        kind: terminology.newest(kind, code, facility_id=here) for kind in ("test", "range")
    }
    context |= {
        "test": known.tests[code],
        "ranges": known.ranges.get(code, ()),
        "parts": known.parts(code),
        "test_version": versions["test"].version if versions["test"] else 0,
        "range_version": versions["range"].version if versions["range"] else 0,
        "may_edit": request.actor.may(Permission.LAB_VERIFY),
        "blank": range(2),
    }
    return page(request, "labs/test.html", context=context, status=status)


def _define(request: Request, code: str) -> None:
    posted = request.POST
    try:
        id, after = UUID(posted.get("id", "")), int(posted.get("after", "0"))
    except ValueError:
        raise Refused("form.incomplete") from None
    told: dict[str, Any] = {
        "id": id, "after": after, "provenance": posted.get("provenance", "").strip()[:300],
        "actor": request.actor,
    }  # fmt: skip
    if posted.get("what") == "range":
        actions.define_ranges(code, rows=ranges_of(posted), **told)
        return
    body = {
        name: posted.get(name, "").strip()[:120]
        for name in ("name_en", "name_hi", "unit", "specimen", "container")
    }
    parts = posted.get("parts", "").replace(",", " ").split()
    reagents = reagents_of(posted.get("reagents", ""))
    actions.define_test(code, body={**body, "parts": parts, "reagents": reagents}, **told)
