"""Reading messages; only the demo keeps any."""

from datetime import datetime

from django.db.models import Count, Min, QuerySet

from apps.notices.models import Notice


def newest(limit: int = 100) -> QuerySet[Notice]:
    """The last messages, newest first. 1 query."""
    return Notice.objects.order_by("-created_at")[:limit]


def backlog() -> tuple[int, datetime | None]:
    """How many messages wait to be sent, and since when the oldest. 1 query, by its index."""
    waiting = Notice.objects.filter(status=Notice.Status.WAITING)
    told = waiting.aggregate(n=Count("pk"), oldest=Min("created_at"))
    return told["n"], told["oldest"]
