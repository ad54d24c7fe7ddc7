"""Scan & Share with records: the profile goes on the window's list, and what the patient gives from
the own app comes in like the records of other hospitals.

The share is the consent: it names the visits and the moment when all is erased. No artefact stands
behind it, so one number of ours is that of the transaction and of the consent. Whose record it is
may only be known when the window has taken the person: until then nobody can open it.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.abdm import asking, consents, crypto, incoming, shared
from apps.abdm.actions import fetching, sharing
from apps.abdm.actions.replying import reply
from apps.abdm.codes import HI_TYPES, SELF
from apps.abdm.counters import counters
from apps.abdm.handlers import Letter, handles
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer, Side
from apps.abdm.wire import part, text
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.tenancy import current_facility
from apps.facilities import queries as facilities
from apps.gateway import queries as mail
from apps.gateway.sealed import seal
from apps.patients import queries as patients

SYSTEM = sharing.SYSTEM
PURPOSE = "share.records"
LONGEST = timedelta(days=30)  # what a doctor may ask for, too
Status = ConsentArtefact.Status


@handles("patient-record/share")
@transaction.atomic
def records_shared(letter: Letter) -> None:
    """One answer for one callback: where the app may push to, or why not."""
    if mail.count_sent(PURPOSE, letter.id):
        return
    facility: Any = current_facility()
    config, today = facilities.config(facility), timezone.localdate()
    try:
        if not settings.ABDM_RECORD_SHARE:
            raise shared.Wrong("1149", "Intent is not supported")
        told = shared.read(
            _as_profile(letter.body),
            service_id=letter.service_id,
            codes={one.code for one in counters(config)},
            today=today,
        )
        references, erase_at = _given(letter.body, timezone.now())
        sharing.arrived(told, letter.facility_id, today)
    except shared.Wrong as wrong:
        _answer(letter, {"error": {"code": f"ABDM-{wrong.code}", "message": wrong.message}})
        return
    _answer(letter, _opened(letter, told, references, erase_at))


def _as_profile(body: dict[str, Any]) -> dict[str, Any]:
    """The share without its records, as `shared.read` knows it."""
    meta = body.get("metaData")
    if isinstance(meta, dict):
        meta = {"hipId": meta.get("hiuId"), "context": meta.get("counterId")}
    return {"intent": shared.INTENT, "metaData": meta, "profile": body.get("profile")}


def _given(body: dict[str, Any], now: datetime) -> tuple[list[str], datetime]:
    """Of which visits records will come, and when they are erased here."""
    consent = part(body.get("consent"))
    references = asking.references(consent)
    if not references:
        raise shared.Wrong("1006", "Care contexts are missing")
    try:
        erase_at = consents.moment(consent.get("dataEraseAt"))
    except ValueError:
        raise shared.Wrong("1006", "Invalid dataEraseAt") from None
    if erase_at <= now:
        raise shared.Wrong("1006", "Invalid dataEraseAt")
    if text(part(consent.get("permission")).get("accessMode")).upper() != "VIEW":
        raise shared.Wrong("1006", "Invalid accessMode")
    return references, min(erase_at, now + LONGEST)


def _opened(
    letter: Letter, told: shared.Shared, references: list[str], erase_at: datetime
) -> dict[str, Any]:
    """The consent, its flow with keys of its own, and the answer that names both."""
    talk, own, nonce = uuid4(), crypto.KeyPair.generate(), crypto.new_nonce()
    facility: Any = current_facility()
    owner_id = _owner(told.address)
    fields: dict[str, Any] = {
        "side": Side.ASKER, "request_id": talk, "patient_id": owner_id, "purpose": SELF,
        "hi_types": list(HI_TYPES), "erase_at": erase_at, "requester": told.address,
        "hiu_id": letter.service_id, "hiu_name": facility.name_en[:120],
    }  # fmt: skip
    ConsentArtefact.objects.create(**fields)
    consent = ConsentArtefact.objects.create(**fields, artefact_id=talk, references=references)
    row = HealthInformationTransfer.objects.create(
        side=Side.ASKER, consent=consent, transaction_id=talk,
        status=HealthInformationTransfer.Status.ACKNOWLEDGED,
        sealed=seal({"private": own.private_text, "nonce": nonce}, facility.pk),
        next_attempt_at=timezone.now() + fetching.LIVES,
    )  # fmt: skip
    record(Event.CONSENT_RECEIVED, subject=consent, patient_id=owner_id, actor=SYSTEM,
           visits=len(references), purpose=SELF)  # fmt: skip
    ends = min(erase_at, timezone.now() + asking.KEY_LIVES)
    return {
        "hiRequest": {
            "transactionId": str(talk),
            "dataPushUrl": incoming.address(facility.pk, row.pk),
            "keyMaterial": asking.key_material(own.public_x509, nonce, ends),
        }
    }


def _answer(letter: Letter, body: dict[str, Any]) -> None:
    reply(letter, mail.ON_RECORD_SHARE, body, PURPOSE, role="hiu")


def _owner(address: str) -> UUID | None:
    """The one record here with this ABHA address, verified; None for nobody or several."""
    found = patients.of_abha(numbers=(), address=address)
    return found[0].pk if len(found) == 1 else None


def sweep() -> None:
    """Shares whose owner the window has taken meanwhile come onto that record. 1 query while there
    are none."""
    ownerless = ConsentArtefact.objects.filter(
        side=Side.ASKER, status=Status.GRANTED, patient=None, erase_at__gt=timezone.now()
    )
    for address in set(ownerless.values_list("requester", flat=True)[:100]):
        if owner_id := _owner(address):
            ownerless.filter(requester=address).update(patient_id=owner_id)


@handles("patient-record/on-notify")
def told_back(letter: Letter) -> None:
    """The gateway has heard what came of it; nothing follows."""
