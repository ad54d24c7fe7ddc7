"""The facility's own legal record of a human."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from apps.core.fields import SharedForeignKey, UUID7Field


class Patient(models.Model):
    """Names as written in both scripts; age as told (year of birth, month when known)."""

    class Sex(models.TextChoices):
        FEMALE = "female"
        MALE = "male"
        OTHER = "other"
        UNKNOWN = "unknown"

    class Script(models.TextChoices):
        TYPED = "typed"
        AUTO = "auto"

    id = UUID7Field()
    mrn = models.CharField(max_length=20)
    person = SharedForeignKey("persons.Person", null=True, db_index=False)
    name_hi = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    name_auto = models.CharField(max_length=2, blank=True)  # which name was transliterated
    search_key = models.CharField(max_length=200)
    sex = models.CharField(max_length=8, choices=Sex)
    birth_date = models.DateField()
    birth_estimated = models.BooleanField(default=True)
    mobile = models.CharField(max_length=10, blank=True)
    guardian_relation = models.CharField(max_length=10, blank=True)
    guardian_name = models.CharField(max_length=80, blank=True)
    village = models.CharField(max_length=80, blank=True)
    block_code = models.CharField(max_length=12, blank=True)
    district_code = models.CharField(max_length=12, blank=True)
    abha_number = models.CharField(max_length=14, blank=True)
    abha_address = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=5, default="hi")
    conditions = models.JSONField(default=list)  # long-term problems: [{code, hi, en, since}]
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    registered_at = models.DateTimeField(default=timezone.now)
    unknown = models.BooleanField(default=False, db_default=False)  # brought without a name
    mother = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    panchayat = models.CharField(max_length=80, blank=True, default="", db_default="")
    village_code = models.CharField(max_length=12, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mrn"], name="patient_mrn")]
        indexes = [
            models.Index(fields=["mobile"], name="patient_mobile"),
            models.Index(
                fields=["search_key"], name="patient_name", opclasses=["text_pattern_ops"]
            ),
            # Words inside a name and misspelt ones; the extension lives in the public schema.
            GinIndex(
                fields=["search_key"], name="patient_sound", opclasses=["public.gin_trgm_ops"]
            ),
        ]


class AllergyIntolerance(models.Model):
    """A known reaction. `code` "none" with status active means: asked, none known."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        ENTERED_IN_ERROR = "entered-in-error"

    id = UUID7Field()
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT)
    code = models.CharField(max_length=40)
    display_en = models.CharField(max_length=120)
    display_hi = models.CharField(max_length=120, blank=True)
    reaction = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=16, choices=Status, default=Status.ACTIVE)
    recorded_at = models.DateTimeField(default=timezone.now)
