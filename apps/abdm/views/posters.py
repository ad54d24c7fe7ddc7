"""The posters of Scan & Share, for whoever keeps the hospital's settings."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from apps.abdm import queries
from apps.core.guards import reads
from apps.core.http import Request, page
from apps.core.permission import Permission


@require_GET
@reads(Permission.FACILITY_CONFIG)
def posters(request: Request) -> HttpResponse:
    """Every QR of this hospital, and why there is none while it is not linked. 2 queries."""
    return page(request, "abdm/posters.html", context=queries.posters(request.facility))


@require_GET
@reads(Permission.FACILITY_CONFIG)
def posters_pdf(request: Request) -> HttpResponse:
    """A4, one page a QR; `?counter=` only that one."""
    drawn = queries.posters_pdf(request.facility, request.GET.get("counter", ""))
    if drawn is None:
        raise Http404
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="scan-and-share.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer
