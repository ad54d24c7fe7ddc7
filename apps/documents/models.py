"""Everything printable. Issuing freezes the content; a file is only its picture."""

from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field
from apps.documents.kinds import form_of


class DocumentReference(models.Model):
    """One document. `content` is the snapshot in both languages; `renditions` are its PDFs.

    renditions: {"hi-a5": {"status": "waiting|ready|failed", "at", "tries", "key", "bytes", "pages",
    "reason"}}; "at" is when it was asked for, last tried or made.
    """

    class Kind(models.TextChoices):
        PRESCRIPTION = "Prescription"
        OP_CONSULTATION = "OPConsultation"
        DIAGNOSTIC_REPORT = "DiagnosticReport"
        HEALTH_DOCUMENT = "HealthDocumentRecord"

    class Status(models.TextChoices):
        CURRENT = "current"
        SUPERSEDED = "superseded"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    kind = models.CharField(max_length=24, choices=Kind)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, db_index=False)
    encounter = models.ForeignKey("encounters.Encounter", on_delete=models.PROTECT)
    code = models.CharField(max_length=12)  # the check page's address
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="hi")
    author = SharedForeignKey("accounts.User", null=True, db_index=False)
    status = models.CharField(max_length=16, choices=Status, default=Status.CURRENT)
    supersedes = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    renditions = models.JSONField(default=dict)
    pending = models.BooleanField(default=True)  # a rendition is still waiting: the sweep looks
    issued_at = models.DateTimeField(default=timezone.now)
    form = models.CharField(  # which paper of its kind: "medical-certificate"; "" is the kind's own
        max_length=30, blank=True, default="", db_default=""
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="document_code")]
        indexes = [
            models.Index(fields=["patient", "-issued_at"], name="document_patient"),
            models.Index(
                fields=["issued_at"], name="document_pending", condition=models.Q(pending=True)
            ),
        ]

    @property
    def template(self) -> str:
        """Name of the page that shows it."""
        return self.form or self.kind

    @property
    def title(self) -> str:
        """What it is called, in the reader's language."""
        return str(form_of(self.kind, self.form).title)
