"""Catalogues shared by every facility. Loaded by commands, read-only elsewhere.

Each row carries its provenance; `verified` stays false until a clinical committee signs it.
"""

from django.db import models
from django.utils import timezone

from apps.core.fields import UUID7Field
from apps.terminology.dosage_forms import DOSAGE_FORMS


class Medication(models.Model):
    """One drug, form and strength of the catalogue (NLEM 2022 names)."""

    id = UUID7Field()
    code = models.CharField(max_length=12)
    generic_name = models.CharField(max_length=120)
    name_hi = models.CharField(max_length=120, blank=True)
    form = models.CharField(max_length=60)
    strength = models.CharField(max_length=80, blank=True)
    route = models.CharField(max_length=40, blank=True)
    at_primary = models.BooleanField(default=False)
    at_secondary = models.BooleanField(default=False)
    at_tertiary = models.BooleanField(default=False)
    atc_code = models.CharField(max_length=10, blank=True)
    detail = models.JSONField(default=dict)
    search_key = models.CharField(max_length=200)
    verified = models.BooleanField(default=False)
    provenance = models.CharField(max_length=300)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code"], name="medication_code")]

    @property
    def form_name(self) -> str:
        """The dosage form in the reader's language."""
        return str(DOSAGE_FORMS.get(self.form, self.form))


class Code(models.Model):
    """A coded word of a list: diagnosis (ICD-10), lab test (LOINC), dose phrase, complaint."""

    class System(models.TextChoices):
        DIAGNOSIS = "diagnosis"
        TEST = "test"
        DOSE = "dose"
        COMPLAINT = "complaint"
        ADVICE = "advice"
        ALLERGY = "allergy"
        VITAL = "vital"

    id = UUID7Field()
    system = models.CharField(max_length=12, choices=System)
    code = models.CharField(max_length=20)
    standard = models.CharField(max_length=12, blank=True)
    standard_code = models.CharField(max_length=20, blank=True)
    name_en = models.CharField(max_length=200)
    name_hi = models.CharField(max_length=200, blank=True)
    group_en = models.CharField(max_length=80, blank=True)
    group_hi = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    search_key = models.CharField(max_length=400)
    verified = models.BooleanField(default=False)
    provenance = models.CharField(max_length=300)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "code"], name="code_system_code")]


class Definition(models.Model):
    """One version of something that the State, a hospital or a doctor defines and edits.

    `kind` says what `body` holds: "set" (a treatment set), "rule" (a clinical rule's switch),
    "test" and "range" (a laboratory's masters), "template" (words on a paper). The newest version
    counts; older ones stay. `facility_id` empty: the State's; `user_id`: a person's own.
    """

    class Kind(models.TextChoices):
        SET = "set"
        RULE = "rule"
        TEST = "test"
        RANGE = "range"
        TEMPLATE = "template"

    id = UUID7Field()
    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=60)
    facility_id = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)
    body = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    verified = models.BooleanField(default=False)
    provenance = models.CharField(max_length=300)
    defined_by = models.UUIDField(null=True)
    defined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "facility_id", "user_id", "version"],
                name="definition_version",
                nulls_distinct=False,
            )
        ]


class Catalogue(models.Model):
    """Which state a list is in. Processes keep lists in memory and compare `stamp` before use."""

    id = UUID7Field()
    name = models.CharField(max_length=12)
    stamp = models.UUIDField()
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="catalogue_name")]
