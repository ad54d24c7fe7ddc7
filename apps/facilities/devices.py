"""Which screen is asking: the secret of its address and of its cookie, both kept as hashes.

A screen asks every four seconds, so what is known of it stays in the memory of each process for
some seconds. A revoked screen is dark after that time everywhere.
"""

import hmac
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.core.ids import keyed_hash
from apps.facilities.models import Device

LIVES_S = 5.0
KEPT = 500
SEEN_EVERY_S = 60


@dataclass(frozen=True)
class Screen:
    """One screen as its hospital's pages need it."""

    id: UUID
    facility_id: UUID
    kind: str
    name: str
    bound_hash: str
    revoked: bool
    config: dict[str, Any] = field(default_factory=dict)

    @property
    def is_free(self) -> bool:
        return not self.bound_hash

    def knows(self, secret: str) -> bool:
        """Is this the cookie of the machine that is bound?"""
        return bool(self.bound_hash) and hmac.compare_digest(self.bound_hash, bound(secret))


_known: dict[tuple[UUID, str], tuple[float, Screen | None]] = {}


def hashed(code: str) -> str:
    return keyed_hash("device.code", code.upper())


def bound(secret: str) -> str:
    return keyed_hash("device.bound", secret)


def screen_of(facility_id: UUID, code: str) -> Screen | None:
    """The screen of this address, also when revoked. No query when warm, else 1."""
    key = (facility_id, hashed(code))
    until, screen = _known.get(key, (0.0, None))
    if until > time.monotonic():
        return screen
    row = Device.objects.filter(facility_id=facility_id, code_hash=key[1]).first()
    screen = _screen(row) if row else None
    if len(_known) > KEPT:
        _known.clear()
    if screen is not None and screen.bound_hash:  # neither a guess nor one that is still free
        _known[key] = (time.monotonic() + LIVES_S, screen)
    return screen


def _screen(row: Device) -> Screen:
    return Screen(
        row.pk, row.facility_id, row.kind, row.name, row.bound_hash, row.revoked_at is not None,
        row.config,
    )  # fmt: skip


def devices_of(facility_id: UUID) -> list[Device]:
    """Every screen of a hospital, the newest first. 1 query."""
    return list(Device.objects.filter(facility_id=facility_id).order_by("-created_at"))


def device(device_id: UUID) -> Device:
    """1 query. Raises Device.DoesNotExist."""
    return Device.objects.get(pk=device_id)


def saw(screen: Screen) -> None:
    """Note that it was alive now; at most once a minute. 1 query."""
    late = timezone.now() - timedelta(seconds=SEEN_EVERY_S)
    Device.objects.filter(pk=screen.id).exclude(seen_at__gt=late).update(seen_at=timezone.now())


def forget() -> None:
    """Drop what this process knows (after a change, in tests)."""
    _known.clear()
