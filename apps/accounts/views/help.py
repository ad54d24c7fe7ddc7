"""Help from any page, and the help desk's list."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts import roster, sessions
from apps.accounts.forms.help import AnswerForm, HelpForm
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import actions as facilities
from apps.facilities import queries as places
from apps.facilities import tickets

TICKET = Permission.TICKET


def _pattern(request: Request) -> str:
    """The pattern of the page somebody came from: `opd/<str:number>/`, never the number itself."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return ""
    try:
        return resolve(came.path).route or "/"
    except Resolver404:
        return ""


@require_http_methods(["GET", "POST"])
@reads(TICKET)
def ask(request: Request) -> HttpResponse:
    """The number to call, a form, and what became of one's own tickets. 3 queries."""
    form = HelpForm(request.POST or None, initial={"page": _pattern(request)})
    if request.method == "POST" and form.is_valid():
        try:
            facilities.ask_help(
                **form.cleaned_data,
                browser=sessions.browser_name(request.headers.get("User-Agent", "")),
                actor=request.actor,
            )
        except Refused as no:
            form.add_error("text", no.sentence)
        else:
            said = _("The help desk has your ticket. The answer will stand on this page.")
            messages.success(request, said, "ok")
            return redirect("accounts:help")
    line = places.config(request.facility).help_line if request.facility else "104"
    context = {"form": form, "line": line, "rows": tickets.own(request.user.pk)}
    status = 422 if form.errors else 200
    return page(request, "accounts/help.html", context=context, status=status)


@require_GET
@reads(*tickets.SOLVE)
def ticket_list(request: Request) -> HttpResponse:
    """Tickets of the office's places, by status. 4 queries."""
    status = request.GET.get("status", "open")
    rows = tickets.listing(request.actor, status=status)
    context = {"rows": _named(rows), "status": status}
    return page(request, "accounts/tickets.html", context=context)


@require_http_methods(["GET", "POST"])
@reads(*tickets.SOLVE)
def ticket(request: Request, ticket_id: UUID) -> HttpResponse:
    """One ticket with what the machinery looked like, and the answer."""
    tickets.require_solver(request.actor)
    found = tickets.ticket_of(ticket_id, actor=request.actor)
    form = AnswerForm(request.POST or None, initial={"text": found.answer})
    if request.method == "POST" and form.is_valid():
        try:
            facilities.answer(found.pk, **form.cleaned_data, actor=request.actor)
        except Refused as no:
            form.add_error("text", no.sentence)
        else:
            messages.success(request, _("The answer is saved."), "ok")
            return redirect("accounts:tickets")
    context = {"row": _named([found])[0], "form": form}
    return page(
        request, "accounts/ticket.html", context=context, status=422 if form.errors else 200
    )


def _named(rows: list[Any]) -> list[dict[str, Any]]:
    """Tickets with the names of their hospital and of the person to call back. 2 queries."""
    people = roster.callable_people({row.user_id for row in rows})
    homes = places.by_ids([row.facility_id for row in rows if row.facility_id])
    return [
        {"ticket": row, "person": people.get(row.user_id), "place": homes.get(row.facility_id)}
        for row in rows
    ]
