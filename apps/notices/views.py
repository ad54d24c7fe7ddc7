"""The demo's telephone: what would have been sent."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from apps.core.guards import open_to_all
from apps.core.http import Request, page
from apps.notices import queries


@require_GET
@open_to_all
def messages(request: Request) -> HttpResponse:
    """Kept messages, newest first. Not there at all outside the demo."""
    if not settings.DEMO:
        raise Http404
    return page(request, "notices/messages.html", "rows", {"notices": queries.newest()})
