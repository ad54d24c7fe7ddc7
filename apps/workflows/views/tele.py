"""A specialist's tele queues of every hospital, on the State host: counts and links only."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from apps.core.guards import logged_in
from apps.core.http import Request, page
from apps.workflows import tele


@require_GET
@logged_in
def everywhere(request: Request) -> HttpResponse:
    """Each line opens on its own hospital, where the posting is checked."""
    rows = tele.everywhere(request.user.pk)
    return page(request, "workflows/tele.html", "rows", {"rows": rows})
