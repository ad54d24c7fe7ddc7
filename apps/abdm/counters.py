"""The QR codes of a hospital: one for the whole house, one for each window."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from apps.abdm.codes import plain
from apps.facilities.config import FacilityConfig
from apps.gateway import queries as mail

HOUSE = "GATE"
LONGEST = 20


@dataclass(frozen=True, slots=True)
class Counter:
    """`code` is what the QR says: up to twenty letters and digits. `name` is "" for the house."""

    code: str
    name: str


def counters(config: FacilityConfig) -> list[Counter]:
    """The house first, then its windows as the settings name them.

    The code comes from the name and not from the place in the list: a poster on the wall stays
    right when windows are added.
    """
    found = {HOUSE: Counter(HOUSE, "")}
    for name in config.counters:
        stem = _code(name)
        code, n = stem, 2
        while code in found:
            code, n = f"{stem[: LONGEST - 2]}{n}", n + 1
        found[code] = Counter(code, name)
    return list(found.values())


def _code(name: str) -> str:
    bare = re.sub(r"[^A-Z0-9]", "", plain(name).upper())
    return (f"OPD{bare}" if not bare or bare.isdecimal() else bare)[:LONGEST]


def qr_text(service_id: str, code: str) -> str:
    """What the picture says; "" while the national address is not known."""
    base = mail.current().qr
    return f"{base}?{urlencode({'hip-id': service_id, 'counter-id': code})}" if base else ""
