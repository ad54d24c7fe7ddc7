"""Analysers of hospitals: which hospital speaks on which port. Rows of Device, kind "analyser".

An analyser cannot log in. It is known by the port it was given and by the address it comes from;
`config`: {"protocol": "astm" | "hl7", "port", "allow": [networks], "codes": {sent: test code}}.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.core.tenancy import current_facility_id
from apps.facilities.models import Device


@dataclass(frozen=True)
class Analyser:
    id: UUID
    facility_id: UUID
    name: str
    protocol: str
    port: int
    allow: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)


def _analyser(row: Device) -> Analyser:
    config = row.config
    return Analyser(
        row.pk,
        row.facility_id,
        row.name,
        config.get("protocol", "astm"),
        int(config.get("port", 0)),
        tuple(config.get("allow", ())),
        config,
    )


def all_listening() -> list[Analyser]:
    """Every analyser that may speak, of all hospitals that are open. 1 query."""
    rows = Device.objects.filter(
        kind=Device.Kind.ANALYSER, revoked_at=None, facility__status="active"
    )
    return [_analyser(row) for row in rows.order_by("created_at")]


def of_facility(facility_id: UUID) -> list[Analyser]:
    """The analysers of one hospital. 1 query."""
    rows = Device.objects.filter(
        kind=Device.Kind.ANALYSER, revoked_at=None, facility_id=facility_id
    )
    return [_analyser(row) for row in rows.order_by("name")]


def by_name(name: str) -> Analyser | None:
    """An analyser of the hospital we stand in. 1 query."""
    here = current_facility_id()
    found = of_facility(here) if here else []
    return next((row for row in found if row.name == name), None)


def facilities() -> set[UUID]:
    """Hospitals that have an analyser. 1 query."""
    return {row.facility_id for row in all_listening()}


def free_port() -> int:
    """The next port of the range that nobody has. 1 query."""
    rows = Device.objects.filter(kind=Device.Kind.ANALYSER, revoked_at=None)
    used = {row.config.get("port") for row in rows}
    return next(port for port in range(4101, 9000) if port not in used)
