"""Log-in, choosing where to work, own preferences, and the first page."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from apps.accounts import queries
from apps.core.guards import logged_in, open_to_all
from apps.core.http import Request, page


@open_to_all
def locked_out(request: Request, credentials: dict[str, Any], *args: Any) -> HttpResponse:
    return render(request, "account/locked.html", status=429)


@require_GET
@logged_in
def home(request: Request) -> HttpResponse:
    return page(request, "home.html")


@require_GET
@logged_in
def duty(request: Request) -> HttpResponse:
    postings = queries.workplaces(request.user.pk)
    return page(request, "accounts/duty.html", context={"postings": postings})


@require_GET
@logged_in
def me(request: Request) -> HttpResponse:
    return page(request, "accounts/me.html")


@require_POST
@open_to_all
def language(request: Request) -> HttpResponse:
    """Remember the language in a cookie of the parent domain and go back to the same page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    chosen = request.POST.get("language")
    response = HttpResponseRedirect(back)
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
