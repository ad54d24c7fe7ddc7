"""Reading messages; only the demo keeps any."""

from django.db.models import QuerySet

from apps.notices.models import Notice


def newest(limit: int = 100) -> QuerySet[Notice]:
    """The last messages, newest first. 1 query."""
    return Notice.objects.order_by("-created_at")[:limit]
