"""Indents of this hospital, and the statutory registers."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.documents import storage
from apps.pharmacy import actions, forms, items, queries
from apps.pharmacy.actions import registers
from apps.pharmacy.views.shelf import base
from apps.supply import actions as supply
from apps.supply import queries as indents

RAISE, APPROVE, PRINT = (
    Permission.INDENT_RAISE,
    Permission.INDENT_APPROVE,
    Permission.REGISTER_PRINT,
)


@require_GET
@reads(RAISE, APPROVE)
def indent_list(request: Request) -> HttpResponse:
    """What this hospital asked for, and the draft that made itself."""
    context = base(request) | {"rows": indents.indents_of(request.facility.pk)}
    return page(request, "pharmacy/indents.html", context=context)


@require_http_methods(["GET", "POST"])
@reads(RAISE)
def indent_new(request: Request) -> HttpResponse:
    """The draft: quantities suggested, edited where needed, sent by one press."""
    also = [code for code in request.GET.getlist("add") if code]
    found = queries.needs(also=also)
    needed = [need for need in found if need.suggested > 0 or need.item.code in also]
    error = ""
    if request.method == "POST":
        form_id = forms.as_uuid(request.POST.get("id", "")) or uuid7()
        lines = _lines(request.POST, {need.item.code: need for need in found})
        try:
            made = supply.raise_indent(id=form_id, lines=lines, actor=request.actor)
        except Refused as no:
            error = no.sentence
        else:
            messages.success(request, _("Sent. The in-charge approves it."))
            return redirect("pharmacy:indent", made.pk)
    text = request.GET.get("q", "").strip()
    context = base(request) | {
        "needs": needed,
        "enough": len(found) - len(needed),
        "form_id": request.POST.get("id") or uuid7(),
        "error": error,
        "typed": request.POST,
        "q": text,
        "hits": items.search(text) if text else [],
        "also": also,
    }
    return page(request, "pharmacy/indent_new.html", context=context, status=422 if error else 200)


def _lines(data: Any, needs: dict[str, Any]) -> list[dict[str, Any]]:
    codes = [name.removeprefix("asked-") for name in data if name.startswith("asked-")]
    known = items.items(codes)
    return [
        {
            "code": code,
            "name": known[code].name,
            "unit": known[code].unit,
            "suggested": f"{needs[code].suggested:f}" if code in needs else "0",
            "asked": data.get(f"asked-{code}", "").strip(),
        }
        for code in codes
        if code in known
    ]


@require_GET
@reads(RAISE, APPROVE)
def indent(request: Request, indent_id: UUID) -> HttpResponse:
    row = indents.indent(indent_id, actor=request.actor)
    return page(request, "pharmacy/indent.html", context=base(request) | {"indent": row})


@require_POST
@reads(RAISE, APPROVE)
def indent_answer(request: Request, indent_id: UUID) -> HttpResponse:
    """Approve, refuse or acknowledge: the button says which."""
    what = request.POST.get("what", "")
    asked = {
        name.removeprefix("asked-"): str(value)
        for name, value in request.POST.items()
        if name.startswith("asked-")
    }
    try:
        if what == "approve":
            supply.approve(indent_id, asked=asked, actor=request.actor)
            messages.success(request, _("Approved. The district store sees it now."))
        elif what == "refuse":
            reason = request.POST.get("reason", "")
            supply.refuse(indent_id, reason=reason, actor=request.actor)
            messages.success(request, _("Refused. The store keeper sees the reason."))
        else:
            actions.acknowledge_indent(indent_id, actor=request.actor)
            messages.success(request, _("Received. It lies in the main store now."))
    except Refused as no:
        row = indents.indent(indent_id, actor=request.actor)
        context = base(request) | {"indent": row, "error": no.sentence}
        return page(request, "pharmacy/indent.html", context=context, status=422)
    return redirect("pharmacy:indent", indent_id)


@never_cache
@require_http_methods(["GET", "POST"])
@reads(PRINT)
def register_list(request: Request) -> HttpResponse:
    """Choose a register and days: look at it here, or have the PDF made."""
    error, job = "", None
    data = request.POST or request.GET
    form = forms.RangeForm(data)
    try:
        first, last = form.days()
    except Refused as no:
        first, last = forms.RangeForm({}).days()
        error = no.sentence
    job_id = forms.as_uuid(request.GET.get("job", ""))
    if request.method == "POST" and not error:
        job_id = forms.as_uuid(request.POST.get("id", "")) or uuid7()
        try:
            job = actions.ask_register(
                request.POST.get("kind", ""),
                id=job_id,
                first=first,
                last=last,
                language=request.POST.get("language") or get_language() or "hi",
                actor=request.actor,
            )
        except Refused as no:
            error, job_id = no.sentence, None
    context = base(request) | {
        "first": first,
        "last": last,
        "error": error,
        "form_id": uuid7(),
        "job_id": job_id,
        "job": job or (registers.state(job_id) if job_id else None),
    }
    status = 422 if error else 202 if request.method == "POST" else 200
    return page(request, "pharmacy/registers.html", "card", context, status=status)


@never_cache
@require_GET
@reads(PRINT)
def register_show(request: Request, kind: str) -> HttpResponse:
    """The register as a page to print from the browser."""
    first, last = _days(request)
    registers.refuse_bad_range(kind, first, last)
    content = queries.register(kind, first, last)
    context = {"doc": content, "size": "a4", "language": get_language(), "on_screen": True}
    return page(request, "documents/register.html", context=context)


def _days(request: Request) -> tuple[date, date]:
    return forms.RangeForm(request.GET).days()


@never_cache
@require_GET
@reads(PRINT)
def register_file(request: Request, register_id: UUID) -> HttpResponse:
    """The PDF, when it is ready."""
    data = storage.read(registers.file_key(register_id))
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="register.pdf"'
    return answer
