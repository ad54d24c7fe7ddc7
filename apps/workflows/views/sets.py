"""The page of treatment sets: look, make from the consultation, change, switch off."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.actor import Level
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.encounters import queries as visits
from apps.workflows import actions, forms, queries, sets
from apps.workflows.draft import opened
from apps.workflows.views.room import held


@require_GET
@reads(Permission.CONSULT_SIGN, Permission.FACILITY_CONFIG)
@held
def listed(request: Request) -> HttpResponse:
    """Every set with its level: which counts here, which another one hides, which is off. 4 SQL
    beyond the log-in."""
    wanted = request.GET.get("q", "")[:60]
    rows = queries.sets_page(
        facility_id=request.actor.facility_id, user_id=request.actor.user_id, text=wanted
    )
    rows = [{**row, "new_id": uuid7()} for row in rows]
    context = {"rows": rows, "q": wanted, "levels": _levels(request)}
    return page(request, "workflows/sets.html", context=context)


@require_http_methods(["GET", "POST"])
@reads(Permission.CONSULT_SIGN, Permission.FACILITY_CONFIG)
@held
def edit(request: Request, level: str = "", code: str = "") -> HttpResponse:
    """One set as a form. `?from=<slip>`: made of what is written in that consultation. Another
    level's set is copied: it is saved for whom the form says."""
    found = _found(request, level, code)
    if request.method == "GET":
        form = forms.SetForm(found.body if found else _from_visit(request))
        return _shown(request, form, found)
    form = forms.SetForm.posted(request.POST)
    if "save" not in request.POST:  # a row was added or taken out: the form again, nothing kept
        return _shown(request, form, found)
    after = found.version if found and found.level == form.level else None
    try:
        actions.save_set(
            code, id=form.id or uuid7(), level=form.level, body=form.body(), after=after,
            actor=request.actor,
        )  # fmt: skip
    except Refused as no:
        form.error = no.sentence
        return _shown(request, form, found, status=422)
    return HttpResponseRedirect(reverse("workflows:sets"))


@require_POST
@reads(Permission.CONSULT_SIGN, Permission.FACILITY_CONFIG)
@held
def switch(request: Request, level: str, code: str) -> HttpResponse:
    """Off, or on again."""
    form = forms.SwitchForm(request.POST)
    if not form.is_valid():
        raise Refused("set.gone")
    told = form.cleaned_data
    actions.switch_set(
        code, id=told["id"], level=level, active=told["on"], after=told["after"],
        actor=request.actor,
    )  # fmt: skip
    return HttpResponseRedirect(reverse("workflows:sets"))


def _found(request: Request, level: str, code: str) -> sets.TreatmentSet | None:
    if not code:
        return None
    everything = sets.all_sets(facility_id=request.actor.facility_id, user_id=request.actor.user_id)
    for found in everything:
        if (found.level, found.code) == (level, code):
            return found
    raise Http404


def _from_visit(request: Request) -> dict[str, Any]:
    number = request.GET.get("from", "")
    visit = visits.by_number(number) if number else None
    if visit is None or visit.number != number:
        return {}
    actions.may_open(visit, request.actor)
    return sets.body_of(opened(visit.draft))


def _levels(request: Request) -> list[tuple[str, str]]:
    """For whom this person may make sets. The house's: superintendent or MOIC (see README)."""
    levels = []
    if request.actor.may(Permission.CONSULT_SIGN):
        levels.append((sets.OWN, _("For me")))
    if request.actor.level(Permission.FACILITY_CONFIG) is Level.APPROVE:
        levels.append((sets.HOSPITAL, _("For the whole hospital")))
    return levels


def _shown(
    request: Request, form: forms.SetForm, found: sets.TreatmentSet | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "set": found,
        "levels": _levels(request),
        "rows": queries.set_rows(form.body()),
        "lists": queries.set_lists(),
        "id": form.id or uuid7(),
    }
    return page(request, "workflows/set.html", context=context, status=status)
