"""What is written most in this hospital, so that the usual comes first in lists and chips."""

from datetime import datetime
from uuid import UUID

from django.db.models import Count

from apps.encounters.models import Condition


def used_codes(category: str, *, since: datetime, doctor_id: UUID | None = None) -> dict[str, int]:
    """How often each code was a "complaint" or a "diagnosis" since then. 1 query."""
    found = Condition.objects.filter(
        category=category, encounter__started_at__gte=since, status=Condition.Status.ACTIVE
    ).exclude(code="")
    if doctor_id:
        found = found.filter(encounter__doctor_id=doctor_id)
    return dict(found.values_list("code").annotate(times=Count("pk")))
