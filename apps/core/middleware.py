"""The outermost and the innermost layer of a request: health, and the house's two noes."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from apps.core import trace
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.health import health
from apps.core.http import Request

GetResponse = Callable[[Request], HttpResponse]


class ClientAddressMiddleware:
    """REMOTE_ADDR is the visitor's address, not the proxy's: log-in limits count by it.

    With TRUSTED_PROXIES = n it is the n-th address from the right in X-Forwarded-For; what stands
    further left was written by the visitor. With 0 the header is not believed at all.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        count = settings.TRUSTED_PROXIES
        if 0 < count <= len(hops) and (address := _address(hops[-count])):
            request.META["REMOTE_ADDR"] = address
        return self.get_response(request)


class TraceMiddleware:
    """Each request has a word, which its answer, its jobs and its log lines carry. A proxy of ours
    may have given one already; a visitor may not."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        given = request.headers.get(trace.HEADER, "") if settings.TRUSTED_PROXIES else ""
        with trace.traced(given) as word:
            response = self.get_response(request)
            response[trace.HEADER] = word
            return response


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


class HealthMiddleware:
    """Answers /healthz on every host, before any tenant, session or log-in is looked at."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.path == "/healthz":
            return health()
        return self.get_response(request)


class RefusalMiddleware:
    """Turns Refused into 409, Forbidden into 403 with an audit row, as a page or a fragment."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refused):
            return _say(request, "409", {"sentence": error.sentence, "code": error.code}, 409)
        if isinstance(error, Unseen):
            request.refusal = error
            return _say(request, "404", {}, 404)
        if isinstance(error, Forbidden):
            request.refusal = error
            return _say(request, "403", {"why": error.why or request.absence()}, 403)
        if isinstance(error, Http404):
            return _say(request, "404", {}, 404)
        return None


def _say(request: Request, name: str, context: dict[str, str], status: int) -> HttpResponse:
    fragment = getattr(request, "htmx", False)
    template = "errors/fragment.html" if fragment else f"errors/{name}.html"
    response = render(request, template, {"status": status, **context}, status=status)
    if fragment:
        response["HX-Retarget"] = "#bh-messages"
        response["HX-Reswap"] = "innerHTML"
    return response


class ContentPolicyMiddleware:
    """Only our own scripts run: no inline handler, no third party."""

    POLICY = (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self' {hosts}; "
        "frame-ancestors 'self'"
    )

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        hosts = f"{settings.PUBLIC_SCHEME}://*.{settings.PARENT_DOMAIN}:{settings.PUBLIC_PORT}"
        self.policy = self.POLICY.format(hosts=hosts)

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class KeptByAnybodyMiddleware:
    """A page that anybody between may keep carries nothing of who asked: no cookie, and no
    difference by cookie. It stands outside the session, which would add both."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Cache-Control", "").startswith("public"):
            response.cookies.clear()
            names = [name.strip() for name in response.get("Vary", "").split(",")]
            kept = [name for name in names if name and name.lower() != "cookie"]
            if kept:
                response["Vary"] = ", ".join(kept)
            else:
                del response["Vary"]
        return response


class OutboxMiddleware:
    """A form that a script sends is told where to go on (`X-Location`) instead of being led there:
    only so can the script tell "done" from "here is the page again"."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get("X-Outbox") and response.status_code == 302:
            return _told(response)
        return response


def _told(response: HttpResponse) -> HttpResponse:
    answer = HttpResponse(status=204, headers={"X-Location": response["Location"]})
    answer.cookies = response.cookies
    return answer


class BodySizeMiddleware:
    """A body over the limit is answered 413 with a sentence, before anything reads it.

    Photographs of old papers (an address that ends in /scan) may be larger than a form.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        length = request.headers.get("Content-Length", "")
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.path.endswith("/scan"):
            most = settings.SCANS_MAX_SIZE
        if request.path.startswith(settings.PUSH_PATH):  # its sender reads JSON: it answers itself
            return self.get_response(request)
        if length.isdigit() and int(length) > most:
            limit = most // (1024 * 1024)
            return _say(
                request, "409", {"sentence": Refused("too_large", limit_mb=limit).sentence}, 413
            )
        return self.get_response(request)
