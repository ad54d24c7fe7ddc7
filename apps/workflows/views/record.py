"""The record over time: this hospital's visits, and others' with the patient's yes."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.abdm import queries as abdm
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.workflows import history as records
from apps.workflows.actions import elsewhere as others
from apps.workflows.views.visit import address_of, visit_of


@never_cache
@require_GET
@reads(Permission.CONSULT_SIGN, Permission.CONSULT_DRAFT)
def history(request: Request, number: str) -> HttpResponse:
    """All visits here with findings, medicines, results and papers; below, other hospitals."""
    visit = visit_of(request, number)
    chart = encounters.open_chart(visit.patient_id, actor=request.actor)
    return page(request, "workflows/history.html", context=_page(request, visit, chart.patient))


def _page(request: Request, visit: Any, patient: Any, **more: Any) -> dict[str, Any]:
    consent = records.consent(visit, user_id=request.actor.user_id)
    return {
        "visit": visits.visit_brief(visit),
        "patient": patient,
        "rows": records.timeline(visit.patient_id),
        "consents": abdm.consents_of(visit.patient_id),
        "others_panel": address_of("abdm:others", visit.patient_id)
        if request.actor.sees(Permission.HISTORY_VIEW)
        else "",
        "labs_panel": address_of("labs:patient_panel", visit.patient_id),
        "consent": consent,
        "matches": records.matches(visit) if consent else [],
        "emergency": records.is_emergency(visit) or others.EMERGENCY_DOCTOR in request.actor.roles,
        "may_ask": request.actor.may(Permission.CONSULT_SIGN),
        "may_break": request.actor.may(Permission.BREAKGLASS_USE),
        **more,
    }


@never_cache
@require_GET
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def timeline(request: Request, patient_id: UUID) -> HttpResponse:
    """The visits alone, for the chart. The same door: a fragment is a record too."""
    encounters.open_chart(patient_id, actor=request.actor)
    rows = records.timeline(patient_id)
    return page(request, "workflows/_timeline.html", context={"rows": rows})


@never_cache
@require_POST
@reads(Permission.CONSULT_SIGN)
def elsewhere(request: Request, number: str) -> HttpResponse:
    """Ask for the code, tell it, or break the glass."""
    visit = visit_of(request, number)
    told: dict[str, Any] = {}
    try:
        what = request.POST.get("what", "")
        if what == "ask":
            told["sent_to"] = others.ask(visit.pk, actor=request.actor)
        elif what == "code":
            told["sent_to"] = visit.patient.mobile[-2:]
            others.agree(visit.pk, code=request.POST.get("code", ""), actor=request.actor)
            return redirect("workflows:history", number)
        elif what == "glass":
            reason = request.POST.get("reason", "")
            others.break_glass(visit.pk, reason=reason, actor=request.actor)
            return redirect("workflows:history", number)
        else:
            raise Http404
    except Refused as no:
        told["fault"] = no.sentence
    chart = encounters.open_chart(visit.patient_id, actor=request.actor)
    context = _page(request, visit, chart.patient, **told)
    status = 422 if "fault" in told else 200
    return page(request, "workflows/history.html", context=context, status=status)


@never_cache
@require_GET
@reads(Permission.CONSULT_SIGN)
def look(request: Request, number: str, facility_id: UUID, patient_id: UUID) -> HttpResponse:
    """One record of another hospital, read-only. Noted in both hospitals each time."""
    visit = visit_of(request, number)
    found = others.look(
        visit.pk, facility_id=facility_id, patient_id=patient_id, actor=request.actor
    )
    if found is None:
        raise Http404
    match, rows = found
    context = {"visit": visits.visit_brief(visit), "match": match, "rows": rows}
    return page(request, "workflows/look.html", context=context)
