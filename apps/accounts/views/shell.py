"""What every page stands on when the network fails: is the server there, what waits, the shell."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.core.guards import logged_in, open_to_all
from apps.core.http import Request, page


@never_cache
@require_GET
@open_to_all
def online(request: Request) -> HttpResponse:
    """Nothing but "here I am": what the browser asks while it believes to be cut off."""
    return HttpResponse(status=204)


@require_GET
@logged_in
def sync(request: Request) -> HttpResponse:
    """What waits in this browser; the list is filled by the script, for nobody else knows it."""
    return page(request, "accounts/sync.html")


@require_GET
@open_to_all
def offline(request: Request) -> HttpResponse:
    """The page that the browser keeps and shows instead of its own when no answer comes."""
    return page(request, "accounts/offline.html")


@require_GET
@open_to_all
def service_worker(request: Request) -> HttpResponse:
    """The script that keeps that page; it changes with the files that the page needs."""
    return render(request, "accounts/sw.js", content_type="text/javascript; charset=utf-8")
