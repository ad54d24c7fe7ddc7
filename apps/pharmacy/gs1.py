"""A scanned pack: GTIN, batch and expiry from GS1 DataMatrix, GS1-128 or EAN. Pure.

The message itself is read by `biip`. What it cannot know is what a keyboard scanner swallowed:
many send no separator (GS) after the batch, so that "10AB1217270331" is read as one long batch.
A batch that ends in a valid expiry field, when no expiry was found, is taken apart again.
"""

import re
from dataclasses import dataclass
from datetime import date

import biip
from biip.gs1_messages import GS1Message

GTIN_LENGTHS = (8, 12, 13, 14)
TAIL = re.compile(r"^(?P<batch>.+?)17(?P<day>\d{6})$")
HUMAN = re.compile(r"^\(\d{2,4}\)")


@dataclass(frozen=True, slots=True)
class Pack:
    """What the code carried; "" or None for what it did not."""

    gtin: str = ""
    batch_no: str = ""
    expiry: date | None = None


def read(text: str) -> Pack | None:
    """The pack of a scan, or None when it is no pack's code (a slip, a word, a wrong digit)."""
    text = text.strip().replace("␝", "\x1d")
    try:
        return _read(text)
    except (biip.ParseError, ValueError):
        return None


def _read(text: str) -> Pack | None:
    if HUMAN.match(text):
        return _pack(GS1Message.parse_hri(text))
    found = biip.parse(text)
    if text.isdecimal() and len(text) in GTIN_LENGTHS:
        return Pack(gtin=found.gtin.as_gtin_14()) if found.gtin else None
    return _pack(found.gs1_message) if found.gs1_message else None


def _pack(message: GS1Message) -> Pack | None:
    values = {element.ai.ai: element for element in message.element_strings}
    if "01" not in values or values["01"].gtin is None:
        return None
    batch_no = values["10"].value if "10" in values else ""
    expiry = values["17"].date if "17" in values else None
    if expiry is None and (split := TAIL.match(batch_no)):
        tail = biip.parse(f"17{split['day']}").gs1_message
        if tail and tail.element_strings[0].date:
            batch_no, expiry = split["batch"], tail.element_strings[0].date
    return Pack(values["01"].gtin.as_gtin_14(), batch_no.upper(), expiry)
