"""Who is reading their own papers. Apart from the staff's log-in: another cookie, another store.

The cookie holds a random key; the cache holds what it stands for. Idle for a quarter of an hour,
or two hours in all, and it is over. Logging out ends it on the server too.
"""

import secrets
import time
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from apps.core.ids import keyed_hash

COOKIE = "bhavya_p"
PATH = "/p/"
IDLE_S = 15 * 60
LIVES_S = 2 * 3600


@dataclass(frozen=True)
class Visitor:
    """`entered` is false between asking for a code and typing it. `tail`: last two digits."""

    mobile_hash: str
    tail: str
    entered: bool
    since: float


def _key(cookie: str) -> str:
    return f"portal:{keyed_hash('portal.session', cookie)}"


def begin(response: HttpResponse, *, mobile_hash: str, tail: str, entered: bool) -> None:
    """A new key each time, so that the one from before the code is worth nothing after it."""
    cookie = secrets.token_urlsafe(32)
    cache.set(_key(cookie), asdict(Visitor(mobile_hash, tail, entered, time.time())), IDLE_S)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=LIVES_S,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def visitor(request: HttpRequest) -> Visitor | None:
    """Who holds this cookie, with the idle time counted anew; None when nobody does any more."""
    cookie = request.COOKIES.get(COOKIE, "")
    found = cache.get(_key(cookie)) if cookie else None
    if found is None or time.time() - found["since"] > LIVES_S:
        return None
    cache.touch(_key(cookie), IDLE_S)
    return Visitor(**found)


def end(request: HttpRequest, response: HttpResponse) -> None:
    if cookie := request.COOKIES.get(COOKIE, ""):
        cache.delete(_key(cookie))
    response.delete_cookie(COOKIE, path=PATH)
