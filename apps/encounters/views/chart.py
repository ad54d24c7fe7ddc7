"""A patient's record: the shell, its fragments, and the glass that is broken with a reason."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions, queries
from apps.patients import queries as patients


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def chart(request: Request, patient_id: UUID) -> HttpResponse:
    """The record when there is a relation; else the question why. POST carries the reason."""
    found = patients.patient(patient_id)
    if found is None:
        raise Http404
    reason = request.POST.get("reason") if request.method == "POST" else None
    try:
        opened = actions.open_chart(patient_id, actor=request.actor, reason=reason)
    except Refused as refused:
        context = {"patient": patients.brief(found), "reason": reason or "", "refused": refused}
        status = 409 if reason is None else 422
        return page(request, "encounters/glass.html", context=context, status=status)
    if request.method == "POST":
        return redirect("encounters:chart", patient_id)
    context = {
        "chart": opened,
        "patient": opened.patient,
        "visit": queries.visit_brief(opened.visit) if opened.visit else None,
        "vitals": queries.vitals(opened.visit.pk) if opened.visit else [],
    }
    return page(request, "encounters/chart.html", context=context)


@never_cache
@require_GET
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def chart_visits(request: Request, patient_id: UUID) -> HttpResponse:
    """Past visits, loaded after the page. The same door: a fragment is a record too."""
    actions.open_chart(patient_id, actor=request.actor)
    rows = queries.past_visits(patient_id, 20)
    return page(request, "encounters/_visits.html", context={"rows": rows})
