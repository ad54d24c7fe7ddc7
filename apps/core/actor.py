"""Who is acting, here and now, with which rights. Built once, then only asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from apps.core.errors import Forbidden
from apps.core.permission import Permission

__all__ = ["NOBODY", "Actor", "Level", "Permission", "Scope"]


class Level(StrEnum):
    """How far a capability reaches (letters of the role matrix)."""

    DO = "W"
    APPROVE = "A"
    SEE = "V"
    OWN = "O"
    MASKED = "M"
    BREAK_GLASS = "B"

    @property
    def strength(self) -> int:
        return "BMOVAW".index(self.value)


class Scope(StrEnum):
    """The widest place a posting acts in."""

    FACILITY = "facility"
    BLOCK = "block"
    DISTRICT = "district"
    STATE = "state"


WRITES = frozenset({Level.DO, Level.APPROVE, Level.OWN})
READS = WRITES | {Level.SEE}
NO_GRANTS: Mapping[Permission, Level] = MappingProxyType({})


class _Can:
    """Lets a template ask `{% if actor.can.rx_dispense %}`."""

    def __init__(self, actor: "Actor") -> None:
        self._actor = actor

    def __getitem__(self, name: str) -> bool:
        return self._actor.level(Permission[name.upper()]) in READS


@dataclass(frozen=True, slots=True)
class Actor:
    """`place` is the LGD code of the block or district, empty for facility and State.

    `key_id`: a programme that reads by an API key; every row of the trail then names the key.
    """

    user_id: UUID | None = None
    facility_id: UUID | None = None
    scope: Scope = Scope.FACILITY
    place: str = ""
    roles: frozenset[str] = frozenset()
    grants: Mapping[Permission, Level] = field(default_factory=lambda: NO_GRANTS)
    system: str = ""
    key_id: UUID | None = None

    @classmethod
    def of_system(
        cls, name: str, *permissions: Permission, facility_id: UUID | None = None
    ) -> "Actor":
        """A job's identity: a name for the audit trail and a small set of rights."""
        grants = MappingProxyType(dict.fromkeys(permissions, Level.DO))
        return cls(facility_id=facility_id, grants=grants, system=name)

    @property
    def can(self) -> _Can:
        return _Can(self)

    @property
    def is_posted(self) -> bool:
        return bool(self.grants)

    def level(self, permission: Permission) -> Level | None:
        return self.grants.get(permission)

    def may(self, permission: Permission) -> bool:
        """True when a write under `permission` would pass `require`."""
        return self.grants.get(permission) in WRITES

    def sees(self, permission: Permission, *, masked: bool = False) -> bool:
        level = self.grants.get(permission)
        return level in READS or (masked and level is Level.MASKED)

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless this actor may write under `permission`."""
        if not self.may(permission):
            raise Forbidden(permission)


NOBODY = Actor()
