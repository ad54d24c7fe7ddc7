"""The district store and the State on the State host: indents, stock-outs, who can spare."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.supply import actions, forms, queries
from apps.terminology import queries as terminology

VIEW = Permission.STOCK_VIEW


@require_GET
@reads(VIEW)
def indents(request: Request) -> HttpResponse:
    """Own district's indents (the State: those passed on to it) and the medicines that are out."""
    outs = queries.stock_outs(request.actor, limit=40)
    names = terminology.medications(row["code"] for row in outs)
    context = {
        "indents": list(queries.indents_for(request.actor)),
        "outs": [{**row, "drug": names.get(row["code"])} for row in outs],
    }
    return page(request, "supply/indents.html", context=context)


@require_GET
@reads(VIEW)
def indent(request: Request, indent_id: UUID) -> HttpResponse:
    row = queries.indent(indent_id, actor=request.actor)
    return page(request, "supply/indent.html", context={"indent": row, "typed": {}})


@require_POST
@reads(Permission.STOCK_MOVE)
def answer(request: Request, indent_id: UUID) -> HttpResponse:
    """Issue, pass on to the State, or refuse: the button says which."""
    row = queries.indent(indent_id, actor=request.actor)
    what = request.POST.get("what", "issue")
    try:
        if what == "forward":
            actions.forward(row.pk, actor=request.actor)
            messages.success(request, _("The State sees this indent now."))
        elif what == "refuse":
            reason = request.POST.get("reason", "")
            actions.refuse(row.pk, reason=reason, actor=request.actor)
            messages.success(request, _("Refused. The hospital sees the reason."))
        else:
            typed = forms.lots(request.POST, row.lines)
            actions.issue(row.pk, lots=typed, actor=request.actor)
            messages.success(request, _("Issued. The hospital sees it now."))
    except Refused as no:
        context = {"indent": row, "typed": request.POST, "error": no.sentence}
        return page(request, "supply/indent.html", context=context, status=422)
    return redirect("supply:indent", indent_id)


@require_GET
@reads(VIEW)
def level(request: Request) -> HttpResponse:
    """One medicine in all hospitals of the office's places, and who can spare some."""
    text = request.GET.get("q", "").strip()
    code = request.GET.get("code", "").strip().upper()[:12]
    hits = terminology.search_medications(text) if text else []
    context = {
        "q": text,
        "code": code,
        "drug": terminology.medications([code]).get(code),
        "hits": hits,
        "levels": list(queries.levels_of(request.actor, code=code)) if code else [],
        "surplus": queries.surplus(code, actor=request.actor) if code else [],
    }
    return page(request, "supply/level.html", context=context)
