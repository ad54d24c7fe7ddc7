"""The training place of a hospital: made, opened by staff, made anew."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.core.errors import Refused, Unseen
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import actions, queries
from apps.facilities.actions.training import stamp


@require_http_methods(["GET", "POST"])
@reads(Permission.TICKET)
def training(request: Request) -> HttpResponse:
    """On the hospital's own host, for all its staff; in the training place the way back."""
    home = queries.facility(request.facility.trains_for or request.facility.pk)
    return _training(request, home, {})


@require_http_methods(["GET", "POST"])
@reads(Permission.FACILITY_CONFIG)
def training_of(request: Request, code: str) -> HttpResponse:
    """On the State host, for the district."""
    entry, facility = queries.entry(code), queries.facility_of(code)
    if entry is None or facility is None:
        raise Http404
    if not queries.reaches(request.actor, entry):
        raise Unseen(Permission.FACILITY_CONFIG)
    return _training(request, facility, {"entry": entry})


def _training(request: Request, home: Any, context: dict[str, Any]) -> HttpResponse:
    refused = ""
    if request.method == "POST":
        wish = request.POST.get("do", "")
        if wish == "open":
            actions.open_training(home.pk, actor=request.actor)
            return redirect(request.path)
        if wish == "reset" and request.POST.get("sure"):
            made = request.POST.get("made", "")
            actions.reset_training(home.pk, made=made, actor=request.actor)
            return redirect(request.path)
        request.actor.require(Permission.FACILITY_CONFIG)
        refused = str(Refused("training.sure").sentence)
    place = queries.training_of(home.pk)
    context |= {
        "home": home,
        "place_of": place,
        "made": stamp(place) if place else "",
        "home_url": queries.address(home),
        "practice_url": queries.address(place) if place else "",
        "refused": refused,
    }
    status = 422 if refused else 200
    return page(request, "facilities/training.html", "card", context, status=status)
