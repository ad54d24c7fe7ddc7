"""The cards beside a patient, and the State's page where their rules are written."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.actor import Permission
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.encounters import queries as visits
from apps.encounters.vital_signs import typed
from apps.terminology import queries as terminology
from apps.workflows.actions import may_open
from apps.workflows.prompts import actions, growth, queries, rule_forms, trend


@never_cache
@require_POST
@reads(Permission.VITALS_WRITE)
def look(request: Request, number: str) -> HttpResponse:
    """The nursing sheet as it stands, not saved: early warning, pregnancy, cards. Posted, so that
    no number of a patient stands in an address."""
    visit = _visit(request, number)
    return _cards(request, visit, _sheet(request, visit), **_unsaved(request))


def _unsaved(request: Request) -> dict[str, Any]:
    """What stands on the sheet and is not saved: numbers, pregnancy, danger signs."""
    told = request.POST
    return {
        "over": typed(told.dict()),
        "pregnant": {"yes": True, "no": False}.get(told.get("pregnant", "")),
        "flags": queries.typed_flags(told),
    }


def _sheet(request: Request, visit: Any) -> dict[str, Any]:
    unsaved = _unsaved(request)
    weight = unsaved["over"].get("WT")
    return {
        "jump": visits.weight_jump(visit, weight) if weight else {},
        "carried": _pregnancy(request.POST.get("lmp", ""), unsaved["pregnant"]),
        "at": "vitals",
    }


@never_cache
@require_GET
@reads(Permission.VITALS_WRITE)
def cards(request: Request, number: str) -> HttpResponse:
    """What was saved: early warning with its reasons and the cards."""
    visit = _visit(request, number)
    return _cards(request, visit, {"carried": visits.carried(visit) if visit.pregnant else {}})


@require_POST
@reads(Permission.VITALS_WRITE)
def mark(request: Request, number: str, card: str) -> HttpResponse:
    """One press on a card: an answer, the timer, away with it, or back again."""
    visit = _visit(request, number)
    does = request.POST.get("do", "mark")
    problem = None
    try:
        DOES.get(does, _mark)(visit.pk, card, request)
    except Refused as no:
        if no.code not in ("prompt.time",):
            raise
        problem = {"card": card, "sentence": no.sentence}
    if not request.htmx:
        at = request.POST.get("at")
        where = "encounters:vitals" if at == "vitals" else "workflows:consult"
        return redirect(where, number)
    visit = _visit(request, number)
    nursing = request.POST.get("at") == "vitals"  # the card came from a sheet being typed
    context = _sheet(request, visit) if nursing else {}
    unsaved = _unsaved(request) if nursing else {}
    status = 422 if problem else 200
    return _cards(request, visit, {**context, "problem": problem}, status=status, **unsaved)


def _mark(visit_id: UUID, card: str, request: Request) -> None:
    actions.mark(visit_id, card=card, told=request.POST, actor=request.actor)


DOES: dict[str, Any] = {
    "mark": _mark,
    "start": lambda pk, card, r: actions.start_timer(pk, card=card, actor=r.actor),
    "stop": lambda pk, card, r: actions.stop_timer(pk, card=card, actor=r.actor),
    "dismiss": lambda pk, card, r: actions.dismiss(pk, card=card, actor=r.actor),
    "again": lambda pk, card, r: actions.dismiss(pk, card=card, again=True, actor=r.actor),
}


@never_cache
@require_GET
@reads(Permission.VITALS_WRITE)
def curves(request: Request, number: str) -> HttpResponse:
    """The last blood pressures, and a child's growth, as small drawings with a table. 4 queries."""
    visit = _visit(request, number)
    context = {
        "visit": visits.visit_brief(visit),
        "bp": trend.pressure(visits.pressures(visit.patient_id)),
        "growth": growth.charts(visit.patient, visits.growth(visit.patient_id)),
    }
    return page(request, "prompts/curves.html", "curves", context)


@never_cache
@require_GET
@reads(Permission.DUE_LIST)
def overdue(request: Request) -> HttpResponse:
    """People with high blood pressure or diabetes whose day has passed."""
    return page(request, "prompts/overdue.html", context={"lists": queries.overdue_lists()})


@never_cache
@require_GET
@reads(Permission.RULE_EDIT)
def rule_list(request: Request) -> HttpResponse:
    """All rules with their state, on the State's host."""
    return page(request, "prompts/rules.html", context={"rules": queries.rules_now().values()})


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.RULE_EDIT)
def rule(request: Request, code: str) -> HttpResponse:
    """One rule: its words, its conditions, on or off, and what it was before."""
    now = queries.rules_now().get(code)
    if now is None:
        raise Http404
    form = rule_forms.filled(now, id=uuid7())
    problem = ""
    if request.method == "POST":
        form = rule_forms.typed(request.POST, now)
        try:
            body = rule_forms.body(form, now)
            actions.change_rule(code, **rule_forms.told(form, body), actor=request.actor)
        except Refused as no:
            problem = no.sentence
        else:
            messages.success(request, _("Saved. Every hospital sees it with the next patient."))
            return redirect("rules:rule", code)
    context = {
        "rule": now,
        "form": form,
        "problem": problem,
        "versions": terminology.versions("rule", code),
        "built_in": json.dumps(queries.BUILT_IN.get(code, {}), ensure_ascii=False, indent=1),
    }
    return page(request, "prompts/rule.html", context=context, status=422 if problem else 200)


def _visit(request: Request, number: str) -> Any:
    """An open visit of this hospital, for whoever works at its desks; a closed one is a record."""
    visit = visits.by_number(number)
    if visit is None or visit.number != number:
        raise Http404
    if visit.status == visit.Status.FINISHED:
        may_open(visit, request.actor)
    return visit


def _cards(
    request: Request, visit: Any, context: dict[str, Any], *, status: int = 200, **unsaved: Any
) -> HttpResponse:
    known = queries.facts(visit, **unsaved)
    shown, away = queries.cards(visit, known)
    context |= {
        "visit": visits.visit_brief(visit),
        "warning": visits.warning(visit, **unsaved),
        "cards": shown,
        "away": away,
        "asked": visits.asked_words(visit),
    }
    context["why"] = visits.why(context["warning"])
    return page(request, "prompts/cards.html", "cards", context, status=status)


def _pregnancy(text: str, pregnant: bool | None) -> dict[str, Any]:
    """Weeks and expected day of a typed last period, or the sentence that mends it."""
    if not text.strip() or pregnant is False:
        return {}
    try:
        return visits.pregnancy_of(text)
    except Refused as no:
        return {"problem": no.sentence}
