"""Counters over hospitals and days, derived from the trail. Public, no personal data."""

from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field


class FacilityDay(models.Model):
    """How often one thing happened in one hospital on one local day.

    `event` is the trail's event, or a figure drawn from its detail: `encounter.started/abha`,
    `wait/045` (waited 45 to 49 minutes). `last_at`: when a person did it last.
    """

    id = UUID7Field()
    facility_id = models.UUIDField()
    day = models.DateField()
    event = models.CharField(max_length=60)
    n = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "facility_id", "event"], name="facility_day")
        ]


class Watermark(models.Model):
    """Up to which transaction the trail is counted. One row.

    `data_to`: all that was written before this moment is counted. `since`: older rows came with a
    restore and carry ids of another cluster; they are counted by `recount_days` alone.
    """

    name = models.CharField(primary_key=True, max_length=20, default="audit")
    xid = models.BigIntegerField(default=0)
    behind = models.PositiveBigIntegerField(default=0)
    data_to = models.DateTimeField(null=True)
    ran_at = models.DateTimeField(default=timezone.now)
    since = models.DateTimeField(null=True)
