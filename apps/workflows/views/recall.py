"""Who should come again: today, this week, overdue."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.workflows import queries

WHEN = ("today", "week", "overdue")


@require_GET
@reads(Permission.DUE_LIST)
def due(request: Request) -> HttpResponse:
    """The list with its filters; who came stands last. 2 queries."""
    when = request.GET.get("when", "today")
    when = when if when in WHEN else "today"
    department = request.GET.get("department", "")[:20]
    condition = request.GET.get("condition", "").strip()[:60]
    context = {
        "rows": visits.recall(when, department=department, condition=condition),
        "when": when,
        "department": department,
        "condition": condition,
        "departments": [d for d in queries.config_here().departments if d.active],
        "phone": request.actor.sees(Permission.PATIENT_PHONE_FULL),
    }
    return page(request, "workflows/due.html", "rows", context)


@require_POST
@reads(Permission.DUE_LIST)
def note(request: Request, encounter_id: UUID) -> HttpResponse:
    """Told, not reached, or no reminders."""
    encounters.note_recall(encounter_id, said=request.POST.get("said", ""), actor=request.actor)
    back = request.POST.get("back", "today")
    response = redirect("workflows:due")
    response["Location"] += f"?when={back if back in WHEN else 'today'}"
    return response
