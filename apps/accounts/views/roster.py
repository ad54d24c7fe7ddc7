"""The week's roster of a hospital, its leaves, and the signature of somebody on leave."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import actions, queries, roster
from apps.accounts.actions.roster import SIGNING
from apps.accounts.forms.roster import LeaveForm, MustSignForm, TurnForm
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.facilities import queries as facilities

EDIT = Permission.ROSTER_EDIT


def _monday(request: Request) -> date:
    """The week of `?week=`; a date that is none means this week."""
    text = request.POST.get("week") or request.GET.get("week", "")
    try:
        return roster.monday_of(date.fromisoformat(text))
    except ValueError:
        return roster.monday_of(queries.today())


@require_GET
@reads(EDIT)
def week(request: Request) -> HttpResponse:
    return _page(request)


def _page(request: Request, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The week, and both forms; one that was refused comes back in it. 5 queries."""
    monday = _monday(request)
    shown = roster.week(request.facility.pk, monday)
    people = [line.user for line in shown.lines]
    config = facilities.config(request.facility)
    start = _start(request, monday)
    context = {
        "week": shown,
        "today": queries.today(),
        "sessions": {s.code: s for s in config.sessions},
        "turn": TurnForm(people=people, config=config, initial=start),
        "leave": LeaveForm(people=people, initial={"user": start["user"], "first": start["first"]}),
        **{name: make(people, config) for name, make in forms.items()},
    }
    return page(request, "accounts/roster.html", context=context, status=status)


def _start(request: Request, monday: date) -> dict[str, Any]:
    """A pressed cell fills in who and when."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = max(monday, queries.today())
    return {"user": request.GET.get("who", ""), "first": day, "last": day}


def _here(request: Request) -> str:
    return f"{reverse('accounts:roster')}?week={_monday(request).isoformat()}"


@require_POST
@reads(EDIT)
def turn(request: Request) -> HttpResponse:
    """One person's turns of some days."""

    def made(people: Any, config: Any) -> TurnForm:
        return TurnForm(request.POST, people=people, config=config)

    people = [line.user for line in roster.week(request.facility.pk, _monday(request)).lines]
    form = made(people, facilities.config(request.facility))
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.set_roster(
                UUID(told["user"]), **form.days(), shift=told["shift"], room=told["room"],
                actor=request.actor,
            )  # fmt: skip
        except Refused as no:
            form.add_error(None, no.sentence)
        else:
            messages.success(request, _("The roster is saved."), "ok")
            return redirect(_here(request))
    return _page(request, status=422, turn=lambda *_: form)


@require_POST
@reads(EDIT)
def copy(request: Request) -> HttpResponse:
    n = actions.copy_week(_monday(request), actor=request.actor)
    said = ngettext("%(n)s turn was copied.", "%(n)s turns were copied.", n) % {"n": n}
    none = _("Nothing to copy: last week has no roster, or these days are filled already.")
    messages.success(request, said if n else none, "ok")
    return redirect(_here(request))


@require_POST
@reads(EDIT)
def leave(request: Request) -> HttpResponse:
    people = [line.user for line in roster.week(request.facility.pk, _monday(request)).lines]
    form = LeaveForm(request.POST, people=people)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.grant_leave(
                UUID(told["user"]), id=told["id"], **form.days(), kind=told["kind"],
                actor=request.actor,
            )  # fmt: skip
        except Refused as no:
            form.add_error(None, no.sentence)
        else:
            messages.success(request, _("The leave is saved."), "ok")
            return redirect(_here(request))
    return _page(request, status=422, leave=lambda *_: form)


@require_POST
@reads(EDIT)
def leave_end(request: Request, leave_id: UUID) -> HttpResponse:
    actions.end_leave(leave_id, actor=request.actor)
    messages.success(request, _("The leave has ended."), "ok")
    return redirect(_here(request))


@require_http_methods(["GET", "POST"])
@reads(*SIGNING)
def must_sign(request: Request) -> HttpResponse:
    """On leave, and a patient cannot wait: a reason opens the signature for today."""
    form = MustSignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.work_on_leave(reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, _("You can sign today. The in-charge sees the reason."), "ok")
        return redirect(_back(request))
    kept = roster.leave_today(request.user.pk, request.facility.pk)
    context = {"form": form, "leave": kept, "next": _back(request)}
    status = 422 if request.method == "POST" else 200
    return page(request, "accounts/must_sign.html", context=context, status=status)


def _back(request: Request) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    mine = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if mine and asked.startswith("/") else reverse("home")
