"""Counters, alarms and doubts over hospitals. Public tables; no patient anywhere."""

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


class PlaceDay(models.Model):
    """A day of one hospital, block, district or the State in one row: its `FacilityDay`s added up.

    Rewritten by whatever changes those counters, in the same transaction. `last_at`: when a person
    did something there last. The State has a row of every day that was looked at.
    """

    id = UUID7Field()
    day = models.DateField()
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    figures = models.JSONField(default=dict)
    last_at = models.DateTimeField(null=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind", "code"], name="place_day")]


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


class Alarm(models.Model):
    """Something that needs somebody, from when it was found until it is over.

    `subject`: the room of a waiting line, "" for the whole hospital. `n`: the worst so far, in
    minutes, patients or medicines, as the rule counts. `since`: when the cause itself began.
    """

    class Rule(models.TextChoices):
        WAIT = "wait"
        SEAT = "seat"
        SILENT = "silent"
        EXPIRED = "expired"

    id = UUID7Field()
    facility_id = models.UUIDField()
    rule = models.CharField(max_length=10, choices=Rule)
    subject = models.CharField(max_length=20, blank=True)
    n = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    acked_at = models.DateTimeField(null=True)
    acked_by = models.UUIDField(null=True)
    ack_note = models.CharField(max_length=200, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id", "rule", "subject"],
                condition=models.Q(closed_at=None),
                name="alarm_open_once",
            )
        ]
        indexes = [models.Index(fields=["facility_id", "-opened_at"], name="alarm_facility")]


class HospitalNow(models.Model):
    """One hospital as it was when it was last looked at: counts alone, for pages outside it.

    `departments`: [{"code", "name_hi", "name_en", "doctors", "waiting"}].
    """

    id = UUID7Field()
    facility_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    waiting = models.PositiveIntegerField(default=0)
    longest = models.PositiveIntegerField(default=0)
    seated = models.PositiveIntegerField(default=0)
    posted = models.PositiveIntegerField(default=0)
    departments = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["facility_id"], name="now_facility")]


class DoctorDay(models.Model):
    """One doctor's finished visits of one day: how many, and how many of so many minutes.

    `minutes`: patients by bucket of two minutes, the last one open. `unmeasured`: signed without
    a call, so nobody knows how long they took.
    """

    id = UUID7Field()
    facility_id = models.UUIDField()
    day = models.DateField()
    user_id = models.UUIDField()
    patients = models.PositiveIntegerField(default=0)
    unmeasured = models.PositiveIntegerField(default=0)
    minutes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility_id", "day", "user_id"], name="doctor_day")
        ]


class Flag(models.Model):
    """An entry that looks untrue, what speaks for it, and what the hospital says to it.

    `evidence` holds counts, codes and ids. `subject`: the id of a member of staff, or "".
    """

    id = UUID7Field()
    facility_id = models.UUIDField()
    rule = models.CharField(max_length=20)
    subject = models.CharField(max_length=40, blank=True)
    day = models.DateField()
    evidence = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=500, blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    noted_by = models.UUIDField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id", "rule", "subject", "day"], name="flag_once"
            )
        ]


class Holiday(models.Model):
    """A day on which the State's offices are closed. `verified`: read in the State's own list."""

    id = UUID7Field()
    day = models.DateField()
    name_hi = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    source = models.CharField(max_length=120)
    verified = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day"], name="holiday_day")]


class PlaceMonth(models.Model):
    """A whole month of one hospital, block, district or the State: the sums of its days.

    Written once the month is over. A place's months are added up from its hospitals of today, as
    its days are, so a hospital that moved to another block takes its past along.
    """

    id = UUID7Field()
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=40)
    month = models.DateField()  # its first day
    figures = models.JSONField(default=dict)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "month", "code"], name="place_month")
        ]
