"""How a hospital wants it: rooms, departments, sessions, papers. JSON on Facility, typed here."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.errors import Words


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
    """Where a department sees patients. `code` is what the slip prints.

    `kind` "tele": the doctor of this room sits elsewhere and is seen by video.
    """

    code: str
    department: str
    name_hi: str = ""
    name_en: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """An OPD session with a token series of its own. Times are local, HH:MM."""

    code: str
    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class Store:
    """A place that holds stock. A "counter" gives to patients, a "store" keeps and hands on;
    "emergency", "ward", "labour", "ambulance" and "lab" use up what they hold.
    """

    code: str
    name_hi: str
    name_en: str
    kind: str = "store"


STORE_KINDS = ("store", "counter", "emergency", "ward", "labour", "ambulance", "lab")


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
    fee_exempt: tuple[str, ...] = ("emergency", "alarm", "pregnant", "senior", "disabled", "infant")
    slip_valid_days: int = 0  # a paid slip counts so long for the same department; 0: one visit
    languages: tuple[str, ...] = ("hi", "en")
    letterhead_hi: str = ""
    letterhead_en: str = ""
    help_line: str = "104"
    level: str = "PHC"  # whose drug and test list counts while the hospital has none of its own
    drug_codes: tuple[str, ...] = ()
    test_codes: tuple[str, ...] = ()
    stores: tuple[Store, ...] = (
        Store("main", "मुख्य भंडार", "Main store"),
        Store("counter-1", "दवा काउंटर 1", "Medicine counter 1", "counter"),
    )
    lead_days: int = 14  # from indent to arrival
    cover_days: int = 30  # how long an indent should last
    abha_sms: bool = False  # ABDM's own SMS to patients without ABHA, after the signature
    abha_sms_daily: int = 200
    population: int = 0  # how many people it serves, 0: nobody told
    catchment: str = ""  # which blocks or panchayats they live in
    tele_link: str = ""  # the State's video service: https://…{visit}…
    extra: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "FacilityConfig":
        """From the JSON of Facility.config; unknown keys are ignored, missing ones defaulted."""
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        for name, shape in (
            ("departments", Department),
            ("rooms", Room),
            ("sessions", Session),
            ("stores", Store),
        ):
            if name in known:
                known[name] = tuple(shape(**row) for row in known[name])
        for name in ("counters", "languages", "drug_codes", "test_codes", "fee_exempt"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        """As it comes back from the database: lists, no tuples."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    def department(self, code: str) -> Department | None:
        return next((d for d in self.departments if d.code == code), None)

    def store(self, code: str) -> Store | None:
        return next((s for s in self.stores if s.code == code), None)

    @property
    def medicine_counters(self) -> tuple[Store, ...]:
        return tuple(s for s in self.stores if s.kind == "counter")

    def rooms_of(self, department: str) -> tuple[Room, ...]:
        return tuple(room for room in self.rooms if room.department == department)


def fingerprint(raw: dict[str, Any]) -> str:
    """Names one state of the settings, so that a form knows if somebody was faster."""
    text = json.dumps(raw, sort_keys=True, ensure_ascii=False, default=list)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def problems(config: FacilityConfig) -> list[Words]:
    """What does not fit together, a sentence each; empty when the hospital can work so."""
    open_ = {d.code for d in config.departments if d.active}
    checks: tuple[tuple[bool, Words], ...] = (
        (not open_, _("Keep at least one department open.")),
        (_twice(d.code for d in config.departments), _("Two departments have the same code.")),
        (
            _twice(d.letter for d in config.departments if d.active),
            _("Two departments have the same token letter."),
        ),
        (_twice(r.code for r in config.rooms), _("Two rooms have the same number.")),
        (
            any(r.department not in {d.code for d in config.departments} for r in config.rooms),
            _("A room belongs to a department that is not in the list."),
        ),
        (
            bool(open_ - {r.department for r in config.rooms}),
            _("Every open department needs a room."),
        ),
        (not config.counters, _("Keep at least one counter.")),
        (_twice(config.counters), _("Two counters have the same name.")),
        (_twice(s.code for s in config.stores), _("Two stores have the same code.")),
        (
            not config.medicine_counters or not any(s.kind == "store" for s in config.stores),
            _("Keep one medicine store and one medicine counter."),
        ),
        (not config.sessions, _("Keep at least one session.")),
        (
            any(s.starts >= s.ends for s in config.sessions),
            _("A session must end after it starts."),
        ),
        (_overlap(config.sessions), _("Two sessions overlap.")),
    )
    return [sentence for wrong, sentence in checks if wrong]


def _twice(names: Iterable[str]) -> bool:
    seen = list(names)
    return len(seen) != len(set(seen))


def _overlap(sessions: Sequence[Session]) -> bool:
    ordered = sorted(sessions, key=lambda session: session.starts)
    return any(early.ends > late.starts for early, late in pairwise(ordered))
