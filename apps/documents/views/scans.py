"""Old papers photographed by phone into the record."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.documents import actions, forms, scans
from apps.documents.kinds import SCANNED
from apps.encounters import queries as visits


@require_http_methods(["GET", "POST"])
@reads(Permission.DOC_UPLOAD)
def add(request: Request, encounter_id: UUID) -> HttpResponse:
    """Choose the photos, say what they show; then the paper's own page tells how far it is."""
    try:
        visit = visits.visit(encounter_id)
    except ObjectDoesNotExist:
        raise Http404 from None
    actions.may_add(visit, actor=request.actor)
    form = forms.ScanForm(request.POST or None, initial={"id": uuid7(), "what": "prescription"})
    if request.method == "GET":
        return _page(request, visit, form)
    if not form.is_valid():
        code = "scan.date" if "dated" in form.errors else "scan.kind"
        return _page(request, visit, form, fault=Refused(code).sentence)
    told = form.cleaned_data
    try:
        document = actions.add_scan(
            encounter_id,
            id=told["id"],
            files=_read(request),
            what=told["what"],
            dated=told["dated"],
            note=told["note"],
            actor=request.actor,
        )
    except Refused as no:
        return _page(request, visit, form, fault=no.sentence)
    if request.actor.sees(Permission.DOC_PRINT):
        return redirect("documents:document", document.pk)
    return redirect("documents:add_scan", encounter_id)


def _read(request: Request) -> list[bytes]:
    """The files' bytes; one that is too large is not read at all."""
    files = request.FILES.getlist("pages")
    if any((file.size or 0) > scans.MOST_BYTES for file in files):
        raise Refused("scan.too_large", limit_mb=scans.MOST_BYTES // 1024 // 1024)
    return [file.read() for file in files[: scans.MOST_PAGES + 1]]


def _page(request: Request, visit: Any, form: Any, *, fault: str = "") -> HttpResponse:
    context = {
        "visit": visits.visit_brief(visit),
        "form": form,
        "kinds": SCANNED,
        "fault": fault,
        "today": timezone.localdate().isoformat(),
        "limit_mb": scans.MOST_BYTES // 1024 // 1024,
    }
    return page(request, "documents/scan_add.html", context=context, status=422 if fault else 200)
