"""Reading what an analyser says: ASTM E1394 / LIS2-A2 records, or an HL7 v2 ORU^R01.

The grammar comes from two kept libraries: `astm` for records, `hl7` for segments. Ours is only
which field means what.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import hl7
from astm import codec

from apps.labs.masters import rows_of

ENCODING = "latin-1"


class Unreadable(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Sample:
    """The values of one tube, by our test codes; `other`: what the analyser calls by names that
    we do not know."""

    accession: str
    values: dict[str, str] = field(default_factory=dict)
    other: list[str] = field(default_factory=list)


@cache
def usual_codes() -> dict[str, str]:
    return {row["sent"]: row["test_code"] for row in rows_of("analyser_codes")}


def read(body: str, codes: dict[str, str]) -> list[Sample]:
    """The samples of one message. `codes` of this analyser count before the usual ones."""
    known = {**usual_codes(), **{key.upper(): value for key, value in codes.items()}}
    try:
        if body.startswith("MSH"):
            return _of_hl7(body, known)
        return _of_astm(body, known)
    except Unreadable:
        raise
    except Exception as error:  # the libraries raise many kinds for broken text
        raise Unreadable("unreadable") from error


def _of_astm(body: str, known: dict[str, str]) -> list[Sample]:
    lines = [line for line in body.split("\r") if line]
    if not lines or not lines[0].startswith("H"):
        raise Unreadable("no_header")
    found: list[Sample] = []
    for line in lines:
        record = codec.decode_record(line.encode(ENCODING, "replace"), ENCODING)
        kind = record[0]
        if kind == "O":
            found.append(Sample(_first(_field(record, 2)) or _first(_field(record, 3))))
        elif kind == "R":
            if not found:
                raise Unreadable("no_order")
            _take(found[-1], _last(_field(record, 2)), _field(record, 3), _field(record, 4), known)
    return found


def _field(record: list[Any], at: int) -> Any:
    return record[at] if len(record) > at else None


def _first(part: Any) -> str:
    """The first component that says something."""
    if isinstance(part, list):
        return next((text for item in part if (text := _first(item))), "")
    return str(part or "").strip()


def _whole(part: Any) -> str:
    """A field as it was sent: the power of a unit (10^3/uL) looks like components."""
    if isinstance(part, list):
        return "^".join(_whole(item) for item in part)
    return str(part or "").strip()


def _last(part: Any) -> str:
    """The universal test id is "^^^WBC" or "^^^WBC^1": the fourth component, else the last."""
    if not isinstance(part, list):
        return str(part or "").strip()
    if len(part) > 3 and part[3]:
        return str(part[3]).strip()
    return next((str(item).strip() for item in reversed(part) if item), "")


def _take(sample: Sample, name: str, value: Any, unit: Any, known: dict[str, str]) -> None:
    code = known.get(name.upper())
    figure = _first(value)
    if code is None or not figure:
        sample.other.append(name[:20])
        return
    sample.values[code] = f"{figure} {_unit(_whole(unit))}".strip()


def _unit(unit: str) -> str:
    """As machines write units; an unknown one is passed on and refused with a sentence."""
    plain = unit.lower().replace(" ", "").replace("*", "")
    many = {"103/ul": "10*3/uL", "10^3/ul": "10*3/uL", "10e3/ul": "10*3/uL", "10^9/l": "10*3/uL",
            "109/l": "10*3/uL", "k/ul": "10*3/uL", "106/ul": "10*6/uL", "10^6/ul": "10*6/uL",
            "10e6/ul": "10*6/uL", "10^12/l": "10*6/uL", "1012/l": "10*6/uL"}  # fmt: skip
    return many.get(plain, unit)


def _of_hl7(body: str, known: dict[str, str]) -> list[Sample]:
    message = hl7.parse(body.replace("\n", "\r"))
    if "ORU" not in str(message.segment("MSH")[9]):
        raise Unreadable("not_results")
    found: list[Sample] = []
    for segment in message:
        kind = str(segment[0])
        if kind == "OBR":
            found.append(Sample(_hl7(segment, 3) or _hl7(segment, 2)))
        elif kind == "OBX":
            if not found:
                raise Unreadable("no_order")
            if str(segment[2]) not in ("NM", "ST", "SN"):
                continue  # pictures and histograms
            names = [part for part in str(segment[3]).split("^") if part]
            name = next(
                (part for part in names if part.upper() in known), names[0] if names else ""
            )
            _take(found[-1], name, _hl7(segment, 5), _unit_of(segment), known)
    return found


def _hl7(segment: Any, at: int) -> str:
    """The first component of a field, "" when the segment is shorter."""
    return str(segment[at]).split("^")[0].strip() if len(segment) > at else ""


def _unit_of(segment: Any) -> str:
    return str(segment[6]).strip() if len(segment) > 6 else ""


def control_id(body: str) -> str:
    """MSH-10 of an HL7 message, for the acknowledgement."""
    try:
        return str(hl7.parse(body.replace("\n", "\r")).segment("MSH")[10])
    except Exception as error:
        raise Unreadable("unreadable") from error
