"""What the stand-in knows: people with ABHA, hospitals, links, shares. All of it invented.

ABHA numbers start with 91-0000-0000 (a range of our own for demonstration, with right check
digits), mobiles with 60000. Nothing here is kept when the process ends.
"""

import itertools
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any

from apps.abdm_sandbox.fidelius import Keys


@dataclass
class Account:
    """A person with an ABHA, as the registry knows them."""

    abha_number: str  # with dashes
    address: str
    name: str
    gender: str
    year: int
    month: int
    day: int
    mobile: str
    kyc: bool = True
    otp: str = "123456"
    parent: str = ""  # the parent's ABHA number, of a child
    status: str = "ACTIVE"  # DEACTIVATED, DELETED
    aadhaar: str = ""  # of the range 0000…, which no real number has


@dataclass
class Talk:
    """A code was sent: for whom, for what, and how often it was typed wrong."""

    id: str
    kind: str
    at: datetime
    addresses: list[str]
    aadhaar: str = ""
    mobile: str = ""
    wrong: int = 0
    t_token: str = ""
    t_at: datetime | None = None


@dataclass
class Service:
    """A hospital at the gateway. `types`: HIP, HIU."""

    id: str
    name: str
    types: tuple[str, ...] = ("HIP", "HIU")


@dataclass
class Context:
    """A care context that is linked to an address."""

    address: str
    service_id: str
    patient_reference: str
    reference: str
    display: str
    hi_types: set[str] = field(default_factory=set)
    notified: int = 0


@dataclass
class Asked:
    """What was asked for link tokens: for the daily limit and the memory of refusals."""

    times: list[datetime] = field(default_factory=list)
    refused_at: datetime | None = None
    blocked_until: datetime | None = None


@dataclass
class Share:
    """A profile shared at a counter, waiting for its token."""

    request_id: str
    address: str
    service_id: str
    counter: str
    at: datetime
    token: str = ""
    expiry: str = ""
    error: str = ""
    answered_at: datetime | None = None
    question: str = ""  # the last request for the running token, and when it was asked
    asked_at: datetime | None = None
    running: str = ""  # the number that the window is at
    minutes: int = 0  # of one number, as the hospital says
    heard: dict[str, Any] = field(default_factory=dict)  # what the app was called back with


@dataclass
class Find:
    """What a patient's app asks of a hospital: seen, chosen, confirmed."""

    transaction_id: str
    address: str
    service_id: str
    at: datetime
    blocks: list[dict[str, Any]] = field(default_factory=list)
    matched_by: list[str] = field(default_factory=list)
    chosen: list[dict[str, Any]] = field(default_factory=list)
    link: str = ""
    linked: bool = False
    error: str = ""
    requests: dict[str, str] = field(default_factory=dict)  # step → our request id
    asked_at: dict[str, datetime] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)


@dataclass
class Consent:
    """A person's leave. `acknowledged`: the states that the holder said it heard of."""

    id: str
    address: str
    service_id: str
    status: str = "GRANTED"
    detail: dict[str, Any] = field(default_factory=dict)
    asked_request: str = ""
    acknowledged: list[str] = field(default_factory=list)
    at: datetime = field(default_factory=lambda: now())
    own: bool = False  # the person asks for the own records: fetched as soon as it is acknowledged
    asking_id: str = ""  # the request of a hospital that it answers


@dataclass
class Asking:
    """A hospital asks for a person's leave. `notices`: request ids of what it was told of it;
    `heard`: the acknowledgements that came back."""

    id: str
    hiu_id: str
    address: str
    detail: dict[str, Any]
    at: datetime
    status: str = "REQUESTED"
    reason: str = ""
    artefacts: list[str] = field(default_factory=list)
    notices: set[str] = field(default_factory=set)
    heard: list[list[dict[str, Any]]] = field(default_factory=list)


@dataclass
class Foreign:
    """A hospital that the stand-in plays itself. `records`: {"reference", "hiType", "bundle"}."""

    id: str
    name: str
    address: str
    records: list[dict[str, Any]]


@dataclass
class Given:
    """Papers that a patient gives with a share; `told`: what the hospital says came of it."""

    request_id: str
    address: str
    service_id: str
    counter: str
    records: list[dict[str, Any]]
    at: datetime
    talk: str = ""
    error: str = ""
    told: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Pay:
    """A fee that a patient asks for in the app: offered, chosen, paid elsewhere, ended."""

    request_id: str
    address: str
    service_id: str
    counter: str
    at: datetime
    answered: bool = False
    uid: str = ""
    procedures: list[dict[str, Any]] = field(default_factory=list)
    selection: str = ""  # the request id of the choice
    bundle: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    ended: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Transfer:
    """Records asked for: keys, pages that could be read, and how the holder says it ended."""

    id: str
    consent_id: str
    keys: Keys
    request: str = ""
    acknowledged: int = 0
    error: str = ""
    calls: int = 0
    pages: dict[int, dict[str, Any]] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Faults:
    """Chances from 0 to 1, and switches."""

    latency_s: float = 0.0
    lose: float = 0.0
    repeat: float = 0.0
    reorder: float = 0.0
    error: float = 0.0  # 503 instead of an answer
    throttle: float = 0.0  # 429
    session_over: float = 0.0  # 401: the session ended before its time
    wrong_key: bool = False
    expired: bool = False
    down: bool = False  # nothing is answered
    push_refusals: int = 0  # so many pages of records are answered with
    push_status: int = 503
    spoil_push: str = ""  # what is wrong with what a foreign hospital pushes: see hiu.spoiled


def now() -> datetime:
    return datetime.now(UTC)


def check_digit(digits: str) -> str:
    """Luhn's digit for what comes before it."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def demo_number(n: int) -> str:
    """The n-th demonstration ABHA number: 91-0000-0000-…"""
    digits = f"910000000{n:04d}"
    digits += check_digit(digits)
    return f"{digits[:2]}-{digits[2:6]}-{digits[6:10]}-{digits[10:]}"


PEOPLE = (
    ("sunita.devi87", "Sunita Devi", "F", 1987, 6, 12),
    ("pooja.k22", "Pooja Kumari", "F", 2004, 3, 2),
    ("irfan45", "Md Irfan", "M", 1981, 8, 19),
    ("kalawati63", "Kalawati Devi", "F", 1963, 1, 1),
    ("saurabhc", "Saurabh Chaudhary", "M", 2009, 11, 5),
    ("hemlata31", "Hemlata Soren", "F", 1995, 5, 27),
)


# The registers' demonstration range: `service` is the service id that a linkage gives.
HOSPITALS = (
    ("IN1010009991", "Demo Sadar Hospital Patna", "PATNA", "IN1010009991_1"),
    ("IN1010009992", "Demo Block CHC Araria", "ARARIA", "IN1010009992"),
    ("IN1010009993", "Demo Sadar Hospital Gaya", "GAYA", "IN1010009993"),
)
PROFESSIONALS = (
    ("71000000000001", "dr.demo@hpr.abdm", "Dr Demo Kumari", "ACTIVE"),
    ("71000000000002", "dr.rao@hpr.abdm", "Dr Rao", "ACTIVE"),
    ("71000000000003", "dr.over@hpr.abdm", "Dr Demo Over", "SUSPENDED"),
)


class World:
    """Everything at once, behind one lock: the stand-in answers from several threads."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.faults = Faults()
        self.hold = False  # keep callbacks until a test fetches them
        self.bridge_url = ""
        self.messages_url = ""  # where a demo shows the SMS that it sent
        self.hospitals: dict[str, dict[str, str]] = {
            hfr_id: {"name": name, "district": district, "service": service, "status": "Active"}
            for hfr_id, name, district, service in HOSPITALS
        }
        self.professionals: dict[str, dict[str, str]] = {
            number: {"handle": handle, "name": name, "status": status}
            for number, handle, name, status in PROFESSIONALS
        }
        self.accounts: dict[str, Account] = {}
        self.services: dict[str, Service] = {}
        self.contexts: dict[tuple[str, str, str], Context] = {}
        self.asked: dict[tuple[str, str], Asked] = {}
        self.shares: dict[str, Share] = {}
        self.given: dict[str, Given] = {}  # papers with a share, by the request id
        self.pays: dict[str, Pay] = {}  # fees, by the request id of the question
        self.orders: dict[str, dict[str, Any]] = {}  # of the payment service that is played here
        self.finds: dict[str, Find] = {}
        self.talks: dict[str, Talk] = {}
        self.holders: dict[str, tuple[str, str, datetime]] = {}  # X-token → whose, for what
        self.code_asks: dict[str, list[datetime]] = {}
        self.enrolled = 0
        self.invited: list[str] = []  # mobiles that "got" ABDM's SMS
        self.consents: dict[str, Consent] = {}
        self.transfers: dict[str, Transfer] = {}
        self.askings: dict[str, Asking] = {}
        self.foreign: dict[str, Foreign] = {}
        self.relays: dict[str, str] = {}  # where held pushes of a hospital were to go
        self.seen_requests: set[str] = set()
        self.held: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.heard: list[tuple[str, Any]] = []  # path and body of each call, while `hold` is on
        self.counts: Counter[str] = Counter()  # what the switches did
        self._numbers = itertools.count(1)
        self.enrolments = itertools.count(1)  # by driving licence: numbers that are no ABHA
        for person in PEOPLE:
            self.add_account(*person)

    def add_account(
        self, stem: str, name: str, gender: str, year: int, month: int, day: int, mobile: str = ""
    ) -> Account:
        n = next(self._numbers)
        account = Account(
            abha_number=demo_number(n),
            address=f"{stem}@sbx",
            name=name,
            gender=gender,
            year=year,
            month=month,
            day=day,
            mobile=mobile or f"60000{n:05d}",
            aadhaar=f"00000000{n:04d}",
        )
        self.accounts[account.address] = account
        return account

    def go_on_counting(self) -> None:
        """After people of an earlier life came in: the next one has a number of its own."""
        self._numbers = itertools.count(len(self.accounts) + 1)

    def linked(self, address: str, service_id: str = "") -> list[Context]:
        return [
            context
            for context in self.contexts.values()
            if context.address == address and service_id in ("", context.service_id)
        ]

    def fresh(self, request_id: str) -> bool:
        """False for a request id that was used before."""
        with self.lock:
            if request_id in self.seen_requests:
                return False
            self.seen_requests.add(request_id)
            return True


def new_id() -> str:
    return str(uuid.uuid4())


LINK_TOKEN_LIVES = timedelta(seconds=15_768_000)
ASKS_A_DAY = 3
REMEMBERS_REFUSAL = timedelta(minutes=7)
FIND_LIVES = timedelta(minutes=10)
SHARE_WAITS = timedelta(seconds=30)
