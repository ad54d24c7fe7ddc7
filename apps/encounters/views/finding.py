"""From a slip, a token or its QR to the person, and from a person to today's work."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.core.actor import Actor, Level
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import queries
from apps.patients import actions as patients
from apps.patients import queries as patient_queries


@never_cache
@require_POST
@reads(Permission.PATIENT_SEARCH, Permission.TOKEN_ISSUE)
def found(request: Request) -> HttpResponse:
    """What `patients:search` sends on: slip number, today's token, the address in a slip's QR.

    One hit alone leads to where this role works on it; a plain number may also be an MRN.
    """
    text = request.POST.get("q", "").strip()
    visit = queries.by_number(text)
    others: list[dict[str, Any]] = []
    if "/" not in text and request.actor.level(Permission.PATIENT_SEARCH) is not Level.OWN:
        others = patient_queries.search(text)
    if visit is not None:
        others = [row for row in others if row["id"] != visit.patient_id]
    hits = len(others) + (visit is not None)
    patients.record_search("slip", found=hits, actor=request.actor)
    if visit is not None and not others and (place := _place(request.actor, visit)):
        return redirect(place)
    rows = [] if visit is None else [patient_queries.brief(visit.patient)]
    context = {"q": text, "rows": [*rows, *others]}
    return page(request, "patients/search.html", context=context, status=200 if hits else 422)


def _place(actor: Actor, visit: Any) -> str:
    """Where this role works on this visit now; "" when it only looks."""
    going_on = visit.status in ("planned", "in-progress")
    signed = visit.status == "finished"
    if (going_on or signed) and actor.may(Permission.CONSULT_SIGN):
        return reverse("workflows:consult", args=[visit.number])
    at_vitals = going_on and visit.token.station == "vitals"
    if at_vitals and actor.may(Permission.VITALS_WRITE):
        return reverse("encounters:vitals", args=[visit.number])
    if actor.may(Permission.TOKEN_ISSUE):
        return reverse("encounters:revisit", args=[visit.patient_id])
    return ""


@never_cache
@require_GET
@reads(Permission.PATIENT_SEARCH, Permission.TOKEN_ISSUE)
def today(request: Request, patient_id: UUID) -> HttpResponse:
    """This person's visit of today where this role works on it, else who it is."""
    patient = patient_queries.patient(patient_id)
    if patient is None:
        raise Http404
    for visit in queries.open_today(patient_id):
        if place := _place(request.actor, visit):
            return redirect(place)
    return redirect("patients:identity", patient_id)
