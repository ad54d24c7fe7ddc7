"""How a hospital wants it: rooms, departments, sessions, papers. JSON on Facility, typed here."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Department:
    """`code` is also the queue's code and, with `letter`, what the slip shows: M-048."""

    code: str
    name_hi: str
    name_en: str
    letter: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """Where a department sees patients. `code` is what the slip prints."""

    code: str
    department: str
    name_hi: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An OPD session with a token series of its own. Times are local, HH:MM."""

    code: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class FacilityConfig:
    departments: tuple[Department, ...] = ()
    rooms: tuple[Room, ...] = ()
    counters: tuple[str, ...] = ("1",)
    sessions: tuple[Session, ...] = (
        Session("1", "08:00", "14:00"),
        Session("2", "15:30", "17:30"),
    )
    vitals_first: bool = True  # tokens pass the nursing desk before the doctor
    fee_rupees: int = 0
    languages: tuple[str, ...] = ("hi", "en")
    letterhead_hi: str = ""
    letterhead_en: str = ""
    help_line: str = "104"
    level: str = "PHC"  # whose drug and test list counts while the hospital has none of its own
    drug_codes: tuple[str, ...] = ()
    test_codes: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "FacilityConfig":
        """From the JSON of Facility.config; unknown keys are ignored, missing ones defaulted."""
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        for name, shape in (("departments", Department), ("rooms", Room), ("sessions", Session)):
            if name in known:
                known[name] = tuple(shape(**row) for row in known[name])
        for name in ("counters", "languages", "drug_codes", "test_codes"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def department(self, code: str) -> Department | None:
        return next((d for d in self.departments if d.code == code), None)

    def rooms_of(self, department: str) -> tuple[Room, ...]:
        return tuple(room for room in self.rooms if room.department == department)
