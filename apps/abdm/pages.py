"""One page of a transfer: one record of a frozen paper, encrypted with keys of its own."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.abdm import crypto, queries
from apps.documents import queries as documents
from apps.gateway import queries as mail

MEDIA = "application/fhir+json"


class NotReady(Exception):
    """Its picture is still being drawn."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is pushed next: the record of `kind` ("": its own) that a paper is told as. `n` counts
    from 0; `to` is the receiver's address, key and nonce."""

    transfer_id: UUID
    transaction_id: UUID
    n: int
    count: int
    paper: UUID
    kind: str
    context: str
    to: dict[str, str]
    key_ends: datetime


def body_of(page: Page) -> dict[str, Any] | None:
    """The page as it travels; None when the paper was replaced or taken back meanwhile. The number
    of a page is the same at every try: a receiver that had it already knows it by that."""
    plain = _plain(page.paper, page.kind)
    if plain is None:
        return None
    own, nonce = crypto.KeyPair.generate(), crypto.new_nonce()
    content = crypto.encrypt(
        plain,
        own=own,
        own_nonce=nonce,
        peer_public=page.to["key"],
        peer_nonce=page.to["nonce"],
    )
    entry = {
        "content": content,
        "media": MEDIA,
        "checksum": hashlib.md5(plain, usedforsecurity=False).hexdigest(),
        "careContextReference": page.context,
    }
    return {
        "pageNumber": page.n + 1,
        "pageCount": page.count,
        "transactionId": str(page.transaction_id),
        "entries": [entry],
        "keyMaterial": {
            "cryptoAlg": "ECDH",
            "curve": "Curve25519",
            "dhPublicKey": {
                "expiry": mail.stamp(page.key_ends),
                "parameters": "Curve25519/32byte random key",
                "keyValue": own.public_x509,
            },
            "nonce": nonce,
        },
    }


def _plain(paper: UUID, kind: str) -> bytes | None:
    document = documents.document(paper)
    if document is None or document.status != "current":
        return None
    picture = queries.picture(document)
    if picture is None:
        raise NotReady
    bundle = queries.bundle(paper, kind=kind, pdf=picture)
    return json.dumps(bundle, ensure_ascii=False).encode() if bundle else None
