"""Who is known where: no name, no birth date, no clinical fact."""

from django.db import models

from apps.core.fields import UUID7Field


class Person(models.Model):
    """A human across facilities. Exists only after ABHA verification (milestone of its own)."""

    id = UUID7Field()
    abha_hash = models.CharField(max_length=64, null=True)
    abha_address = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["abha_hash"], name="person_abha")]


class PersonLink(models.Model):
    """A Patient of a facility, found again by the keyed hash of the mobile it gave."""

    class Status(models.TextChoices):
        ACTIVE = "active"
        ENDED = "ended"

    id = UUID7Field()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, db_index=False)
    mobile_hash = models.CharField(max_length=64, blank=True)
    facility_id = models.UUIDField()
    patient_id = models.UUIDField()
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility_id", "patient_id"], name="link_patient")
        ]
        indexes = [models.Index(fields=["mobile_hash"], name="link_mobile")]


class PortalCode(models.Model):
    """A one-time code sent to a mobile. Only its keyed hash is kept; it lives ten minutes."""

    id = UUID7Field()
    mobile_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries_left = models.PositiveSmallIntegerField(default=5)
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["mobile_hash", "-created_at"], name="portal_code_mobile")]
