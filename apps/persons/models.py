"""Who is known where: no name, no birth date, no clinical fact. Who is on the way to a window:
what they told of themselves, encrypted, until the window took it or the day is over."""

from django.db import models
from django.utils import timezone

from apps.core.fields import EncryptedTextField, UUID7Field


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


class Arrival(models.Model):
    """Somebody who told who they are before the window: at the gate, at a kiosk, at home, by ABHA.

    A row, not a cache entry: a cache that restarts would send a crowd to the window with nothing,
    and of two clerks who press at once one must win. `profile` is emptied when it was taken.
    """

    class Source(models.TextChoices):
        GATE = "gate"
        KIOSK = "kiosk"
        HOME = "home"
        SCAN = "scan"  # ABDM Scan & Share

    class Status(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        GONE = "gone"

    id = UUID7Field()
    facility_id = models.UUIDField()
    day = models.DateField()
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=5, choices=Source)
    department = models.CharField(max_length=20, blank=True)
    profile = EncryptedTextField(blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    encounter_id = models.UUIDField(null=True)
    arrived_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility_id", "day", "number"], name="arrival_number")
        ]
        indexes = [
            models.Index(
                fields=["facility_id", "day"],
                name="arrival_waiting",
                condition=models.Q(status="waiting"),
            )
        ]
