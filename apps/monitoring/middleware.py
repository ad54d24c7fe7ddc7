"""Every request is timed; `/metrics` tells Prometheus what was counted and what waits."""

import hmac
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse

from apps.core import exposition, traffic
from apps.core.http import Request
from apps.monitoring import measures

GetResponse = Callable[[Request], HttpResponse]


class MetricsMiddleware:
    """Stands before host names, log-in and tenants: a monitor names the machine, not a hospital.

    Without the token the address does not exist.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.path == "/metrics":
            return told(request)
        begun = time.monotonic()
        response = self.get_response(request)
        traffic.note(_app(request), response.status_code, time.monotonic() - begun)
        return response


def told(request: Request) -> HttpResponse:
    """All metrics, for whoever has the token."""
    given = request.headers.get("Authorization", "").encode()
    asked = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given, asked):
        return HttpResponse(status=404)
    body = exposition.text([*traffic.metrics(), *measures.metrics()])
    return HttpResponse(body, content_type=exposition.CONTENT_TYPE)


def _app(request: Request) -> str:
    match = request.resolver_match
    if match is not None:
        return traffic.app_of(match.func.__module__)
    return traffic.STATIC if request.path.startswith(settings.STATIC_URL) else traffic.OTHER
