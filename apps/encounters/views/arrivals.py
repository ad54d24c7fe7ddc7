"""People who told who they are before the window: their page at the gate, the window's list."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.guards import open_to_all, reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import actions, queries
from apps.encounters.forms import ArrivalForm
from apps.encounters.views import starts
from apps.encounters.views.registration import PAGE, desk_context
from apps.encounters.views.unchanged import unchanged
from apps.facilities import queries as facilities
from apps.persons import actions as persons
from apps.persons import queries as person_queries

HERSELF = Actor.of_system("self-registration", Permission.PATIENT_REGISTER)


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def here(request: Request) -> HttpResponse:
    """Who are you, where do you want to go? No log-in, nothing clinical, and nothing is told back:
    the answer is a number that says no name and not whether we know the mobile.
    """
    source = request.GET.get("from", "gate")
    form = ArrivalForm(request.POST or None, initial={"arrival_id": uuid7(), "source": source})
    status, fault = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                arrival = _arrive(request, form)
            except Refused as refused:
                fault, status = refused.sentence, 429
            else:
                kiosk = "&kiosk" if arrival.source == "kiosk" else ""
                return redirect(f"{starts.GATE_PATH}done?n={arrival.number}{kiosk}")
    config = facilities.config(request.facility)
    context = {
        "form": form,
        "fault": fault,
        "departments": [row for row in config.departments if row.active],
        "days": [(n, timezone.localdate() + timedelta(days=n)) for n in range(4)],
        "source": form["source"].value() or "gate",
    }
    return _public(request, "encounters/here.html", context, status=status)


def _arrive(request: Request, form: ArrivalForm) -> Any:
    told = form.cleaned_data
    open_ = {row.code for row in facilities.config(request.facility).departments if row.active}
    day = timezone.localdate() + timedelta(days=told["day"] or 0)
    return persons.arrive(
        form.profile,
        id=told["arrival_id"],
        source="home" if told["day"] else told["source"] or "gate",
        department=told["department"] if told["department"] in open_ else "",
        day=day,
        origin=request.META["REMOTE_ADDR"],
        actor=HERSELF,
    )


@never_cache
@require_GET
@open_to_all
def done(request: Request) -> HttpResponse:
    """The number on the list. A kiosk goes back to the empty form by itself."""
    number = request.GET.get("n", "")
    if not (number.isdecimal() and len(number) <= 4):
        raise Http404
    context = {"number": int(number), "kiosk": "kiosk" in request.GET, "gate": starts.GATE_PATH}
    return _public(request, "encounters/here_done.html", context)


def _public(
    request: Request, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


@require_GET
@reads(Permission.TOKEN_ISSUE)
def poster(request: Request) -> HttpResponse:
    """The gate's QR on A4, to print and to hang up."""
    context = {"gate": facilities.address(request.facility, starts.GATE_PATH)}
    return page(request, "encounters/poster.html", context=context)


@never_cache
@require_GET
@reads(Permission.TOKEN_ISSUE)
def arrivals(request: Request) -> HttpResponse:
    """Who is on the way today, first come first; asked again every some seconds. 1 query."""
    context = {"arrivals": person_queries.arrivals()}
    return unchanged(request, page(request, "encounters/arrivals.html", "rows", context))


@require_POST
@reads(Permission.TOKEN_ISSUE)
def receive(request: Request, arrival_id: UUID) -> HttpResponse:
    """The token of one of them. When two may be meant the page asks who it is."""
    chosen = request.POST.get("patient", "")
    try:
        visit = actions.receive_arrival(
            arrival_id,
            patient_id=UUID(chosen) if len(chosen) == 36 else None,
            as_new=chosen == "new",
            actor=request.actor,
        )
    except Refused as refused:
        if refused.code in ("arrival.unsure", "visit.already_open"):
            return _ask_who(request, arrival_id, refused)
        if refused.code == "arrival.gone":
            messages.warning(request, refused.sentence)
            return redirect("encounters:registration")
        if refused.code.startswith(("age.", "patient.")):  # something is missing: the form asks
            messages.warning(request, refused.sentence)
            return redirect(f"{_window()}?arrival={arrival_id}")
        raise
    return redirect(f"{_window()}?slip={visit.number}")


def _ask_who(request: Request, arrival_id: UUID, refused: Refused) -> HttpResponse:
    waiting = person_queries.arrival(arrival_id)
    if waiting is None:
        raise Http404
    context = {
        **desk_context(request),
        "tab": "who",
        "waiting": waiting,
        "refused": refused,
        "rows": [
            {**row, "last": queries.past_visits(row["id"], 1)}
            for row in actions.candidates(waiting)[:5]
        ],
    }
    return page(request, PAGE, context=context, status=409)


@require_POST
@reads(Permission.TOKEN_ISSUE)
def dismiss(request: Request, arrival_id: UUID) -> HttpResponse:
    """Not there, or a joke: off the list, and what was told is forgotten."""
    persons.take_arrival(arrival_id, encounter_id=None, actor=request.actor)
    messages.success(request, _("Taken off the list."))
    return redirect("encounters:registration")


def _window() -> str:
    return redirect("encounters:registration").url
