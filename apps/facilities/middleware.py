"""Which hospital is this request for? The host name says it."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from apps.core.http import Request
from apps.core.tenancy import enter_facility, leave_facility
from apps.facilities.models import Facility
from apps.facilities.tenants import facility_of_host, is_state_host

BODY = re.compile(rb"<body[^>]*>")
GetResponse = Callable[[Request], HttpResponse]


def marked(response: HttpResponse) -> HttpResponse:
    """A training place's page with its banner, on the screen and on paper. Put in here and not in
    the templates, so that no page, slip or label can be without it."""
    kind = response.headers.get("Content-Type", "")
    if response.streaming or not kind.startswith("text/html"):
        return response
    banner = render_to_string("ui/training.html").encode()
    response.content = BODY.sub(lambda found: found[0] + banner, response.content, count=1)
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
    return response


class FacilityMiddleware:
    """Sets `request.facility` (None on the State host), the schema and the URL table."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        host = request.get_host().split(":")[0].lower()
        leave_facility()
        request.facility = None
        if is_state_host(host):
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        facility = facility_of_host(host)
        if facility is None:
            return render(request, "errors/no_host.html", status=404)
        if facility.status != Facility.Status.ACTIVE:
            return render(
                request,
                "errors/closed.html",
                {"facility": facility},
                status=503 if facility.status == Facility.Status.PROVISIONING else 410,
            )
        enter_facility(facility)
        request.facility = facility
        try:
            response = self.get_response(request)
            return marked(response) if facility.is_training else response
        finally:
            leave_facility()
