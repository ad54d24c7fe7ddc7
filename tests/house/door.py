"""A short way to a view: URL table, guards and the two noes, with the Actor already known.

Going through log-in, session and postings costs 14 ms a request; 41 roles on every route would
take minutes. One role that may and one that may not go the long way on each route as well: there
the page is drawn and the refusal stands in the trail.
"""

from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.cache import SessionStore
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from apps.core.tenancy import enter_facility, leave_facility
from tests.cast import Member

SHORT = ["tests.house.door.Known", "apps.core.middleware.RefusalMiddleware"]


class Known:
    """Stands for the middleware of the house: who asks and where is said by the test, which also
    keeps what was refused."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if request.refusal is not None:
            request.noted.append(request.refusal)
        return response


def blank(_request: Any, _template: str, _context: Any = None, *, status: int = 200) -> Any:
    """Stands for `render`: everything was asked and allowed, only the drawing is left out."""
    return HttpResponse(status=status)


class Door(BaseHandler):
    """`knock` answers as the house would, some milliseconds sooner."""

    def __init__(self) -> None:
        self.noted: list[Any] = []
        with override_settings(MIDDLEWARE=SHORT):
            self.load_middleware()

    def knock(
        self, member: Member, method: str, url: str, *, table: str, facility: Any, draws: bool
    ) -> Any:
        """`draws`: the page too. It is the same for all who may."""
        host = f"{facility.slug}.{settings.PARENT_DOMAIN}" if facility else settings.PARENT_DOMAIN
        request: Any = RequestFactory(headers={"host": host}).generic(
            method, url, content_type="application/x-www-form-urlencoded"
        )
        request.urlconf, request.facility = table, facility
        request.user, request.actor = member.user, member.actor
        request.refusal, request.absence, request.htmx = None, str, False
        request.noted = self.noted
        request.session, request.LANGUAGE_CODE = SessionStore(), "hi"
        request._messages = FallbackStorage(request)
        request._dont_enforce_csrf_checks = True
        if facility:
            enter_facility(facility)
        else:
            leave_facility()
        with ExitStack() as undrawn:
            undrawn.callback(leave_facility)
            for module in () if draws else ("http", "middleware"):
                undrawn.enter_context(patch(f"apps.core.{module}.render", blank))
            return self.get_response(request)
