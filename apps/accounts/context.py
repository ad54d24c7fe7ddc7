"""What every template may ask: who acts, and how this person likes the screen."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.accounts import sessions


def actor(request: HttpRequest) -> dict[str, Any]:
    """Empty for requests refused before the Actor was built (unknown host)."""
    return {
        **_desk(request),
        "actor": getattr(request, "actor", None),
        "facility": getattr(request, "facility", None),
        "state_url": f"{settings.PUBLIC_SCHEME}://{settings.PARENT_DOMAIN}:{settings.PUBLIC_PORT}",
        "demo": settings.DEMO,
    }


def _desk(request: HttpRequest) -> dict[str, Any]:
    """Shared computer or not: when it locks or ends, and the key of what waits in the browser."""
    user = getattr(request, "user", None)
    known = {"is_enrolled": sessions.COOKIE in request.COOKIES}
    if user is None or not user.is_authenticated:
        return known
    return known | {
        "lock_s": request.session.get(sessions.LOCK_KEY, 0),
        "ends_s": request.session.get(settings.SHARED_IDLE_KEY, 0),
        "vault": sessions.vault_key(user.pk),
    }
