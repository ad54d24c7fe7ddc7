"""The lock of a shared computer, kept by the server: a locked session is shown nothing."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from apps.accounts import actions, sessions
from apps.audit.events import Event
from apps.core.http import Request

GetResponse = Callable[[Request], HttpResponse]
SEEN_EVERY_S = 20
GRACE_S = 60  # a browser says only now and then that somebody is typing
FREE = ("accounts:lock", "accounts:unlock", "account_logout")  # and whatever is open to all


class LockMiddleware:
    """Locks an enrolled computer's session that nobody touched, and answers for a locked one.

    A page that asks by itself (a poll, a waiting form that is sent again) is no person. The page
    says whose it is (`X-Who`): a tab left open by the person before does nothing in a new name.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Request, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if getattr(view, "permissions", ()) is None or not request.user.is_authenticated:
            return None
        who = request.headers.get("X-Who", "")
        if who and who != str(request.user.pk):
            return _away("other")
        if not request.session.get(sessions.LOCK_KEY):
            _note(request)
            return None
        route = request.resolver_match.view_name if request.resolver_match else ""
        if is_locked(request) and route not in FREE:
            return _ask_pin(request)
        _note(request)
        return None


def is_locked(request: Request) -> bool:
    """Whether the PIN is due; a session left alone for too long becomes locked here."""
    session = request.session
    if session.get(sessions.LOCKED_KEY):
        return True
    idle = int(time.time()) - session.get(sessions.SEEN_KEY, 0)
    if idle <= session[sessions.LOCK_KEY] + GRACE_S:
        return False
    lock(request, by="idle")
    return True


def lock(request: Request, *, by: str) -> None:
    """Nothing happens where there is no PIN to come back with."""
    if request.session.get(sessions.LOCK_KEY) and not request.session.get(sessions.LOCKED_KEY):
        request.session[sessions.LOCKED_KEY] = True
        actions.record_session(Event.SESSION_LOCKED, actor=request.actor, by=by)


def unlock(request: Request) -> None:
    request.session.pop(sessions.LOCKED_KEY, None)
    request.session[sessions.SEEN_KEY] = int(time.time())
    actions.record_session(Event.SESSION_UNLOCKED, actor=request.actor)


def _note(request: Request) -> None:
    """At most three times a minute, and only for what a person did."""
    asks_itself = request.method == "GET" and getattr(request, "htmx", False)
    if asks_itself or request.headers.get("X-Outbox") == "auto":
        return
    now, session = int(time.time()), request.session
    if now - session.get("noted_at", 0) < SEEN_EVERY_S:
        return
    log_in = session.get(sessions.LOGIN_KEY)
    if not log_in:
        return
    session["noted_at"] = now
    if session.get(sessions.LOCK_KEY):
        session[sessions.SEEN_KEY] = now
    actions.note_seen(log_in)


def _ask_pin(request: Request) -> HttpResponse:
    aside = getattr(request, "htmx", False) or request.headers.get("X-Outbox")
    if aside or request.path.startswith("/api/"):
        return _away("pin")
    back = request.get_full_path()
    if request.method != "GET":
        back = urlsplit(request.headers.get("Referer", "")).path or "/"
    query = QueryDict(mutable=True)
    query["next"] = back
    return HttpResponseRedirect(f"{reverse('accounts:lock')}?{query.urlencode(safe='/')}")


def _away(why: str) -> HttpResponse:
    """For a script: who is asking must show the PIN first, or load the page anew."""
    return HttpResponse(status=401, headers={"X-Locked": why, "HX-Reswap": "none"})
