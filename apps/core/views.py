"""Pages that belong to nobody: a broken form token, a page that is not there, our own fault."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from apps.core import trace
from apps.core.errors import REFUSALS
from apps.core.ids import short_code
from apps.core.trouble import AWAY, FULL, trouble_of

log = logging.getLogger(__name__)
RETRY_S = 30


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Called while the exception is at hand: what is the server's state is told as that."""
    trouble = trouble_of(sys.exc_info()[1])
    if trouble:
        log.error("503: %s", {FULL: "a disk is full", AWAY: "the database is away"}[trouble])
        return unavailable(request, trouble)
    return render(
        request, "errors/500.html", {"code": trace.current() or short_code(4)}, status=500
    )


def unavailable(request: HttpRequest, trouble: str) -> HttpResponse:
    """503 in both languages, drawn without any question to the database."""
    headers = {"Retry-After": str(RETRY_S)}
    if request.path.startswith("/api/"):
        detail = str(REFUSALS[f"server.{trouble}"])
        body = {"type": "about:blank", "status": 503, "code": f"server.{trouble}", "detail": detail}
        kind = "application/problem+json"
        return JsonResponse(body, status=503, headers=headers, content_type=kind)
    said = []
    for language in dict.fromkeys([translation.get_language() or "hi", "hi", "en"]):
        with translation.override(language):
            said.append((language, str(REFUSALS[f"server.{trouble}"])))
    fragment = getattr(request, "htmx", False)
    name = "errors/fragment.html" if fragment else "errors/503.html"
    told = {"said": said, "sentence": said[0][1], "LANGUAGE_CODE": said[0][0], "status": 503}
    response = HttpResponse(render_to_string(name, told), status=503, headers=headers)
    if fragment:
        response["HX-Retarget"] = "#bh-messages"
        response["HX-Reswap"] = "innerHTML"
    return response
