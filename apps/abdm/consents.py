"""Reading consents and requests for records off the wire; every field may be missing or odd."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from apps.abdm import crypto, push
from apps.abdm.codes import HI_TYPES
from apps.abdm.models import ConsentArtefact
from apps.abdm.shared import Wrong
from apps.abdm.wire import part, text

KIND_OF = {kind.lower(): kind for kind in HI_TYPES}  # older senders write OPCONSULTATION
MOST_CONTEXTS = 500
Granted = ConsentArtefact.Status.GRANTED
GONE = {
    ConsentArtefact.Status.REVOKED: Wrong("1062", "Consent not granted"),
    ConsentArtefact.Status.EXPIRED: Wrong("1061", "Consent artefact expired"),
}
UNKNOWN = Wrong("1112", "Invalid or expired artefact id")
OUTSIDE = Wrong("1063", "Date Range given is invalid")


@dataclass(frozen=True, slots=True)
class Told:
    """A granted artefact: `address` is whose it is, `facts` are fields of our row."""

    address: str
    references: list[str]
    facts: dict[str, Any]


def read(detail: Any, *, service_id: str) -> Told:
    """ValueError with a short code for what is no consent that this hospital can act on."""
    detail = part(detail)
    if text(part(detail.get("hip")).get("id")) != service_id:
        raise ValueError("foreign")
    permission = part(detail.get("permission"))
    told = {**detail, **permission}  # some print the permission's fields beside it
    span = part(told.get("dateRange"))
    kinds = detail.get("hiTypes")
    contexts = detail.get("careContexts")
    if not isinstance(kinds, list) or not isinstance(contexts, list):
        raise ValueError("malformed")
    names = [text(part(one).get("careContextReference")) for one in contexts[:MOST_CONTEXTS]]
    found = [KIND_OF.get(text(kind).replace(" ", "").lower(), "") for kind in kinds]
    hiu = part(detail.get("hiu"))
    facts = {
        "hi_types": sorted({kind for kind in found if kind}),
        "date_from": moment(span.get("from")),
        "date_to": moment(span.get("to")),
        "erase_at": moment(told.get("dataEraseAt")),
        "purpose": text(part(detail.get("purpose")).get("code"))[:20],
        "requester": text(part(detail.get("requester")).get("name"))[:120],
        "hiu_id": text(hiu.get("id"))[:60],
        "hiu_name": text(hiu.get("name"))[:120],
    }
    address = text(part(detail.get("patient")).get("id")).lower()
    return Told(address, [name for name in names if 0 < len(name) <= 40], facts)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for records that may be met. `sealed` is what only the push needs."""

    date_from: datetime
    date_to: datetime
    host: str
    sealed: dict[str, str]


def asked(told: dict[str, Any], consent: ConsentArtefact | None) -> Asked:
    """Wrong, with a code of the specification, for a request that must not be met.

    A range that is not wholly inside the consent is refused and not cut to size, as ABDM says.
    """
    if consent is None or consent.patient_id is None:
        raise UNKNOWN
    if consent.status != Granted:
        raise GONE.get(ConsentArtefact.Status(consent.status), UNKNOWN)
    now = timezone.now()
    if not in_force(consent, now):
        raise GONE[ConsentArtefact.Status.EXPIRED]
    span = part(told.get("dateRange"))
    try:
        first, last = moment(span.get("from")), moment(span.get("to"))
    except ValueError:
        raise OUTSIDE from None
    assert consent.date_from and consent.date_to
    if not consent.date_from <= first <= last <= consent.date_to:
        raise OUTSIDE
    url = text(told.get("dataPushUrl"))
    try:
        host = push.host_of(url)
    except push.Unfit:
        raise Wrong("1006", "Invalid dataPushUrl") from None
    return Asked(first, last, host, {"url": url, **_key(told.get("keyMaterial"), now)})


def in_force(consent: ConsentArtefact, now: datetime) -> bool:
    """Whether records may be shown by it at this moment; our own clock counts too."""
    return consent.status == Granted and consent.erase_at is not None and consent.erase_at > now


def _key(told: Any, now: datetime) -> dict[str, str]:
    material = part(told)
    public = part(material.get("dhPublicKey"))
    key, nonce = text(public.get("keyValue")), text(material.get("nonce"))
    wrong = Wrong("1006", "Invalid keyMaterial")
    names = text(material.get("cryptoAlg")).upper(), text(material.get("curve")).lower()
    if names != ("ECDH", "curve25519"):
        raise wrong
    try:
        if public.get("expiry") and moment(public["expiry"]) <= now:
            raise wrong
        crypto.check_peer(key, nonce)
    except ValueError:
        raise wrong from None
    return {"key": key, "nonce": nonce}


def moment(value: Any) -> datetime:
    """A time as the gateway writes it, UTC when it names no zone. ValueError for anything else."""
    at = datetime.fromisoformat(text(value))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
