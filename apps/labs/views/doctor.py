"""What a doctor sees of the laboratory: results beside the consultation, the inbox, red lines."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.labs import actions, queries


@never_cache
@require_GET
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Released results of a patient, today's and the ones before. The same door as the chart."""
    chart = encounters.open_chart(patient_id, actor=request.actor)
    visit = chart.visit
    context = {
        "rows": queries.patient_results(patient_id),
        "papers": queries.papers_of(patient_id)[:6],
        "pending": queries.pending_of(patient_id),
        "back": visit is not None and visit.token.returning == "report"
        and visit.token.station == "doctor",
        "visit_number": visit.number if visit else "",
    }  # fmt: skip
    return page(request, "labs/_panel.html", context=context)


@never_cache
@require_GET
@reads(Permission.CONSULT_SIGN)
def alerts(request: Request) -> HttpResponse:
    """Critical results of my own orders that I have not acknowledged: the red line of the rail."""
    assert request.actor.user_id is not None
    rows = queries.critical(doctor_id=request.actor.user_id)
    return page(request, "labs/_alerts.html", context={"rows": rows})


@never_cache
@require_GET
@reads(Permission.CONSULT_SIGN)
def inbox(request: Request) -> HttpResponse:
    """Reports on my orders, the critical ones on top."""
    assert request.actor.user_id is not None
    context = {
        "critical": queries.critical(doctor_id=request.actor.user_id),
        "rows": queries.inbox(request.actor.user_id),
    }
    return page(request, "labs/inbox.html", context=context)


@require_POST
@reads(Permission.CONSULT_SIGN)
def acknowledge(request: Request, report_id: UUID) -> HttpResponse:
    actions.acknowledge(report_id, actor=request.actor)
    return redirect("labs:inbox")


@require_POST
@reads(Permission.CONSULT_SIGN)
def send_on(request: Request, number: str) -> HttpResponse:
    """Seen: the same token goes on to the medicines, or home."""
    visit = visits.by_number(number)
    if visit is not None:
        to = "pharmacy" if request.POST.get("to") == "pharmacy" else "none"
        actions.send_on(visit.pk, to_station=to, actor=request.actor)
    return redirect("workflows:opd")
