"""Answering a browser: a full page, or the named fragment of it for HTMX."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from apps.core.actor import Actor
from apps.core.errors import Forbidden


class Request(HttpRequest):
    """What the middleware adds to a request; views name this type. Never instantiated."""

    actor: Actor
    facility: Any  # facilities.Facility, None on the State host
    refusal: Forbidden | None
    absence: Callable[[], str]  # why this person holds no right here, in words; "" when posted
    duty: Any  # accounts.queries.Duty of today, set with the actor; None without a posting
    user: Any
    htmx: Any


def page(
    request: HttpRequest,
    template: str,
    partial: str = "",
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its `partial` when HTMX asks. Works by plain URL too."""
    name = f"{template}#{partial}" if partial and getattr(request, "htmx", False) else template
    response = render(request, name, context or {}, status=status)
    patch_vary_headers(response, ("HX-Request", "Cookie"))
    return response
