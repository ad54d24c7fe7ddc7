"""What we write and read on the wire when we ask for records of other hospitals."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from apps.abdm import codes, consents, crypto
from apps.abdm.codes import HI_TYPES
from apps.abdm.models import ConsentArtefact
from apps.abdm.wire import part, text
from apps.gateway import queries as mail

PURPOSES = {"CAREMGT": "Care Management", "BTG": "Break the Glass"}  # what a doctor may give
PURPOSE_SET = "https://terminology.hl7.org/ValueSet/v3-PurposeOfUse"
COUNCIL = "https://www.nmc.org.in"
CLOCKS = timedelta(
    seconds=15
)  # how far the gateway's clock may be behind ours: "to" is never later
MOST_CONTEXTS = 500
KEY_LIVES = timedelta(days=1)
MS = timedelta(milliseconds=1)


def request_body(
    row: ConsentArtefact, *, address: str, requester: str, registration_no: str
) -> dict[str, Any]:
    """A request for consent. All kinds are asked for when the doctor wants no choice: else the
    patient's app may hide its button."""
    assert row.date_from and row.date_to and row.erase_at
    return {
        "consent": {
            "purpose": {
                "text": PURPOSES[row.purpose],
                "code": row.purpose,
                "refUri": PURPOSE_SET,
            },
            "patient": {"id": address},
            "hip": None,
            "hiu": {"id": row.hiu_id, "name": codes.plain(row.hiu_name), "type": "HIU"},
            "careContexts": None,
            "requester": {
                "name": requester,
                "identifier": {
                    "type": "REGNO",
                    "value": codes.plain(registration_no) or "unregistered",
                    "system": COUNCIL,
                },
            },
            "hiTypes": row.hi_types,
            "permission": {
                "accessMode": "VIEW",
                "dateRange": _range(row.date_from, row.date_to),
                "dataEraseAt": mail.stamp(row.erase_at),
                "frequency": {"unit": "HOUR", "value": 1, "repeats": 0},
            },
        }
    }


def _range(first: datetime, last: datetime) -> dict[str, str]:
    """Milliseconds as the gateway has them, never a moment wider than what is meant."""
    inside = first if first.microsecond % 1000 == 0 else first + MS
    return {"from": mail.stamp(inside), "to": mail.stamp(last)}


def artefact(told: Any, row: ConsentArtefact, *, address: str, service_id: str) -> dict[str, Any]:
    """Fields of our row from the artefact as it came; ValueError with a short code when it is not
    what this row waits for.

    ABDM publishes neither algorithm nor key of the signature: it must be there, it is kept only as
    part of `proof`, and what holds is that the gateway signed the callback and answered our call.
    """
    consent = part(told)
    detail, signature = part(consent.get("consentDetail")), text(consent.get("signature"))
    if not signature:
        raise ValueError("unsigned")
    read = consents.read(detail, service_id=text(part(detail.get("hip")).get("id")))
    named = text(detail.get("consentId")).lower(), read.facts["hiu_id"], read.address
    if named != (str(row.artefact_id), service_id, address.lower()):
        raise ValueError("foreign")
    if read.facts["purpose"] != row.purpose or not read.facts["hi_types"]:
        raise ValueError("malformed")
    if text(consent.get("status")).upper() != "GRANTED":
        raise ValueError("ended")
    hip = part(detail.get("hip"))
    kept = ("hi_types", "date_from", "date_to", "erase_at")
    return {
        **{name: read.facts[name] for name in kept},
        "references": references(detail),
        "hip_id": text(hip.get("id"))[:60],
        "hip_name": text(hip.get("name"))[:120],
        "proof": proof_of(detail, signature),
    }


def references(detail: dict[str, Any]) -> list[str]:
    """The visits that a consent names, each once."""
    told = detail.get("careContexts")
    contexts = told[:MOST_CONTEXTS] if isinstance(told, list) else []
    names = [text(part(one).get("careContextReference")) for one in contexts]
    return [name for name in dict.fromkeys(names) if 0 < len(name) <= 255]


def proof_of(detail: dict[str, Any], signature: str) -> str:
    """One number for the artefact and its signature: whoever holds them can compare."""
    whole = json.dumps([detail, signature], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()


def data_body(
    consent: ConsentArtefact, *, url: str, own: crypto.KeyPair, nonce: str
) -> dict[str, Any]:
    """A request for the records of one artefact. The key goes as a raw point, the form that the
    national wrapper reads from an asker."""
    assert consent.date_from and consent.date_to and consent.erase_at
    ends = min(consent.erase_at, timezone.now() + KEY_LIVES)
    return {
        "hiRequest": {
            "consent": {"id": str(consent.artefact_id)},
            "dateRange": _range(consent.date_from, consent.date_to),
            "dataPushUrl": url,
            "keyMaterial": key_material(own.public_raw, nonce, ends),
        }
    }


def key_material(public: str, nonce: str, ends: datetime) -> dict[str, Any]:
    """Our half of a flow's keys, as whoever pushes to us needs it."""
    return {
        "cryptoAlg": "ECDH",
        "curve": "Curve25519",
        "dhPublicKey": {
            "expiry": mail.stamp(ends),
            "parameters": "Curve25519/32byte random key",
            "keyValue": public,
        },
        "nonce": nonce,
    }


def kinds(wanted: list[str]) -> list[str]:
    """The kinds that were chosen, in our order; all when none was."""
    return [kind for kind in HI_TYPES if kind in wanted] or list(HI_TYPES)
