"""The collection desk: who waits, one press, the label."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import queries as visits
from apps.labs import actions, queries
from apps.labs.forms import CollectForm
from apps.patients import queries as patients


@never_cache
@require_GET
@reads(Permission.LAB_COLLECT)
def collect_list(request: Request) -> HttpResponse:
    """Who waits for the needle. A scanned slip opens its orders, a scanned tube its sample."""
    text = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"rows": queries.to_collect(), "q": text}
    status = 200
    if text:
        visit = visits.by_number(text)
        if visit is not None:
            return redirect("labs:collect", visit.number)
        sample = queries.specimen(text)
        if sample is not None:
            return redirect("labs:result", sample.accession)
        status, context["not_found"] = 422, True
    return page(request, "labs/collect_list.html", "rows", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.LAB_COLLECT)
def collect(request: Request, number: str) -> HttpResponse:
    """The tubes of one visit. Enter collects them all and prints the labels."""
    visit = visits.by_number(number)
    if visit is None:
        raise Http404
    tubes = queries.collecting(visit.pk)
    if request.method == "POST":
        orders = [order.pk for tube in tubes for order in tube["orders"]]
        form = CollectForm(request.POST, orders=orders)
        # Sent twice, the orders are collected already: the form's own samples are found again.
        if form.is_valid() or (not tubes and "id" in form.cleaned_data):
            return _collected(request, visit, form.cleaned_data)
    context = {
        "visit": visits.visit_brief(visit),
        "patient": patients.banner(visit.patient_id, known=visit.patient),
        "tubes": tubes,
        "form_id": uuid7(),
        "laboratories": queries.outside_laboratories(),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "labs/collect.html", context=context, status=status)


def _collected(request: Request, visit: Any, told: dict[str, Any]) -> HttpResponse:
    chosen = told.get("request_ids") or []
    performer = request.POST.get("performer", "")
    samples = actions.collect(visit.pk, id=told["id"], request_ids=chosen, actor=request.actor)
    if performer:
        orders = [order.pk for sample in samples for order in queries.orders_on(sample)]
        actions.send_out(orders, performer=performer, actor=request.actor)
    numbers = ",".join(sample.accession for sample in samples)
    return redirect(f"{reverse('labs:labels')}?of={numbers}")


@never_cache
@require_GET
@reads(Permission.LAB_COLLECT)
def labels(request: Request) -> HttpResponse:
    """50×30 mm labels, one a tube; opening the page prints them. A no stands instead of a label."""
    found, refused = [], None
    for accession in request.GET.get("of", "").split(",")[:20]:
        try:
            found.append(actions.print_label(accession, actor=request.actor))
        except Refused as no:
            refused = no
    context = {"labels": found, "refused": refused, "print_now": "stay" not in request.GET}
    status = 409 if refused and not found else 200
    return page(request, "labs/labels.html", context=context, status=status)


@require_POST
@reads(Permission.LAB_COLLECT, Permission.LAB_ENTER)
def reject(request: Request, accession: str) -> HttpResponse:
    sample = actions.reject(accession, reason=request.POST.get("reason", ""), actor=request.actor)
    messages.success(
        request,
        _("%(number)s is rejected. A new sample is asked for.") % {"number": sample.accession},
    )
    return redirect("labs:worklist")


@require_POST
@reads(Permission.LAB_COLLECT, Permission.ORDER_TEST)
def cancel(request: Request, request_id: UUID) -> HttpResponse:
    order = actions.cancel(request_id, reason=request.POST.get("reason", ""), actor=request.actor)
    messages.success(request, _("%(test)s is cancelled.") % {"test": order.test_code})
    number = visits.visit(order.encounter_id).number
    if request.actor.may(Permission.LAB_COLLECT):
        return redirect("labs:collect", number)
    return redirect("labs:inbox")
