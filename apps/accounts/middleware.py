"""Language from cookie, profile or header; and the Actor: scope, duty and session, decided once."""

from collections.abc import Callable
from types import MappingProxyType

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from apps.accounts import actions, queries
from apps.core.actor import NOBODY, Actor
from apps.core.http import Request

GetResponse = Callable[[Request], HttpResponse]


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
        request.actor = actor_of(request)
        request.refusal = None
        response = self.get_response(request)
        if request.refusal is not None:
            actions.record_refused_access(request.refusal, path=request.path, actor=request.actor)
        return response


def actor_of(request: Request) -> Actor:
    """Who is asking, here. Without a posting for this host the Actor holds no right at all."""
    if not request.user.is_authenticated:
        return NOBODY
    facility = request.facility
    duty = queries.duty(request.user.pk, facility_id=facility.pk if facility else None)
    if duty is None:
        return Actor(user_id=request.user.pk, facility_id=facility.pk if facility else None)
    return Actor(
        user_id=request.user.pk,
        facility_id=facility.pk if facility else None,
        scope=duty.scope,
        place=duty.place,
        roles=duty.roles,
        grants=MappingProxyType(duty.grants),
    )
