"""Language from cookie, profile or header; and the Actor: scope, duty and session, decided once."""

import time
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation

from apps.accounts import actions, queries
from apps.core.actor import NOBODY, Actor, Scope
from apps.core.http import Request

GetResponse = Callable[[Request], HttpResponse]
SEEN_KEY, FACTOR_KEY = "seen_at", "second_factor"
SEEN_EVERY_S = 60  # a shared computer's session is written again at most once a minute


class LanguageMiddleware:
    """`?lang=` on public pages, then the cookie, then Hindi. The browser's wish comes last on
    purpose: hospital PCs are set to English whatever their users read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        asked = request.GET.get("lang") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class ActorMiddleware:
    """Builds `request.actor` from the postings in force today for this host. 1 query."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.refusal = None
        request.absence = str
        request.actor = actor_of(request)
        response = self.get_response(request)
        if request.refusal is not None:
            actions.record_refused_access(request.refusal, path=request.path, actor=request.actor)
        _keep_awake(request)
        return response


class SetUpFirstMiddleware:
    """Before any work: an own password, and a second factor where the role needs one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or route.startswith(("account_", "mfa_")):
            return None
        if route == "accounts:language" or getattr(view, "permissions", ()) is None:
            return None
        if request.user.must_change_password:
            return _go(request, "account_change_password")
        if needs_second_factor(request) and not request.session.get(FACTOR_KEY):
            if not queries.has_second_factor(request.user.pk):
                return _go(request, "mfa_index")
            request.session[FACTOR_KEY] = True
        return None


def needs_second_factor(request: Request) -> bool:
    """Roles of settings.MFA_REQUIRED_FROM and wider; an empty setting asks nobody."""
    if not settings.MFA_REQUIRED_FROM or not request.actor.is_posted:
        return False
    return queries.is_as_wide(request.actor.scope, Scope(settings.MFA_REQUIRED_FROM))


def actor_of(request: Request) -> Actor:
    """Who is asking, here. Without a posting for this host the Actor holds no right at all."""
    if not request.user.is_authenticated:
        return NOBODY
    facility = request.facility
    facility_id = facility.pk if facility else None
    duty = queries.duty(request.user.pk, facility_id=facility_id)
    request.duty = duty  # room and department, for pages that show them: not asked twice
    if duty is None:
        request.absence = partial(queries.absence, request.user.pk, facility_id=facility_id)
        return Actor(user_id=request.user.pk, facility_id=facility_id)
    return Actor(
        user_id=request.user.pk,
        facility_id=facility_id,
        scope=duty.scope,
        place=duty.place,
        roles=duty.roles,
        grants=MappingProxyType(duty.grants),
    )


def _go(request: Request, route: str) -> HttpResponse:
    if request.headers.get("X-Outbox"):  # a waiting form goes on waiting
        return HttpResponse(status=401)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse(route)})
    return HttpResponseRedirect(reverse(route))


def _keep_awake(request: Request) -> None:
    """On a shared computer the session ends ten minutes after the last thing a person did; a
    page that refreshes itself is no person."""
    idle_s = request.session.get(settings.SHARED_IDLE_KEY)
    if not idle_s or (request.method == "GET" and getattr(request, "htmx", False)):
        return
    now = int(time.time())
    if now - request.session.get(SEEN_KEY, 0) >= SEEN_EVERY_S:
        request.session[SEEN_KEY] = now
        request.session.set_expiry(idle_s)
