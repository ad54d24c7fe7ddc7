"""The queue manager's pages: all rooms at this minute, one room's line, sharing a line out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.actor import Level
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.encounters import actions, pulse, queries

WHOLE = (Level.DO, Level.APPROVE)
BEST = 2  # rooms that are ticked beforehand when a line is shared out


def _may_share(request: Request) -> bool:
    return request.actor.level(Permission.TOKEN_MOVE) in WHOLE


@require_GET
@reads(Permission.TOKEN_MOVE)
def rooms(request: Request) -> HttpResponse:
    """All rooms, polled; 304 while nothing changed within the minute."""
    mark = pulse.mark(request.facility.pk)
    tag = pulse.etag("rooms", mark, request.LANGUAGE_CODE, request.user.pk, int(bool(request.htmx)))
    if mark and (same := pulse.not_modified(request, tag, page=True)):
        return same
    rows = queries.rooms_now()
    context = {
        "rows": [row for row in rows if row["works"] or row["bound"]],
        "idle": [row for row in rows if not (row["works"] or row["bound"])],
        "may_share": _may_share(request),
        "minutes": queries.station_minutes(),
    }
    response = page(request, "encounters/rooms.html", "rows", context)
    if mark:
        response["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _room(code: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    rows = queries.rooms_now()
    row = next((row for row in rows if row["code"] == code), None)
    if row is None:
        raise Http404
    return row, [other for other in rows if other["code"] != code]


@never_cache
@require_GET
@reads(Permission.TOKEN_MOVE)
def line(request: Request, room: str) -> HttpResponse:
    """One room's line, patient by patient."""
    row, others = _room(room)
    context = {
        "room": row,
        "others": others,
        "rows": queries.queue("doctor", queue=row["department"], room=room),
        "may_share": _may_share(request),
        "holds": actions.HOLDS,
    }
    return page(request, "encounters/line.html", context=context)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.TOKEN_MOVE)
def share(request: Request, room: str) -> HttpResponse:
    """First tap: which rooms, the emptiest that work are ticked. Second tap: it is done."""
    row, others = _room(room)
    chosen = request.POST.getlist("to")
    context: dict[str, Any] = {"room": row, "others": others, "may_share": _may_share(request)}
    if request.method == "POST":
        try:
            moved = actions.spread(
                room, to=chosen, anyway="anyway" in request.POST, actor=request.actor
            )
        except Refused as no:
            context |= {"refused": no, "chosen": chosen}
            return page(request, "encounters/share.html", context=context, status=422)
        said = ngettext("%(n)s patient moved.", "%(n)s patients moved.", len(moved))
        messages.success(request, said % {"n": len(moved)})
        return redirect("encounters:rooms")
    at_work = sorted((o for o in others if o["works"]), key=lambda o: o["expected"])
    targets = {other["code"]: other["department"] for other in at_work[:BEST]}
    context["chosen"] = list(targets)
    if targets and row["waiting"]:
        context["worst"] = queries.plan_of(row["department"], room, targets).worst
    return page(request, "encounters/share.html", context=context)


@require_POST
@reads(Permission.TOKEN_CALL, Permission.TOKEN_MOVE)
def token(request: Request, token_id: UUID) -> HttpResponse:
    """One press on one patient: `what` is move (with `room`), hold (with `minutes`), skip, back."""
    what = request.POST.get("what", "")
    if what == "move":
        actions.move(token_id, room=request.POST.get("room", ""), actor=request.actor)
    elif what == "hold":
        minutes = request.POST.get("minutes", "30")
        actions.hold(
            token_id, minutes=int(minutes) if minutes.isdecimal() else -1, actor=request.actor
        )
    elif what == "skip":
        actions.skip(token_id, actor=request.actor)
    else:
        actions.bring_back(token_id, actor=request.actor)
    messages.success(request, _("Done. The list is in the new order."))
    if room := request.POST.get("line"):
        return redirect("encounters:line", room)
    return redirect("workflows:opd" if "opd" in request.POST else "encounters:rooms")
