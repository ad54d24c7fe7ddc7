"""Old rows of tables that are written all day: taken away in small pieces, by their key."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.core.ids import first_key

BATCH, BATCHES = 5000, 200


def retire(rows: QuerySet[Any], *, days: int, batch: int = BATCH, batches: int = BATCHES) -> int:
    """Delete those of `rows` whose key (UUIDv7) was made more than `days` ago; how many.

    The key's index leads to the oldest; each piece is a transaction of under a second, and
    what is left after `batches` is for the next run. Safe to stop and to repeat.
    """
    before = first_key(timezone.now() - timedelta(days=days))
    gone = 0
    for _ in range(batches):
        with transaction.atomic():
            old = rows.filter(pk__lt=before).order_by("pk").values_list("pk", flat=True)[:batch]
            n, _by_model = rows.model.objects.filter(pk__in=list(old)).delete()
        gone += n
        if n < batch:
            break
    return gone
