"""Screens that work without a log-in: made with a secret address, bound to one machine, revoked."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import short_code
from apps.core.tenancy import here
from apps.facilities import devices
from apps.facilities.models import Device, Facility
from apps.facilities.scope import require_reach

LANGUAGES = ("hi", "en", "both")


@transaction.atomic
def add_device(
    facility_id: UUID, *, id: UUID, kind: str, name: str, config: dict[str, Any], actor: Actor
) -> tuple[Device, str]:
    """A new screen and the secret part of its address, which is told only here.

    The same `id` again: the device, and "" because its secret is not kept.
    """
    facility = Facility.objects.get(pk=facility_id)
    require_reach(actor, Permission.FACILITY_CONFIG, facility)
    if done := Device.objects.filter(pk=id, facility=facility).first():
        return done, ""
    name = name.strip()
    if not name:
        raise Refused("screen.name")
    code = short_code(8)
    device = Device.objects.create(
        id=id, facility=facility, kind=kind, name=name[:60], code_hash=devices.hashed(code),
        config=_clean(config),
    )  # fmt: skip
    _record(Event.DEVICE_ADDED, device, actor, kind=kind)
    return device, code


@transaction.atomic
def change_device(device_id: UUID, *, name: str, config: dict[str, Any], actor: Actor) -> Device:
    """Another name, other rooms, another language; the machine stays bound."""
    device = _own(device_id, actor)
    if not name.strip():
        raise Refused("screen.name")
    device.name, device.config = name.strip()[:60], _clean(config)
    device.save(update_fields=["name", "config"])
    _record(Event.DEVICE_CHANGED, device, actor)
    return device


@transaction.atomic
def release_device(device_id: UUID, *, actor: Actor) -> str:
    """A new address, and the next machine that opens it is bound. The old machine is shut out."""
    device = _own(device_id, actor)
    code = short_code(8)
    device.code_hash, device.bound_hash, device.revoked_at = devices.hashed(code), "", None
    device.save(update_fields=["code_hash", "bound_hash", "revoked_at"])
    _record(Event.DEVICE_RELEASED, device, actor)
    return code


@transaction.atomic
def revoke_device(device_id: UUID, *, actor: Actor) -> Device:
    """The screen shows nothing any more. Safe to repeat; `release_device` brings it back."""
    device = _own(device_id, actor)
    if device.revoked_at is None:
        device.revoked_at = timezone.now()
        device.save(update_fields=["revoked_at"])
        _record(Event.DEVICE_REVOKED, device, actor)
    return device


@transaction.atomic
def bind_device(device: Device) -> str:
    """Bind the machine that opens the address first; the secret of its cookie.

    Of two machines at once one is bound: the update is guarded. Refused("screen.bound").
    """
    secret = secrets.token_urlsafe(24)
    free = Device.objects.filter(pk=device.pk, bound_hash="", revoked_at=None)
    if not free.update(bound_hash=devices.bound(secret), seen_at=timezone.now()):
        raise Refused("screen.bound")
    _record(Event.DEVICE_BOUND, device, Actor.of_system("device"))
    return secret


def _own(device_id: UUID, actor: Actor) -> Device:
    """A device of the hospital we stand in; another hospital's is not there."""
    device = (
        Device.objects.select_for_update(of=("self",))
        .select_related("facility")
        .filter(pk=device_id, facility_id=here())
        .first()
    )
    if device is None:
        raise Refused("screen.unknown")
    require_reach(actor, Permission.FACILITY_CONFIG, device.facility)
    return device


def _clean(config: dict[str, Any]) -> dict[str, Any]:
    language = config.get("language", "hi")
    return {
        "rooms": [str(room)[:12] for room in config.get("rooms", ())][:60],
        "language": language if language in LANGUAGES else "hi",
        "voice": bool(config.get("voice")),
    }


def _record(event: Event, device: Device, actor: Actor, **detail: Any) -> None:
    record(event, subject=device, facility_id=device.facility_id, actor=actor, **detail)
    transaction.on_commit(devices.forget)
