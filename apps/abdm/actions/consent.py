"""Consents that name us as holder: kept when granted, acknowledged always, stopped when they end.

The answer is the same for a consent of ours, of another hospital or of nobody: it says that the
message came and nothing of what is known here.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import consents, wire
from apps.abdm.actions import linking, transfer
from apps.abdm.handlers import Letter, Parked, handles
from apps.abdm.models import CareContext, ConsentArtefact, Side
from apps.audit.actions import record
from apps.audit.events import Event
from apps.gateway import actions as gateway
from apps.gateway import queries as mail

SYSTEM = linking.SYSTEM
ACK = "consent.ack"
Status = ConsentArtefact.Status
ENDS = {"REVOKED": Status.REVOKED, "EXPIRED": Status.EXPIRED}
KNOWN = (CareContext.Status.LINKED, CareContext.Status.SENT)  # an answer may be on the way


@handles("consent/request/hip/notify")
@transaction.atomic
def consent_told(letter: Letter) -> None:
    """Kept or ended, then acknowledged, in one transaction; the same again changes nothing."""
    if mail.count_sent(ACK, letter.id):
        return
    told = wire.part(letter.body.get("notification"))
    artefact_id = wire.number(told.get("consentId"))
    if artefact_id is None:
        raise Parked("no consent id")
    status = wire.text(told.get("status")).upper()
    if status == "GRANTED":
        _granted(artefact_id, told, letter)
    elif status in ENDS:
        _ended(artefact_id, ENDS[status])
    else:
        raise Parked("unknown state of a consent")
    gateway.send(
        "consent/v3/request/hip/on-notify",
        body={"acknowledgement": {"status": "OK", "consentId": str(artefact_id)}},
        purpose=ACK,
        subject_id=letter.id,
        facility_id=letter.facility_id,
        in_reply_to=letter.request_id,
    )


def _granted(artefact_id: UUID, told: dict[str, object], letter: Letter) -> None:
    try:
        read = consents.read(told.get("consentDetail"), service_id=letter.service_id)
    except ValueError as why:
        code = "foreign" if str(why) == "foreign" else "malformed"
        record(Event.CONSENT_IGNORED, actor=SYSTEM, artefact=str(artefact_id), code=code)
        return
    named = CareContext.objects.filter(
        reference__in=read.references, abha_address__iexact=read.address, status__in=KNOWN
    )
    ours = list(named.order_by("created_at").values_list("reference", "patient_id"))
    if not ours:
        record(Event.CONSENT_IGNORED, actor=SYSTEM, artefact=str(artefact_id), code="unknown")
        return
    consent, made = ConsentArtefact.objects.get_or_create(
        artefact_id=artefact_id,
        side=Side.HOLDER,
        defaults={
            **read.facts,
            "patient_id": ours[0][1],
            "references": [reference for reference, _patient in ours],
        },
    )
    if made:
        record(Event.CONSENT_RECEIVED, subject=consent, patient_id=consent.patient_id,
               actor=SYSTEM, visits=len(ours), purpose=consent.purpose)  # fmt: skip


def _ended(artefact_id: UUID, status: Status) -> None:
    """An end that comes before its beginning is kept too, so that the beginning finds it ended."""
    now = timezone.now()
    consent, made = ConsentArtefact.objects.select_for_update().get_or_create(
        artefact_id=artefact_id,
        side=Side.HOLDER,
        defaults={"status": status, "ended_at": now},
    )
    if not made and consent.status == Status.GRANTED:
        end(consent, status)


def end(consent: ConsentArtefact, status: Status) -> None:
    """The row of a consent, locked by the caller, counts no more; what is under way stops."""
    consent.status, consent.ended_at = status, timezone.now()
    consent.save(update_fields=["status", "ended_at"])
    record(Event.CONSENT_ENDED, subject=consent, patient_id=consent.patient_id, actor=SYSTEM,
           code=str(status))  # fmt: skip
    transfer.stop(consent)


@transaction.atomic
def sweep() -> None:
    """Consents whose time is over by our own clock, told of it or not."""
    over = ConsentArtefact.objects.filter(
        status=Status.GRANTED, erase_at__lte=timezone.now(), side=Side.HOLDER
    )
    for consent in over.select_for_update(skip_locked=True)[:200]:
        end(consent, Status.EXPIRED)
