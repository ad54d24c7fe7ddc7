"""Records of other hospitals: asked for with the patient's leave, read while it lasts."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.abdm import actions, received
from apps.abdm.asking import PURPOSES
from apps.abdm.codes import PURPOSES as PURPOSE_WORDS
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.gateway import queries as mail

YEARS = 5
KEPT = "7"  # days, when the doctor says nothing


@never_cache
@require_GET
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def others(request: Request, patient_id: UUID) -> HttpResponse:
    """What was asked and what came; the panel alone for a page that holds it. 6 queries and those
    of the chart's door."""
    chart = encounters.open_chart(patient_id, actor=request.actor)
    return page(request, "abdm/others.html", "panel", _context(request, chart))


@never_cache
@require_POST
@reads(Permission.CONSULT_SIGN)
def ask_others(request: Request, patient_id: UUID) -> HttpResponse:
    """Ask the patient, in the ABHA app. The same form sent twice asks once."""
    chart = encounters.open_chart(patient_id, actor=request.actor)
    told = request.POST
    try:
        actions.ask_others(
            patient_id,
            id=_id(told.get("id", "")),
            purpose=told.get("purpose", ""),
            kinds=told.getlist("kinds"),
            first=_day(told.get("first", "")),
            last=_day(told.get("last", "")),
            keep=told.get("keep", ""),
            actor=request.actor,
        )
    except Refused as no:
        context = _context(request, chart) | {"fault": no.sentence}
        return page(request, "abdm/others.html", context=context, status=422)
    return redirect("abdm:others", patient_id)


@never_cache
@require_GET
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def other_record(request: Request, patient_id: UUID, record_id: UUID) -> HttpResponse:
    """One record, as plain lines. 3 queries and those of the chart's door."""
    chart = encounters.open_chart(patient_id, actor=request.actor)
    found = actions.look_at_record(patient_id, record_id, actor=request.actor)
    if found is None:
        raise Http404
    head = found.document.head()
    context = {
        "patient": chart.patient,
        "record": found,
        "told": received.whose(found.document.patient),
        "head": head,
        "title": received.title_of(found.document.kind, head["title"]),
        "kind": received.KINDS.get(found.document.kind, ""),
        "written": found.document.written_at,
        "paper": found.page,
    }
    return page(request, "abdm/record.html", context=context)


@never_cache
@require_GET
@reads(Permission.HISTORY_VIEW, Permission.BREAKGLASS_USE)
def other_file(request: Request, patient_id: UUID, record_id: UUID, n: int) -> HttpResponse:
    """A file of it, to be saved: never opened inside our own pages, its kind told by its bytes."""
    encounters.open_chart(patient_id, actor=request.actor)
    found = actions.look_at_record(patient_id, record_id, actor=request.actor, file=n)
    file = found.file(n) if found else None
    if file is None:
        raise Http404
    data, kind, ending = file
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="record-{n + 1}.{ending}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _context(request: Request, chart: Any) -> dict[str, Any]:
    """What the panel shows, and the form as it was sent or as it begins."""
    today, told = timezone.localdate(), request.POST
    chosen = told.getlist("kinds") if told else list(received.KINDS)
    facility = request.facility
    return {
        "patient": chart.patient,
        "visit": visits.visit_brief(chart.visit) if chart.visit else None,
        "asked": received.asked(chart.patient["id"]),
        "may_ask": request.actor.may(Permission.CONSULT_SIGN),
        "off": not mail.is_on() or mail.service_of(facility.pk) is None,
        "form": {
            "id": told.get("id") or uuid7(),
            "purpose": told.get("purpose", "CAREMGT"),
            "first": told.get("first") or (today - timedelta(days=365 * YEARS)).isoformat(),
            "last": told.get("last") or today.isoformat(),
            "keep": told.get("keep", KEPT),
            "today": today.isoformat(),
        },
        "kinds": [(code, name, code in chosen) for code, name in received.KINDS.items()],
        "purposes": [(code, PURPOSE_WORDS[code]) for code in PURPOSES],
    }


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid7()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
