"""Orders, specimens, reports, and what analysers sent."""

from typing import Self

from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field


class ServiceRequestQuerySet(models.QuerySet["ServiceRequest"]):
    def active(self) -> Self:
        return self.filter(status="active")

    def for_laboratory(self) -> Self:
        return self.filter(category="laboratory")

    def imaging(self) -> Self:
        return self.filter(category="imaging")

    def uncollected(self) -> Self:
        return self.active().for_laboratory().filter(specimen__isnull=True)

    def in_laboratory(self) -> Self:
        """Collected, not verified yet."""
        return self.active().for_laboratory().filter(specimen__isnull=False)

    def sent_out(self) -> Self:
        return self.exclude(performer="")


class DiagnosticReportQuerySet(models.QuerySet["DiagnosticReport"]):
    def released(self) -> Self:
        """What may leave the laboratory: verified, and not replaced by an amended one."""
        return self.filter(status__in=("final", "amended"))

    def being_entered(self) -> Self:
        return self.filter(status="preliminary")

    def critical_unseen(self) -> Self:
        unseen = self.released().filter(critical__has_key="codes")
        return unseen.exclude(critical__has_key="seen_at")


class AnalyserMessageQuerySet(models.QuerySet["AnalyserMessage"]):
    def waiting(self) -> Self:
        return self.filter(status="waiting")

    def parked(self) -> Self:
        return self.filter(status="parked")


class Specimen(models.Model):
    """What was collected, under one accession number. A rejected one is replaced by a new row."""

    class Status(models.TextChoices):
        AVAILABLE = "available"
        UNSATISFACTORY = "unsatisfactory"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    accession = models.CharField(max_length=20)
    encounter = models.ForeignKey("encounters.Encounter", on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)  # whole blood, urine
    container = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.AVAILABLE)
    reject_reason = models.CharField(max_length=100, blank=True)
    collected_at = models.DateTimeField(default=timezone.now)
    collected_by = SharedForeignKey("accounts.User", null=True, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["accession"], name="specimen_accession")]


class ServiceRequest(models.Model):
    """One ordered test, panel or imaging study.

    `detail` holds what only some orders have: {"sent_at", "sent_by"} (entered, waits for the
    verifier), {"returned"} (by the verifier, why), {"recollect"} (why a new sample is wanted),
    {"out_at"} (sent to an outside laboratory), {"paper", "paper_on"} (its own report: document,
    day it came); of imaging {"slot", "films", "done_at", "form_f"}.
    """

    class Status(models.TextChoices):
        ACTIVE = "active"
        COMPLETED = "completed"
        REVOKED = "revoked"

    class Category(models.TextChoices):
        LABORATORY = "laboratory"
        IMAGING = "imaging"
        POINT_OF_CARE = "poct"

    class Priority(models.TextChoices):
        ROUTINE = "routine"
        URGENT = "urgent"

    id = UUID7Field()
    encounter = models.ForeignKey("encounters.Encounter", on_delete=models.PROTECT)
    test_code = models.CharField(max_length=20)
    display_en = models.CharField(max_length=200)
    display_hi = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    ordered_at = models.DateTimeField(default=timezone.now)
    ordered_by = SharedForeignKey("accounts.User", db_index=False)
    category = models.CharField(
        max_length=12,
        choices=Category,
        default=Category.LABORATORY,
        db_default=Category.LABORATORY,
    )
    priority = models.CharField(
        max_length=8, choices=Priority, default=Priority.ROUTINE, db_default=Priority.ROUTINE
    )
    performer = models.CharField(  # an outside laboratory's code; "" is our own
        max_length=20, blank=True, default="", db_default=""
    )
    specimen = models.ForeignKey(Specimen, null=True, on_delete=models.PROTECT)
    revoke_reason = models.CharField(max_length=100, blank=True, default="", db_default="")
    detail = models.JSONField(default=dict, db_default={})

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        indexes = [  # collection list, worklists, what is open
            models.Index(
                fields=["ordered_at"], name="request_open", condition=models.Q(status="active")
            )
        ]


class DiagnosticReport(models.Model):
    """The result set of one ServiceRequest. Final ones are never edited: an amended report is a
    new row that `replaces` the old one.

    results: [{"code", "name_en", "name_hi", "loinc", "value", "unit", "flag", "low", "high",
    "range_note", "previous", "delta", "formula"}]; `value` is text as released.
    """

    class Status(models.TextChoices):
        PRELIMINARY = "preliminary"  # entered, not verified: leaves the laboratory nowhere
        FINAL = "final"
        AMENDED = "amended"
        SUPERSEDED = "superseded"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, db_index=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.PRELIMINARY)
    results = models.JSONField(default=list)
    conclusion = models.CharField(max_length=1000, blank=True)
    version = models.PositiveIntegerField(default=0)  # of the entry form: two people, one grid
    source = models.CharField(max_length=40, blank=True)  # analyser, outside laboratory, "" typed
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = SharedForeignKey("accounts.User", null=True, db_index=False)
    verified_at = models.DateTimeField(null=True)
    verified_by = SharedForeignKey("accounts.User", null=True, db_index=False)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    document_id = models.UUIDField(null=True)  # the paper in documents
    critical = models.JSONField(default=dict)  # {"codes", "told_at", "seen_at", "seen_by"}

    objects = DiagnosticReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-entered_at"], name="report_patient"),
            models.Index(
                fields=["entered_at"],
                name="report_to_verify",
                condition=models.Q(status="preliminary"),
            ),
        ]


class AnalyserMessage(models.Model):
    """One message of an analyser, kept before it is acknowledged. `digest` makes a resend harmless.

    What matched no accession number waits here (`parked`) for a person.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        MATCHED = "matched"
        PARKED = "parked"
        DISMISSED = "dismissed"

    id = UUID7Field()
    analyser = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    body = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    reason = models.CharField(max_length=100, blank=True)
    accession = models.CharField(max_length=20, blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    objects = AnalyserMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["analyser", "digest"], name="analyser_digest")
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="analyser_open",
                condition=models.Q(status__in=("waiting", "parked")),
            )
        ]
