"""Registers on screen, as a file and as PDF; forms as PDF."""

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.core import sheets
from apps.core.dates import iso_day
from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.core.templatetags.bhavya import local
from apps.documents import storage
from apps.reporting import actions, queries
from apps.reporting.veil import Veil

PRINT = Permission.REGISTER_PRINT
PAPERS = (Permission.REPORT_HMIS, Permission.REPORT_IDSP, PRINT)


@require_GET
@reads(PRINT)
def registers(request: Request) -> HttpResponse:
    """Choose a register and its days."""
    return _choose(request)


def _choose(request: Request, *, error: str = "", status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "first": request.GET.get("first") or today.strftime("%d-%m-%Y"),
        "last": request.GET.get("last") or today.strftime("%d-%m-%Y"),
        "register": request.GET.get("register", "opd"),
        "error": error,
        "form_id": uuid7(),
        "yesterday": today - timedelta(days=1),
        "month": (today.replace(day=1) - timedelta(days=1)).replace(day=1),
        "month_end": today.replace(day=1) - timedelta(days=1),
    }
    return page(request, "reporting/registers.html", context=context, status=status)


def _days(request: Request) -> tuple[date, date]:
    data = request.POST or request.GET
    first, last = (iso_day(data.get(name, "")) for name in ("first", "last"))
    if not first or not last:
        raise Refused("form.day")
    days = date.fromisoformat(first), date.fromisoformat(last)
    actions.refuse_bad_days(*days)
    return days


@never_cache
@require_GET
@reads(PRINT)
def register(request: Request, kind: str) -> HttpResponse:
    """The register as a page to print from the browser. At most 3 queries."""
    if kind not in ("opd", "lab"):
        raise Refused("not_found")
    try:
        first, last = _days(request)
    except Refused as no:
        return _choose(request, error=no.sentence, status=422)
    actions.record_register(kind, first, last, actor=request.actor)
    found = queries.content(kind, first, last, Veil.of(request.actor))
    context = {"doc": found, "size": "a4", "language": get_language(), "on_screen": True}
    return page(request, "documents/state-register.html", context=context)


@require_GET
@reads(Permission.EXPORT_IDENTITY)
@reads(PRINT)
def register_table(request: Request, kind: str, ext: str) -> HttpResponse:
    """The register as CSV or XLSX: a list with names, so it wants the right to such lists too."""
    if kind not in ("opd", "lab"):
        raise Refused("not_found")
    first, last = _days(request)
    actions.record_register(kind, first, last, actor=request.actor)
    found = queries.content(kind, first, last, Veil.of(request.actor))["rows"]
    rows = _opd(found) if kind == "opd" else _lab(found)
    return sheets.answer(rows, f"{kind}-register-{first}-{last}", ext)


def _opd(found: list[dict[str, object]]) -> list[list[sheets.Cell]]:
    head: list[sheets.Cell] = [
        _("No."), _("Day"), _("Slip"), _("Token"), _("Patient"), _("Age"), _("Sex"), _("Village"),
        _("Department"), _("Diagnosis"), "ICD-10",
    ]  # fmt: skip
    rows = [head]
    for row in found:
        who, diagnoses = row["patient"], row["diagnoses"]
        assert isinstance(who, dict) and isinstance(diagnoses, list)
        rows.append([
            str(row["no"]), str(row["at"])[:10], str(row["number"]), str(row["token"]), local(who),
            local(who, "age"), local(who, "sex"), who["village"],
            local(row["department"], "department"),
            "; ".join(local(one, "") for one in diagnoses),
            "; ".join(one["icd"] for one in diagnoses),
        ])  # fmt: skip
    return rows


def _lab(found: list[dict[str, object]]) -> list[list[sheets.Cell]]:
    head: list[sheets.Cell] = [
        _("No."), _("Day"), _("Sample"), _("Slip"), _("Patient"), _("Age"), _("Sex"), _("Test"),
        _("Result"),
    ]  # fmt: skip
    rows = [head]
    for row in found:
        who, results = row["patient"], row["results"]
        assert isinstance(who, dict) and isinstance(results, list)
        said = "; ".join(f"{local(r, '')} {local(r, 'value')} {r['unit']}".strip() for r in results)
        rows.append([
            str(row["no"]), str(row["at"])[:10], str(row["accession"]), str(row["number"]),
            local(who), local(who, "age"), local(who, "sex"), local(row["test"], ""), said,
        ])  # fmt: skip
    return rows


@require_POST
@reads(*PAPERS)
def ask(request: Request) -> HttpResponse:
    """Have a PDF made; its card follows the progress."""
    pk = _uuid(request.POST.get("id", "")) or uuid7()
    first, last = (iso_day(request.POST.get(name, "")) for name in ("first", "last"))
    try:
        if not first or not last:
            raise Refused("form.day")
        job = actions.ask_paper(
            request.POST.get("kind", ""), id=pk, first=date.fromisoformat(first),
            last=date.fromisoformat(last), language=request.POST.get("language", "hi"),
            actor=request.actor,
        )  # fmt: skip
    except Refused as no:
        context = {"error": no.sentence, "job": None}
        return page(request, "reporting/paper.html", "card", context, status=422)
    return page(request, "reporting/paper.html", "card", {"job": job, "paper_id": pk}, status=202)


@never_cache
@require_GET
@reads(*PAPERS)
def paper(request: Request, paper_id: UUID) -> HttpResponse:
    """How far a PDF is."""
    job = actions.paper_state(paper_id)
    if job is None:
        raise Http404
    return page(request, "reporting/paper.html", "card", {"job": job, "paper_id": paper_id})


@never_cache
@require_GET
@reads(*PAPERS)
def paper_file(request: Request, paper_id: UUID) -> HttpResponse:
    """The PDF, when it is ready, for who may see its kind."""
    job = actions.paper_state(paper_id)
    data = storage.read(actions.file_key(paper_id)) if job else None
    if job is None or data is None:
        raise Http404
    actions.require_drawn(job, actor=request.actor)
    response = HttpResponse(data, content_type="application/pdf")
    name = f"{job['kind']}-{job['first']}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
