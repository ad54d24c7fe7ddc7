"""Pages behind the board: fair comparison, minutes of doctors, who was reachable."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.monitoring import charts, queries, shown
from apps.monitoring.period import Period
from apps.monitoring.targets import FEW, WORDS

MONTHS_BACK = 12
BOARDS = (
    Permission.DASH_FACILITY, Permission.DASH_BLOCK, Permission.DASH_DISTRICT,
    Permission.DASH_STATE,
)  # fmt: skip


@never_cache
@require_GET
@reads(*BOARDS)
def fair(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """Hospitals beside their peers in a month that is over; `?m=2026-10`."""
    where = queries.ground(request.actor, kind, code)
    months = _months()
    month = next((m for m in months if f"{m:%Y-%m}" == request.GET.get("m")), months[0])
    found, left = queries.fair(where, month)
    context = {
        "ground": where, "inside": request.facility is not None, "month": month, "months": months,
        "rows": [(one, shown.apart(one)) for one in found],
        "left": [(one, shown.why_left(one.why)) for one in left], "target": WORDS,
    }  # fmt: skip
    return page(request, "monitoring/fair.html", "", context)


@never_cache
@require_GET
@reads(Permission.DASH_FACILITY)
def doctors(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """Minutes of consultations: by doctor inside a hospital, by hospital outside it."""
    where = queries.ground(request.actor, kind, code)
    inside = request.facility is not None
    days = {"7": 7, "30": 30}.get(request.GET.get("p", "30"), 30)
    until = timezone.localdate() - timedelta(days=1)  # a day is added up in the night after it
    period = Period(until - timedelta(days=days - 1), until, "own")
    find = queries.minutes_by_doctor if inside else queries.minutes_by_place
    rows = [
        {"one": one, "few": one.measured < FEW, "bars": charts.spread(one.minutes)}
        for one in find(where, period)
    ]
    context = {"ground": where, "inside": inside, "rows": rows, "period": period, "days": days,
               "target": WORDS}  # fmt: skip
    return page(request, "monitoring/doctors.html", "", context)


@never_cache
@require_GET
@reads(Permission.DASH_FACILITY, Permission.SUPPORT_DIAGNOSE)
def uptime(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """Which hospitals were reachable in their hours, by day; one hospital's screens."""
    where = queries.ground(request.actor, kind, code)
    found, late = queries.uptime(where, days=7)
    context: dict[str, Any] = {
        "ground": where, "inside": request.facility is not None, "late": late, "target": WORDS,
        "days": [day.day for day in found[0].days] if found else [], "rows": found,
    }  # fmt: skip
    if where.kind == "hospital":
        context["screens"] = queries.screens(UUID(where.code))
    return page(request, "monitoring/uptime.html", "", context)


def _months() -> list[date]:
    """The last twelve months that are over, the newest first."""
    found, month = [], timezone.localdate().replace(day=1)
    for _ in range(MONTHS_BACK):
        month = (month - timedelta(days=1)).replace(day=1)
        found.append(month)
    return found
