"""Devices that see a finger, an iris or a face; which one is a setting, `ABHA_BIOMETRIC_ADAPTER`.

"none": no device. "face": only the patient's own phone with the ABHA app. "demo": a pretended one,
beside our stand-in only. Else the dotted path of a class like `Device`: a registered device is
spoken to by the browser it is plugged into, so `script` fills the form and `scan` checks it.
"""

import base64
from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from apps.core.errors import Refused
from apps.gateway.environment import stand_in

MOST = 200_000  # letters of a scan


class Device(Protocol):
    """`kinds`: of finger, iris, face. `script`: static path of what captures in the browser."""

    kinds: tuple[str, ...]
    script: str

    def scan(self, kind: str, wadh: str, posted: str) -> str:
        """The encrypted block of one scan. Raises Refused("abha.no_scan")."""
        ...


class NoDevice:
    """Nothing is connected."""

    kinds: tuple[str, ...] = ()
    script = ""

    def scan(self, kind: str, wadh: str, posted: str) -> str:
        raise Refused("abha.no_device")


class FaceOnly(NoDevice):
    """The patient looks into the own phone; no device of ours takes part."""

    kinds: tuple[str, ...] = ("face",)


class PretendedDevice:
    """For demonstrations: says so in its scan, and works with the stand-in alone."""

    kinds: tuple[str, ...] = ("finger", "iris", "face")
    script = ""

    def scan(self, kind: str, wadh: str, posted: str) -> str:
        if not stand_in():
            raise Refused("abha.no_device")
        return base64.b64encode(f"DEMO {kind} {wadh}".encode()).decode()


OURS: dict[str, Callable[[], Device]] = {
    "none": NoDevice,
    "face": FaceOnly,
    "demo": PretendedDevice,
}


def device() -> Device:
    """The one that is set."""
    named = settings.ABHA_BIOMETRIC_ADAPTER
    made: Device = (OURS.get(named) or import_string(named))()
    return made


def scanned(kind: str, wadh: str, posted: str) -> str:
    """One scan of a kind that the device can. Raises Refused."""
    one = device()
    if kind not in one.kinds:
        raise Refused("abha.no_device")
    if len(posted) > MOST:
        raise Refused("abha.no_scan")
    return one.scan(kind, wadh, posted)
