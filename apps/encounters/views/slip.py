"""The slip on paper."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions, queries
from apps.encounters.slip import qr, short_address

PAPERS = ("80", "a5")


def expected(visit: Any) -> dict[str, Any] | None:
    """When the doctor may call, for a slip of today that waits; else nothing."""
    waits = visit.token.station in ("vitals", "doctor") and visit.token.status == "waiting"
    if not waits or not visit.token.is_of_now:
        return None
    return queries.expected_at_the_doctor(visit)


@never_cache
@require_GET
@reads(Permission.TOKEN_ISSUE, Permission.DOC_PRINT)
def slip_print(request: Request, number: str) -> HttpResponse:
    """80 mm thermal roll (72 mm of print) or A5. Opening it counts as one print."""
    visit = queries.by_number(number)
    paper = request.GET.get("paper", "80")
    if visit is None or paper not in PAPERS:
        raise Http404
    actions.record_slip_printed(visit.pk, paper=paper, actor=request.actor)
    context = {
        "visit": queries.visit_brief(visit),
        "paper": paper,
        "expected": expected(visit),
        "qr": qr(short_address(request.facility.slug, visit.code)),
        "printed_at": timezone.localtime(),
        "print_now": "stay" not in request.GET,
    }
    return page(request, "encounters/slip.html", context=context)
