"""What a hospital has linked, what it may show and see by consent, and what it was shown."""

from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field


class CareContext(models.Model):
    """One visit as a patient's app sees it. Once linked it can never be unlinked, so it is linked
    only for a verified ABHA. `hi_types` are what the visit has, `told` what the gateway knows of.
    """

    class Status(models.TextChoices):
        DRAFT = "draft"
        WAITING = "waiting"  # for a link token
        SENT = "sent"
        LINKED = "linked"
        REJECTED = "rejected"  # a person must mend something
        HOLD = "hold"  # the token is refused for now

    class Via(models.TextChoices):
        HOSPITAL = "hip"
        PATIENT = "user"

    id = UUID7Field()
    encounter = models.OneToOneField("encounters.Encounter", on_delete=models.PROTECT)
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT)
    reference = models.CharField(max_length=40)
    abha_address = models.CharField(max_length=80)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    via = models.CharField(max_length=4, choices=Via, default=Via.HOSPITAL)
    hi_types = models.JSONField(default=list)
    told = models.JSONField(default=list)
    kyc = models.BooleanField(default=False)  # the ABHA behind it is verified by KYC (DHIS)
    error_code = models.CharField(max_length=12, blank=True)
    error = models.CharField(max_length=160, blank=True)
    sent_at = models.DateTimeField(null=True)
    linked_at = models.DateTimeField(null=True)
    notified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                name="carecontext_open",
                condition=models.Q(status__in=("draft", "waiting", "sent", "hold")),
            )
        ]


class Side(models.TextChoices):
    """In which part this hospital stands: it holds the records, or it asks for them."""

    HOLDER = "hip"
    ASKER = "hiu"


class ConsentArtefact(models.Model):
    """A person's leave that records are shown: to whom, why, which and until when. Only the facts
    we act on are kept, never the artefact itself. A row without patient is one whose end was told
    before its beginning: it can never be granted any more.

    When we ask for records of others (`side` hiu) one row is the request (no `artefact_id`), and
    each hospital that holds records adds a row with the same `request_id`: its artefact. `proof` is
    the SHA-256 of artefact and signature as they came, `next_check_at` when we ask how it stands.

    Records that a patient gives with a share (`purpose` PATRQT, `side` hiu) make the same two rows;
    `requester` is the ABHA address, and the patient may be found later.
    """

    class Status(models.TextChoices):
        ASKED = "asked"
        DENIED = "denied"
        GRANTED = "granted"
        REVOKED = "revoked"
        EXPIRED = "expired"
        FAILED = "failed"  # the gateway refused our request, or its artefact cannot be used

    id = UUID7Field()
    side = models.CharField(max_length=3, choices=Side, default=Side.HOLDER)
    artefact_id = models.UUIDField(null=True)
    request_id = models.UUIDField(null=True)
    asked_by = SharedForeignKey("accounts.User", null=True, db_index=False)
    patient = models.ForeignKey("patients.Patient", null=True, on_delete=models.PROTECT)
    status = models.CharField(max_length=8, choices=Status, default=Status.GRANTED)
    references = models.JSONField(default=list)  # of the care contexts that it names
    hi_types = models.JSONField(default=list)
    date_from = models.DateTimeField(null=True)
    date_to = models.DateTimeField(null=True)
    erase_at = models.DateTimeField(null=True)
    purpose = models.CharField(max_length=20, blank=True)
    requester = models.CharField(max_length=120, blank=True)
    hiu_id = models.CharField(max_length=60, blank=True)
    hiu_name = models.CharField(max_length=120, blank=True)
    hip_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    hip_name = models.CharField(max_length=120, blank=True, default="", db_default="")
    proof = models.CharField(max_length=64, blank=True, default="", db_default="")
    next_check_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=12, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["artefact_id", "side"], name="consent_artefact")
        ]
        indexes = [
            models.Index(
                fields=["erase_at"],
                name="consent_in_force",
                condition=models.Q(status="granted"),
            ),
            models.Index(  # whom to ask how it stands: asking.sweep
                fields=["next_check_at"],
                name="consent_asked",
                condition=models.Q(status="asked"),
            ),
            models.Index(  # the rows of one request, which every answer names: asking._rows
                fields=["request_id"],
                name="consent_request",
                condition=models.Q(side="hiu"),
            ),
        ]


class HealthInformationTransfer(models.Model):
    """One flow of records under a consent. `entries` are its pages in order: {"paper", "kind",
    "context", "state": waiting | sent | failed, "tries", "why"}. `sealed` holds keys and the
    address to push to as ciphertext; it is emptied when the transfer is over.

    When we ask (`side` hiu), "sending" means that pages come in, `pages` how many were announced,
    `sent` and `failed` count the records that could and could not be read; `sealed` holds our keys,
    and is empty while the request waits for its hour.
    """

    class Status(models.TextChoices):
        ASKED = "asked"
        ACKNOWLEDGED = "acknowledged"  # the gateway took our answer
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"  # at least one paper did not arrive
        REFUSED = "refused"

    id = UUID7Field()
    side = models.CharField(max_length=3, choices=Side, default=Side.HOLDER)
    transaction_id = models.UUIDField(null=True)
    consent = models.ForeignKey(ConsentArtefact, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, choices=Status, default=Status.ASKED)
    date_from = models.DateTimeField(null=True)
    date_to = models.DateTimeField(null=True)
    push_host = models.CharField(max_length=120, blank=True)
    sealed = models.TextField(blank=True)
    entries = models.JSONField(default=list)
    sent = models.PositiveSmallIntegerField(default=0)
    failed = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveSmallIntegerField(default=0, db_default=0)
    error_code = models.CharField(max_length=12, blank=True)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transaction_id", "side"], name="transfer_transaction")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="transfer_open",
                condition=models.Q(status__in=("asked", "acknowledged", "sending")),
            )
        ]


class ReceivedRecord(models.Model):
    """One record of another hospital, kept until the consent ends and then emptied.

    `content` is the encrypted entry as it was pushed while it waits, then the bundle as ciphertext
    for this hospital, "" when it could not be read (`why`) or was erased. Nothing of it is ever
    copied into the tables of our own record.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        SHOWN = "shown"
        FAILED = "failed"
        ERASED = "erased"

    id = UUID7Field()
    transfer = models.ForeignKey(
        HealthInformationTransfer, on_delete=models.PROTECT, db_index=False
    )
    page = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()  # of the entry in its page
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    why = models.CharField(max_length=16, blank=True)
    reference = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    written_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField(default=0)
    head = models.TextField(blank=True)  # what a list shows of it, as ciphertext
    content = models.TextField(blank=True)
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "page", "place"], name="received_place")
        ]
