"""What is pushed to us: the address it comes to, one page, and one entry read and checked."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.abdm import crypto
from apps.abdm.outside import bundle as bundles
from apps.abdm.wire import number, part, text
from apps.core.fields import decrypt, encrypt
from apps.facilities import live

CONTEXT = "abdm.push"
MOST_PAGES, MOST_ENTRIES = 1000, 100
MOST_BYTES = 250 * 1024 * 1024  # of one flow; of one page: settings.PUSH_MAX_SIZE


class Unreadable(Exception):
    """An entry that cannot be shown. The text is a short code."""


@dataclass(frozen=True, slots=True)
class Where:
    """Which flow of which hospital an address means."""

    facility_id: UUID
    transfer_id: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    content: str
    reference: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Page:
    """`number` as the sender counts, from 0 or from 1."""

    transaction_id: UUID | None
    number: int
    count: int
    entries: list[Entry]
    key: str
    nonce: str

    @property
    def size(self) -> int:
        return sum(len(entry.content) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Found:
    """A record that can be shown. `checksum`: same, differs or none; it never decides, for the
    cipher's own tag has."""

    text: str
    head: dict[str, str]
    kind: str
    written_at: datetime | None
    checksum: str
    digest: str


def address(facility_id: UUID, transfer_id: UUID) -> str:
    """Where the records of one flow are pushed to: public, and ciphertext is all it says."""
    key = encrypt(f"{facility_id.hex}{transfer_id.hex}", CONTEXT).rstrip("=")
    return f"{live.address()}{settings.PUSH_PATH}{key}"


def place_of(key: str) -> Where | None:
    """What `address` hid; None for an address that was never ours."""
    try:
        plain = decrypt(key + "=" * (-len(key) % 4), CONTEXT)
        return Where(UUID(plain[:32]), UUID(plain[32:]))
    except ValueError:
        return None


def read_page(body: Any) -> Page:
    """A page as it was pushed. ValueError with words of the specification for what is none."""
    told = part(body)
    page, count = _whole(told.get("pageNumber")), _whole(told.get("pageCount"))
    if page < 0 or count < 1:
        raise ValueError("Invalid pageNumber or pageCount")
    rows = told.get("entries")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ENTRIES:
        raise ValueError("Invalid entries")
    material = part(told.get("keyMaterial"))
    public = part(material.get("dhPublicKey"))
    key, nonce = text(public.get("keyValue")), text(material.get("nonce"))
    if not key or not nonce or len(key) > 1000 or len(nonce) > 100:
        raise ValueError("Invalid keyMaterial")
    return Page(
        transaction_id=number(told.get("transactionId")),
        number=page,
        count=count,
        entries=[_entry(one) for one in rows],
        key=key,
        nonce=nonce,
    )


def _whole(value: Any) -> int:
    """A number of pages, -1 for anything else."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PAGES
    return int(value) if fits else -1


def _entry(told: Any) -> Entry:
    one = part(told)
    content, reference = one.get("content"), text(one.get("careContextReference"))
    if not isinstance(content, str) or not content:
        raise ValueError("Invalid content")
    return Entry(content, reference[:255], text(one.get("checksum"))[:64])


def as_kept(page: Page, entry: Entry) -> str:
    """An entry while it waits: still encrypted for our key, which alone opens it."""
    return json.dumps(
        {"content": entry.content, "sum": entry.checksum, "key": page.key, "nonce": page.nonce}
    )


def understood(kept: str, own: dict[str, str]) -> Found:
    """An entry decrypted and checked to be a document that can be shown; Unreadable with: key
    (another key or nonce, or changed on the way), text, json, bundle, document, composition, deep.
    """
    told = json.loads(kept)
    try:
        plain = crypto.decrypt(
            told["content"],
            own=crypto.KeyPair.from_private(own["private"]),
            own_nonce=own["nonce"],
            peer_public=told["key"],
            peer_nonce=told["nonce"],
        )
    except crypto.CryptoError:
        raise Unreadable("key") from None
    try:
        words = plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("text") from None
    try:
        document = bundles.opened(words)
    except bundles.Unfit as why:
        raise Unreadable(str(why)) from None
    return Found(
        text=words,
        head=document.head(),
        kind=document.kind,
        written_at=document.written_at,
        checksum=_compared(told["sum"], plain),
        digest=hashlib.sha256(plain).hexdigest(),
    )


def _compared(checksum: str, plain: bytes) -> str:
    """Many senders leave it empty or write the word "string"."""
    if len(checksum) != 32:
        return "none"
    own = hashlib.md5(plain, usedforsecurity=False).hexdigest()
    return "same" if checksum.lower() == own else "differs"
