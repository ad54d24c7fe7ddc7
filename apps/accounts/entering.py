"""What a session carries from the moment it begins: its row, and the lock of a shared computer."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest

from apps.accounts import actions, sessions
from apps.accounts.models import User, Workstation
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.ids import uuid7

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


def begin(request: HttpRequest, user: Any, *, how: str) -> None:
    """After the log-in itself: note the session, and arm the lock on an enrolled computer."""
    workstation = sessions.workstation_of(request)
    facility = getattr(request, "facility", None)
    log_in = actions.note_log_in(
        user,
        id=uuid7(),
        session_key=request.session.session_key or "",
        how=how,
        workstation=workstation,
        facility_id=facility.pk if facility else None,
        browser=sessions.browser_name(request.headers.get("User-Agent", "")),
    )
    request.session[sessions.LOGIN_KEY] = str(log_in.pk)
    request.session.pop(sessions.LOCKED_KEY, None)
    if workstation is not None:
        request.session[sessions.LOCK_KEY] = settings.LOCK_AFTER_S
        request.session[sessions.SEEN_KEY] = int(time.time())
        request.session.pop(settings.SHARED_IDLE_KEY, None)
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)


def switch(request: HttpRequest, user: User, *, how: str) -> None:
    """The person before leaves, with the face still on the computer; this one begins anew."""
    make_room(request)
    facility = getattr(request, "facility", None)
    place = facility.pk if facility else None
    login(request, user, backend=BACKEND)
    actions.record_session(
        Event.SESSION_STARTED, actor=Actor(user_id=user.pk, facility_id=place), how=how
    )
    begin(request, user, how=how)


def make_room(request: HttpRequest) -> None:
    """End the session of whoever sat here; the face stays, so a PIN brings the person back."""
    leave(request, with_face=False)
    facility = getattr(request, "facility", None)
    if request.user.is_authenticated:
        before = Actor(user_id=request.user.pk, facility_id=facility.pk if facility else None)
        actions.record_session(Event.SESSION_ENDED, actor=before, how="switch")
    request.session.flush()


def leave(request: HttpRequest, *, with_face: bool) -> None:
    """The row of this session is closed; a log-in without one (an old session) has none."""
    if log_in := request.session.get(sessions.LOGIN_KEY):
        actions.note_left(log_in, with_face=with_face)


def here(request: HttpRequest) -> Workstation | None:
    return sessions.workstation_of(request)
