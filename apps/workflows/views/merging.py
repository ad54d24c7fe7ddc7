"""Two records of one human side by side, joined and taken apart again (record room, head)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.core.errors import Refused
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission
from apps.patients import queries as patients
from apps.workflows import merging
from apps.workflows.actions import patient_merge


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@never_cache
@require_http_methods(["GET", "POST"])
@reads(Permission.PATIENT_MERGE)
def merge(request: Request) -> HttpResponse:
    """`?a=` one record, `?b=` the other; without the other who it may be, and a search (POST)."""
    told = request.POST if request.method == "POST" else request.GET
    first, second = _id(told.get("a")), _id(told.get("b"))
    one = merging.side(first) if first else None
    two = merging.side(second) if second else None
    if (first and one is None) or (second and two is None):
        raise Http404
    refused = None
    if request.method == "POST" and one and two:
        keep = _id(told.get("keep"))
        try:
            return _joined(request, one["id"], two["id"], keep)
        except Refused as no:
            refused = no
    text = told.get("q", "").strip() if request.method == "POST" else ""
    context = {
        "one": one,
        "two": two,
        "q": text,
        "refused": refused,
        "differ": merging.differences(one, two) if one and two else set(),
        "perhaps": merging.perhaps_same(one) if one and not two and not text else [],
        "rows": [row for row in patients.search(text) if not one or row["id"] != one["id"]],
    }
    return page(request, "workflows/merge.html", context=context, status=409 if refused else 200)


def _joined(request: Request, one: UUID, two: UUID, keep: UUID | None) -> HttpResponse:
    if keep not in (one, two):
        raise Refused("merge.keep")
    gone = two if keep == one else one
    patient_merge.merge(gone, into=keep, actor=request.actor)
    messages.success(request, _("The two records are one now. Below you can undo it."))
    return redirect("patients:identity", keep)


@require_POST
@reads(Permission.PATIENT_MERGE)
def unmerge(request: Request, patient_id: UUID) -> HttpResponse:
    """Take a merge back."""
    patient_merge.unmerge(patient_id, actor=request.actor)
    messages.success(request, _("The records are two again."))
    return redirect("patients:identity", patient_id)
