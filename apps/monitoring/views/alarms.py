"""Alarms of a place: who has them in hand, whom to ring, what was."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import contacts
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.monitoring import actions, queries, said
from apps.monitoring.queries import Ground
from apps.monitoring.targets import WORDS

DAYS = {"1": 1, "7": 7, "30": 30}


@never_cache
@require_GET
@reads(Permission.DASH_FACILITY)
def alarms(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """The own hospital's or office's alarms, or those of a place below; `?wall=1` for a wall."""
    return _page(request, queries.ground(request.actor, kind, code))


@require_POST
@reads(Permission.DASH_FACILITY)
def acknowledge(request: Request, alarm_id: UUID) -> HttpResponse:
    """Somebody takes an alarm in hand, with a note; back to the list it came from."""
    kind, _sep, code = request.POST.get("back", "").partition(":")
    where = queries.ground(request.actor, kind, code)
    note = request.POST.get("note", "")
    try:
        actions.acknowledge(alarm_id, note=note, actor=request.actor)
    except Refused as no:
        return _page(request, where, wrong={"id": alarm_id, "why": no.sentence, "note": note})
    messages.success(request, _("Noted: you have this alarm in hand."))
    return _back(where)


def _back(where: Ground) -> HttpResponse:
    if where.kind in ("district", "block"):
        return redirect("monitoring:place_alarms", where.kind, where.code)
    return redirect("monitoring:alarms")


def _page(request: Request, where: Ground, wrong: dict[str, Any] | None = None) -> HttpResponse:
    days = DAYS.get(request.GET.get("d", "1"), 1)
    board = queries.alarm_board(where, actor=request.actor, days=days)
    context = {
        "ground": where,
        "inside": request.facility is not None,
        "now": timezone.now(),
        "days": days,
        "wall": "wall" in request.GET,
        "standing": [(one, said.alarm(one)) for one in board.standing],
        "calls": [
            (call, [said.alarm(one) for one in call.alarms], call.people) for call in board.calls
        ],
        "past": [(one, said.alarm(one)) for one in board.past],
        "more": board.more,
        "rings": contacts.may_ring(request.actor),
        "wrong": wrong,
        "target": WORDS,
    }
    status = 422 if wrong else 200
    return page(request, "monitoring/alarms.html", "now", context, status=status)
