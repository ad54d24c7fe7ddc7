"""Many hospitals from one list: look first, then on board, then how far they are."""

import csv
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import lists_made
from apps.facilities.actions import bulk
from apps.facilities.forms_list import ListForm

ONBOARD = Permission.FACILITY_ONBOARD


@require_http_methods(["GET", "POST"])
@reads(ONBOARD)
def bring_many(request: Request) -> HttpResponse:
    """The preview shows every line's problem; confirmed, what can be goes on board."""
    if request.method == "GET":
        return _page(request, ListForm())
    form = ListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    wanted, list_id = form.cleaned_data["wanted"], form.cleaned_data["id"]
    if "commit" in request.POST:
        bulk.queue_list(wanted, id=list_id, actor=request.actor)
        return redirect("facilities:list_made", list_id)
    results = bulk.look_at(wanted, actor=request.actor)
    names = lists_made.names_of([row.register_code for row in wanted])
    lines = [
        {"line": n, "name": names.get(r.register_code), **_shown(r)}
        for n, r in enumerate(results, start=2)
    ]
    good = sum(result.outcome == bulk.QUEUED for result in results)
    found: dict[str, Any] = {
        "lines": lines,
        "good": good,
        "bad": sum(bool(result.why) for result in results),
    }
    return _page(request, form, list_id=list_id, **found)


def _shown(result: bulk.Result) -> dict[str, str]:
    return {"code": result.register_code, "outcome": result.outcome, "why": result.why}


def _page(request: Request, form: ListForm, *, status: int = 200, **found: Any) -> HttpResponse:
    context = {"form": form, **found}
    return page(request, "facilities/many.html", context=context, status=status)


@require_GET
@reads(ONBOARD)
def list_made(request: Request, list_id: UUID) -> HttpResponse:
    """Asks for itself again while schemas are made."""
    context = {"made": lists_made.made(list_id, actor=request.actor)}
    return page(request, "facilities/many_made.html", "state", context)


@require_GET
@reads(ONBOARD)
def list_report(request: Request, list_id: UUID) -> HttpResponse:
    """What was not done and why, as a spreadsheet opens it."""
    rows = lists_made.made(list_id, actor=request.actor).wrong
    response = _csv("not-done.csv")
    writer = csv.writer(response)
    writer.writerow(["line", "register_code", "name", "outcome", "why"])
    writer.writerows([r.line, r.code, r.name_en, r.state, r.why] for r in rows)
    return response


@require_GET
@reads(ONBOARD)
def list_template(request: Request) -> HttpResponse:
    """The office's hospitals that are still to come, ready to be sent back."""
    response = _csv("hospitals.csv")
    writer = csv.writer(response)
    writer.writerow(["register_code", "name", "facility_type", "slug", "prefix"])
    for row in lists_made.still_to_come(request.actor):
        kind = "" if row.facility_type == "BLOCK" else row.facility_type
        writer.writerow([row.code, row.name_en, kind, "", ""])
    return response


def _csv(name: str) -> HttpResponse:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
