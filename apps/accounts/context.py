"""What every template may ask: who acts, and how this person likes the screen."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def actor(request: HttpRequest) -> dict[str, Any]:
    """Empty for requests refused before the Actor was built (unknown host)."""
    return {
        "actor": getattr(request, "actor", None),
        "facility": getattr(request, "facility", None),
        "state_url": f"{settings.PUBLIC_SCHEME}://{settings.PARENT_DOMAIN}:{settings.PUBLIC_PORT}",
        "demo": settings.DEMO,
    }
