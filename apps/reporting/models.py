"""What the State asks for in writing: the incentive's ledger, monthly and weekly forms. Public
tables with ids, codes and numbers; nobody's name, no clinical text."""

from typing import Self

from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field


class IncentiveRule(models.Model):
    """One line of the incentive scheme as it stood between two days. `rate` without a value: the
    text that says it was not found, so nothing may be claimed under it."""

    id = UUID7Field()
    code = models.CharField(max_length=30)
    version = models.CharField(max_length=30)
    since = models.DateField()
    until = models.DateField(null=True)
    payee = models.CharField(max_length=12)  # facility, laboratory, dsc
    kind = models.CharField(max_length=12)  # any, category-1, category-2, received, given, claim
    base = models.PositiveIntegerField(null=True)
    base_unit = models.CharField(max_length=10, blank=True)
    rate = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    limit_rupees = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    cap_rupees = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    kyc_only = models.BooleanField(default=False)
    per_day = models.PositiveSmallIntegerField(null=True)
    per_month = models.PositiveSmallIntegerField(null=True)
    confidence = models.CharField(max_length=8)
    provenance = models.CharField(max_length=300)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="incentive_rule")]


class IncentiveStatement(models.Model):
    """One hospital's month. Once submitted, `content` (figures, rule, reasons) is frozen.

    `told`: what a hand adds: {"received": n or null, "why": text, "claims": [[n, "rupees"]]};
    `received` with its reason stands for what the trail counted.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"

    id = UUID7Field()
    facility_id = models.UUIDField()
    month = models.DateField()  # its first day
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    told = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    facility_rupees = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    dsc_rupees = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    nha_records = models.PositiveIntegerField(null=True)
    nha_rupees = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    nha_told_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "facility_id"], name="incentive_statement")
        ]


class IncentivePayment(models.Model):
    """Money that came for a statement."""

    id = UUID7Field()
    statement = models.ForeignKey(IncentiveStatement, on_delete=models.PROTECT)
    facility_id = models.UUIDField()
    rupees = models.DecimalField(max_digits=12, decimal_places=2)
    received_on = models.DateField()
    reference = models.CharField(max_length=40, blank=True)
    noted_at = models.DateTimeField(default=timezone.now)


class LinkedRecord(models.Model):
    """One kind of record that a patient's app can now see, or one share under a consent, as the
    trail tells it. `verdict`: "" while nobody judged, "counts", or why it does not count. A row
    of a submitted statement keeps its verdict for ever."""

    id = UUID7Field()
    event_id = models.UUIDField()
    kind = models.CharField(max_length=8)  # record, given, received
    hi_type = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()
    day = models.DateField()
    visit_day = models.DateField(null=True)
    facility_id = models.UUIDField()
    subject_id = models.UUIDField()  # the care context or the transfer
    person_id = models.UUIDField(null=True)
    kyc = models.BooleanField(default=False)
    verdict = models.CharField(max_length=12, blank=True)
    statement = models.ForeignKey(IncentiveStatement, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "hi_type"], name="linked_record_once")
        ]
        indexes = [models.Index(fields=["day", "facility_id"], name="linked_record_day")]


class LedgerMark(models.Model):
    """Up to which transaction the trail was read into the ledger. One row."""

    name = models.CharField(primary_key=True, max_length=20, default="dhis")
    xid = models.BigIntegerField(default=0)
    ran_at = models.DateTimeField(default=timezone.now)


class FormWish(models.Model):
    """Somebody wants a message when a form is there: of a hospital (`facility_id`), or of the
    office in which this person works. `told_for`: the first day of the last period told of."""

    id = UUID7Field()
    user_id = models.UUIDField()
    kind = models.CharField(max_length=4)  # of `ReportRun`
    facility_id = models.UUIDField(null=True)
    told_for = models.DateField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "kind", "facility_id"], name="form_wish", nulls_distinct=False
            )
        ]


class ReportRunQuerySet(models.QuerySet["ReportRun"]):
    def standing(self) -> Self:
        """Not replaced by a revision."""
        return self.exclude(status="superseded")


class ReportRun(models.Model):
    """One hospital's form for one period. `figures` came from its rows, `entered` from a hand; an
    entered number stands for the computed one and is marked. Submitted, it is frozen; what changes
    later is a new revision with a reason.

    `lines`: daily case lines without names: [{"day", "code", "visit", "sex", "age", "block"}].
    """

    class Kind(models.TextChoices):
        HMIS = "hmis"
        IDSP = "idsp"

    class Status(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        SUPERSEDED = "superseded"

    id = UUID7Field()
    kind = models.CharField(max_length=4, choices=Kind)
    facility_id = models.UUIDField()
    first = models.DateField()
    last = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    reason = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    figures = models.JSONField(default=dict)
    entered = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.UUIDField(null=True)
    district_code = models.CharField(
        max_length=12, blank=True
    )  # where it lay when it was submitted
    block_code = models.CharField(max_length=12, blank=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first", "facility_id", "revision"], name="report_run"
            )
        ]
