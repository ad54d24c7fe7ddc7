"""Places: the State's map, the register of hospitals, and the facilities that are live tenants."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from apps.core.fields import UUID7Field


class FacilityType(models.TextChoices):
    MCH = "MCH"
    DH = "DH"
    SDH = "SDH"
    RH = "RH"
    CHC = "CHC"
    PHC = "PHC"
    APHC = "APHC"


class RegisterType(models.TextChoices):
    """A facility type, or BLOCK: a block's hospital of which nobody wrote down if CHC or PHC."""

    MCH = "MCH"
    DH = "DH"
    SDH = "SDH"
    RH = "RH"
    CHC = "CHC"
    PHC = "PHC"
    APHC = "APHC"
    BLOCK = "BLOCK"


class Region(models.Model):
    """A division, district, sub-division, block, panchayat or village, named in both scripts.

    `code` is the LGD code for districts and blocks, the source file's code for the others.
    """

    class Kind(models.TextChoices):
        DIVISION = "division"
        DISTRICT = "district"
        SUBDIVISION = "subdivision"
        BLOCK = "block"
        PANCHAYAT = "panchayat"
        VILLAGE = "village"

    id = UUID7Field()
    kind = models.CharField(max_length=12, choices=Kind)
    code = models.CharField(max_length=12)
    lgd_code = models.CharField(max_length=10, blank=True)
    name_en = models.CharField(max_length=80)
    name_hi = models.CharField(max_length=80)
    parent_code = models.CharField(max_length=12, blank=True)
    detail = models.JSONField(default=dict)
    source = models.CharField(max_length=120)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="region_kind_code")]
        indexes = [models.Index(fields=["kind", "parent_code"], name="region_parent")]


class RegisterEntry(models.Model):
    """A hospital that is known to exist. It becomes a Facility when it is brought on board."""

    id = UUID7Field()
    code = models.CharField(max_length=12)
    facility_type = models.CharField(max_length=5, choices=RegisterType)
    name_en = models.CharField(max_length=160)
    name_hi = models.CharField(max_length=160)
    district_code = models.CharField(max_length=12)
    block_code = models.CharField(max_length=12, blank=True)
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True)
    bed_norm = models.CharField(max_length=10, blank=True)  # a number or a range, as in "6-30"
    hfr_id = models.CharField(max_length=20, blank=True)
    verified = models.BooleanField(default=False)
    basis = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=120)
    search_key = models.CharField(max_length=400)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="register_code")]
        indexes = [
            models.Index(fields=["district_code", "facility_type"], name="register_district")
        ]


class RealFacilities(models.Manager["Facility"]):
    """Hospitals only. A training place is asked for by name (`every`), never found by chance."""

    def get_queryset(self) -> models.QuerySet["Facility"]:
        return super().get_queryset().filter(trains_for=None)


class Facility(TenantMixin):
    """A hospital or centre that is live on Bhavya: our tenant. `prefix` starts its numbers.

    `trains_for`: this is no hospital but the training place of the one with that id.
    """

    class Status(models.TextChoices):
        PROVISIONING = "provisioning"
        ACTIVE = "active"
        FAILED = "failed"
        RETIRED = "retired"

    class RetireReason(models.TextChoices):
        CLOSED = "closed", _("The hospital is closed")
        MERGED = "merged", _("It is now part of another hospital")
        MISTAKE = "mistake", _("It was brought on board by mistake")
        MOVED = "moved", _("It works with another system")

    auto_create_schema = False  # DDL never runs in a request
    auto_drop_schema = False

    id = UUID7Field()
    register_code = models.CharField(max_length=12)
    facility_type = models.CharField(max_length=5, choices=FacilityType)
    name_en = models.CharField(max_length=160)
    name_hi = models.CharField(max_length=160)
    prefix = models.CharField(max_length=5)
    slug = models.CharField(max_length=40)
    district_code = models.CharField(max_length=12)
    block_code = models.CharField(max_length=12, blank=True)
    hfr_id = models.CharField(max_length=20, blank=True)
    hfr_until = models.DateField(null=True)  # when the register wants it confirmed; a person types
    is_demo = models.BooleanField(default=False)
    trains_for = models.UUIDField(null=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.PROVISIONING)
    progress = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=200, blank=True)
    schema_version = models.CharField(max_length=64, blank=True)
    config = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RealFacilities()
    every: "models.Manager[Facility]" = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trains_for"], name="facility_trains_for"),
            models.UniqueConstraint(fields=["register_code"], name="facility_register_code"),
            models.UniqueConstraint(fields=["prefix"], name="facility_prefix"),
            models.UniqueConstraint(fields=["slug"], name="facility_slug"),
        ]
        indexes = [models.Index(fields=["district_code", "status"], name="facility_district")]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_training(self) -> bool:
        return self.trains_for is not None


class Domain(DomainMixin):
    """A host name that leads to a Facility."""


class NumberSeries(models.Model):
    """The last number given in one series of one facility in one period."""

    id = UUID7Field()
    facility_id = models.UUIDField()
    series = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility_id", "series", "period"], name="series_facility_period"
            )
        ]


class RegistryNote(models.Model):
    """What a national register said of one id, and when it was asked. `key`: the id itself; the
    hospital's own for a search, a linkage or a warning. `detail` never holds a patient.
    """

    class Kind(models.TextChoices):
        HFR = "hfr"  # one hospital in the Health Facility Registry
        HPR = "hpr"  # one person in the Healthcare Professionals Registry
        BRIDGE = "bridge"  # our software at the gateway: which address callbacks go to
        SERVICE = "service"  # one hospital's service id at the gateway
        LINKAGE = "linkage"  # the register's tie of a hospital to our software
        SEARCH = "search"  # hospitals found by name
        WARNED = "warned"  # which end of which id was told of
        HISTORY = "history"  # who changed what of it: the trail has no index by hospital

    class State(models.TextChoices):
        ASKED = "asked"
        FOUND = "found"
        NONE = "none"
        REFUSED = "refused"
        SILENT = "silent"  # it does not answer

    id = UUID7Field()
    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    detail = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="registry_note")]


class Device(models.Model):
    """A screen or kiosk of a hospital that works without a log-in, bound by a code.

    `code_hash` is of the secret in its address; `bound_hash` of the cookie of the one machine that
    opened it first. `config`: {"rooms": [...], "language", "voice"} of a TV.
    """

    class Kind(models.TextChoices):
        TV = "tv"
        KIOSK = "kiosk"
        ANALYSER = "analyser"

    id = UUID7Field()
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=60)
    code_hash = models.CharField(max_length=64)
    bound_hash = models.CharField(max_length=64, blank=True)
    config = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code_hash"], name="device_code")]


class OnboardingList(models.Model):
    """A list of hospitals that somebody brought on board at once, and what became of each line.

    `lines`: {"line", "code", "outcome", "why"}; a queued line's end stands on its Facility.
    """

    id = UUID7Field()
    user_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)
    lines = models.JSONField(default=list)


class Ticket(models.Model):
    """A call for help from a page. `page` is the pattern of its address, never the address: no
    patient's number stands in it. `snapshot`: what a job saw of the machinery, no patient data.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    class Printer(models.TextChoices):
        FINE = "fine", _("The printer works, or is not the matter")
        SILENT = "silent", _("The printer does not print")
        WRONG = "wrong", _("It prints, but wrongly")

    id = UUID7Field()
    facility_id = models.UUIDField(null=True)
    district_code = models.CharField(max_length=12, blank=True)
    user_id = models.UUIDField()
    text = models.CharField(max_length=1000)
    page = models.CharField(max_length=120, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    printer = models.CharField(max_length=6, choices=Printer, default=Printer.FINE)
    snapshot = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["status", "-created_at"], name="ticket_status"),
            models.Index(fields=["user_id", "-created_at"], name="ticket_user"),
        ]
