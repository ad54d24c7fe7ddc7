"""Answering a browser: a full page, or the named fragment of it for HTMX."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


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
