"""The paper kit for the day when everything is dead: print it before, type it in afterwards."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import actions, queries
from apps.encounters.forms import fresh_ids
from apps.encounters.paper_forms import KitForm, PaperForm
from apps.encounters.paper_slips import LIMIT, read, slips_of
from apps.encounters.slip import qr, short_address

PAPERS = ("80", "a5", "rx")


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.TOKEN_ISSUE)
def kit(request: Request) -> HttpResponse:
    """Put numbers aside and print them; the kits of before with how many were used."""
    form = KitForm(request.POST or None, initial={"id": uuid7(), "count": "50"})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = actions.reserve_slips(told["count"], id=told["id"], actor=request.actor)
        return redirect(f"{reverse('encounters:paper_print', args=[made.key])}?paper=80&stay")
    context = {"form": form, "rows": queries.with_use(queries.kits()), "limit": LIMIT}
    status = 422 if request.method == "POST" else 200
    return page(request, "encounters/paper_kit.html", context=context, status=status)


@never_cache
@require_GET
@reads(Permission.TOKEN_ISSUE)
def print_kit(request: Request, key: str) -> HttpResponse:
    """The slips for a roll or on A5, or the prescription forms with the same numbers."""
    found, paper = queries.kit_with(key), request.GET.get("paper", "80")
    if found is None or paper not in PAPERS:
        raise Http404
    slug = request.facility.slug
    slips = [
        {"slip": slip, "qr": qr(f"{short_address(slug, slip.code)}?n={slip.number}")}
        for slip in slips_of(request.facility, found)
    ]
    context = {
        "kit": found,
        "paper": paper,
        "slips": slips,
        "departments": queries.department_waits(),
        "print_now": "stay" not in request.GET,
    }
    return page(request, "encounters/paper_print.html", context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.TOKEN_ISSUE)
def type_in(request: Request) -> HttpResponse:
    """Scan a slip, type five fields, the next one."""
    if request.method == "POST":
        form = PaperForm(request.POST)
        if form.is_valid() and (visit := _typed(request, form)):
            said = _("%(number)s is typed in. Scan the next one.") % {"number": visit.number}
            messages.success(request, said, "ok")
            return redirect("encounters:paper_type")
        return _sheet(request, form.data.get("slip", ""), form, 422)
    return _sheet(request, request.GET.get("q", ""), None, 200)


def _typed(request: Request, form: PaperForm) -> Any:
    told = form.cleaned_data
    known = queries.scanned(told["mrn"]) if told["mrn"] else None
    if told["mrn"] and (known is None or known.patient_id is None):
        form.add_error("mrn", Refused("paper.no_patient").sentence)
        return None
    try:
        return actions.type_in(
            told["slip"],
            id=told["visit_id"],
            department=told["department"],
            happened_at=form.happened_at,
            patient=None if known else form.patient,
            patient_id=known.patient_id if known else None,
            still_waiting=told["waiting"],
            actor=request.actor,
        )
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return None


def _sheet(request: Request, text: str, form: PaperForm | None, status: int) -> HttpResponse:
    """The scan box, and below it the five fields once a slip of ours is read."""
    slip = read(request.facility, text) if text else None
    used = queries.by_number(slip.number) if slip and form is None else None
    if text and (slip is None or used):
        status = 422
    start = {**fresh_ids(), "slip": text, "age_unit": "years", "day": timezone.localdate()}
    context = {
        "text": text,
        "slip": slip,
        "used": queries.visit_brief(used) if used else None,
        "form": form or PaperForm(initial=start),
        "departments": queries.department_waits(),
        "typed_in": queries.typed_in_today(),
    }
    return page(request, "encounters/paper_type.html", context=context, status=status)
