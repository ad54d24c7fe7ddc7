"""Doubts: what looks untrue, the hospital's answer, the office's note. Never a punishment."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.core.actor import Scope
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.monitoring import actions, queries, said
from apps.monitoring.truth_rules import ANSWER_DAYS, RULES


@never_cache
@require_GET
@reads(Permission.TRUTH_FLAGS, masked=True)
def flags(request: Request, kind: str = "", code: str = "") -> HttpResponse:
    """The own hospital's or office's doubts; to a manager only how many of each kind."""
    return _page(request, kind, code)


@require_POST
@reads(Permission.TRUTH_FLAGS)
def answer(request: Request, flag_id: UUID) -> HttpResponse:
    """The hospital says how it was."""
    return _written(request, flag_id, actions.answer_flag)


@require_POST
@reads(Permission.TRUTH_FLAGS)
def note(request: Request, flag_id: UUID) -> HttpResponse:
    """The office above says what it makes of it."""
    return _written(request, flag_id, actions.note_flag)


def _written(request: Request, flag_id: UUID, verb: Callable[..., Any]) -> HttpResponse:
    words = request.POST.get("words", "")
    try:
        verb(flag_id, words=words, actor=request.actor)
    except Refused as no:
        return _page(request, wrong={"id": flag_id, "why": no.sentence, "words": words})
    messages.success(request, _("Saved. It can be read by the hospital and the offices above it."))
    return redirect("monitoring:flags")


def _page(
    request: Request, kind: str = "", code: str = "", wrong: dict[str, Any] | None = None
) -> HttpResponse:
    actor = request.actor
    where = queries.ground(actor, kind, code)
    context: dict[str, Any] = {
        "ground": where, "inside": request.facility is not None, "wrong": wrong,
        "answer_days": ANSWER_DAYS, "rules": RULES.values(),
    }  # fmt: skip
    if actor.sees(Permission.TRUTH_FLAGS):
        found, more = queries.questions(where, unanswered="open" in request.GET)
        context |= {
            "rows": [(one, said.doubt(one.row.rule, one.row.evidence, there=one.there))
                     for one in found],
            "more": more,
            "answers": actor.scope is Scope.FACILITY,
            "notes": actor.scope is not Scope.FACILITY and actor.sees(Permission.DASH_DISTRICT),
        }  # fmt: skip
    else:
        told = queries.flag_counts(where)
        context["counts"] = [(RULES[rule], n) for rule, n in sorted(told.items())]
    return page(request, "monitoring/flags.html", "", context, status=422 if wrong else 200)
