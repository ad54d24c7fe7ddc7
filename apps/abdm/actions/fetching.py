"""Records of other hospitals come in: asked for with fresh keys, taken at an address that nobody
can guess, read in a job, kept as ciphertext, and erased when the consent ends.

The address carries its hospital and transfer as ciphertext, so a push finds its way without any
table that everybody shares. Whatever does not fit an open transfer is answered alike.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from apps.abdm import asking, codes, consents, crypto, incoming
from apps.abdm.actions import linking
from apps.abdm.handlers import Early, Letter, Parked, handles
from apps.abdm.models import ConsentArtefact, HealthInformationTransfer, ReceivedRecord, Side
from apps.abdm.wire import number, part
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility, facility_context
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.gateway.client import error_in
from apps.gateway.sealed import opened, seal
from apps.patients import queries as patients

SYSTEM = linking.SYSTEM
DATA, TOLD = "hiu.data", "hiu.told"
BASE = "data-flow/v3/health-information/"
GIVEN = "patient-record/v3/notify"  # of records that a patient gave with a share
LIVES = timedelta(minutes=30)
AGAIN = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
LATER = ("1402", "1024", "1028", "1033", "1401", "1007", "1048")  # somebody is not there just now
LOOK_AGAIN = timedelta(minutes=2)
Transfer = HealthInformationTransfer
Status = Transfer.Status
Kept = ReceivedRecord.Status
OPEN = (Status.ASKED, Status.ACKNOWLEDGED, Status.SENDING)


def mine() -> Any:
    """Flows that we asked for."""
    return Transfer.objects.filter(side=Side.ASKER)


def begin(consent: ConsentArtefact, *, wait: timedelta = timedelta()) -> None:
    """Ask for the records of an artefact, now or after a while, inside the caller's transaction."""
    row = Transfer.objects.create(
        side=Side.ASKER,
        consent=consent,
        date_from=consent.date_from,
        date_to=consent.date_to,
        next_attempt_at=timezone.now() + wait,
    )
    if not wait:
        _request(row, consent)


def _request(row: Transfer, consent: ConsentArtefact) -> None:
    """The call, with a key pair that lives for this flow alone and is kept before it is used."""
    facility: Any = current_facility()
    own, nonce = crypto.KeyPair.generate(), crypto.new_nonce()
    row.sealed = seal({"private": own.private_text, "nonce": nonce}, facility.pk)
    row.asked_at, row.next_attempt_at = timezone.now(), timezone.now() + LIVES
    row.save(update_fields=["sealed", "asked_at", "next_attempt_at"])
    record(Event.RECORDS_FETCHED, subject=row, patient_id=consent.patient_id, actor=SYSTEM)
    url = incoming.address(facility.pk, row.pk)
    gateway.send(
        f"{BASE}request",
        body=asking.data_body(consent, url=url, own=own, nonce=nonce),
        purpose=DATA,
        subject_id=row.pk,
        facility_id=facility.pk,
        role="hiu",
    )


@handles("hiu/health-information/on-request")
@transaction.atomic
def request_answered(letter: Letter) -> None:
    """The number of the flow, or why there will be none. Pages may have come before it."""
    if letter.subject_id is None:
        raise Early("its request is not known")
    row = mine().select_for_update().filter(pk=letter.subject_id).first()
    if row is None or letter.purpose != DATA:
        raise Parked("answers a call of another kind")
    if letter.body.get("error"):
        refused(row, error_in(letter.body)[0] or "error")
        return
    talk = number(part(letter.body.get("hiRequest")).get("transactionId"))
    if talk is None:
        raise Parked("no number of a transaction")
    if row.status not in OPEN or row.transaction_id is not None:
        return
    row.transaction_id = talk
    row.status = Status.ACKNOWLEDGED if row.status == Status.ASKED else row.status
    row.save(update_fields=["transaction_id", "status"])
    _conclude(row)


@transaction.atomic
def request_refused(transfer_id: UUID, code: str) -> None:
    """The call itself was refused."""
    refused(mine().select_for_update().get(pk=transfer_id), code)


def refused(row: Transfer, code: str) -> None:
    """No records by this request, for the row that the caller holds; again only when somebody was
    not there."""
    if row.status in OPEN:
        row.error_code = code[:12]
        _close(row, Status.REFUSED)
        if code in LATER:
            _try_later(row)


@dataclass(frozen=True, slots=True)
class Taken:
    """Answer to a push: `code` and `message` are empty when the page was taken."""

    code: str = ""
    message: str = ""


UNKNOWN = Taken("1017", "Invalid transactionId")


def take(key: str, body: Any) -> Taken:
    """One page for an open flow: kept as it came, to be read in a job. The same page again is a yes
    and changes nothing. An address of nobody, of an ended flow or consent: all UNKNOWN."""
    where = incoming.place_of(key)
    if where is None or not mail.knows(where.facility_id):
        return UNKNOWN
    with facility_context(where.facility_id), transaction.atomic():
        return _take(where.transfer_id, body)


def _take(transfer_id: UUID, body: Any) -> Taken:
    open_rows = mine().filter(pk=transfer_id, status__in=OPEN).exclude(sealed="")
    row = open_rows.select_for_update(of=("self",)).select_related("consent").first()
    if row is None or not consents.in_force(row.consent, timezone.now()):
        return UNKNOWN
    try:
        page = incoming.read_page(body)
    except ValueError as why:
        return Taken("1006", str(why))
    if row.transaction_id is not None and page.transaction_id != row.transaction_id:
        return UNKNOWN
    if row.pages and page.count != row.pages:
        return Taken("1006", "Invalid pageCount")
    if any(entry.reference not in row.consent.references for entry in page.entries):
        return Taken("7727", "Mismatch of careContextReference(s) with consent")
    known = ReceivedRecord.objects.filter(transfer=row)
    if known.filter(page=page.number).exists():
        return Taken()
    if (known.aggregate(all=Sum("size"))["all"] or 0) + page.size > incoming.MOST_BYTES:
        return Taken("1006", "Too much data for one transaction")
    for place, entry in enumerate(page.entries):
        made = ReceivedRecord.objects.create(
            transfer=row,
            page=page.number,
            place=place,
            reference=entry.reference,
            size=len(entry.content),
            content=incoming.as_kept(page, entry),
        )
        enqueue("abdm.read_record", record_id=made.pk)
    row.status, row.pages = Status.SENDING, page.count
    row.next_attempt_at = timezone.now() + LOOK_AGAIN
    row.save(update_fields=["status", "pages", "next_attempt_at"])
    return Taken()


def read(record_id: UUID | str) -> None:
    """Decrypt, check and keep one entry, then see whether its flow is complete. A job that comes
    twice finds it done."""
    with transaction.atomic():
        rows = ReceivedRecord.objects.filter(pk=record_id, status=Kept.WAITING)
        one = rows.select_for_update(skip_locked=True).first()
        if one is None:
            return
        row = mine().select_related("consent").get(pk=one.transfer_id)
        if row.status not in OPEN or not consents.in_force(row.consent, timezone.now()):
            return  # `forget` has emptied it or will
        _read(one, row)
    with transaction.atomic():
        _conclude(mine().select_for_update().get(pk=row.pk))


def _read(one: ReceivedRecord, row: Transfer) -> None:
    facility: Any = current_facility()
    try:
        found = incoming.understood(one.content, opened(row.sealed, facility.pk))
    except incoming.Unreadable as why:
        one.status, one.why, one.content = Kept.FAILED, str(why), ""
        one.save(update_fields=["status", "why", "content"])
        record(Event.RECORD_UNREADABLE, subject=one, patient_id=row.consent.patient_id,
               actor=SYSTEM, why=one.why, page=one.page)  # fmt: skip
        return
    one.status, one.kind, one.written_at = Kept.SHOWN, found.kind, found.written_at
    one.head = seal(found.head, facility.pk)
    one.content = seal(found.text, facility.pk)
    one.save()
    record(Event.RECORD_RECEIVED, subject=one, patient_id=row.consent.patient_id, actor=SYSTEM,
           page=one.page, bytes=one.size, checksum=found.checksum, sha256=found.digest)  # fmt: skip


def _conclude(row: Transfer, *, late: bool = False) -> None:
    """Whether the flow, locked by the caller, is over: every page there and read, or no time left.
    Without its number it waits for that: nothing could be reported."""
    if row.status not in OPEN or (row.transaction_id is None and not late):
        return
    states = list(ReceivedRecord.objects.filter(transfer=row).values_list("page", "status"))
    whole = row.pages and len({page for page, _state in states}) >= row.pages
    if not late and (not whole or any(state == Kept.WAITING for _page, state in states)):
        return
    row.sent = sum(state == Kept.SHOWN for _page, state in states)
    row.failed = len(states) - row.sent
    row.error_code = "" if whole else "late"
    _close(row, Status.SENT if whole and not row.failed else Status.FAILED)
    if row.transaction_id is not None:
        _tell(row)
    if late and not states:
        _try_later(row)


def _close(row: Transfer, status: Status) -> None:
    """Over: our private key is gone with it."""
    row.status, row.sealed, row.done_at = status, "", timezone.now()
    row.save()
    consent = ConsentArtefact.objects.get(pk=row.consent_id)
    record(Event.TRANSFER_ENDED, subject=row, patient_id=consent.patient_id, actor=SYSTEM,
           code=str(status), received=row.sent, failed=row.failed, **_marks(consent))  # fmt: skip


def _marks(consent: ConsentArtefact) -> dict[str, Any]:
    """Whose records came, as the incentive's ledger asks: an id, and whether by KYC."""
    patient = patients.patient(consent.patient_id) if consent.patient_id else None
    if patient is None or patient.person_id is None:
        return {"kyc": False}
    return {"kyc": bool(patient.abha_number), "person": str(patient.person_id)}


def _try_later(row: Transfer) -> None:
    """One more request, with keys of its own, after an hour, six, and a day; then it is enough."""
    consent = ConsentArtefact.objects.get(pk=row.consent_id)
    if consent.purpose == codes.SELF:  # what a patient gave at the counter is not asked for again
        return
    before = mine().filter(consent=consent).count()
    if before <= len(AGAIN) and consents.in_force(consent, timezone.now()):
        begin(consent, wait=AGAIN[before - 1])


def _tell(row: Transfer) -> None:
    """The gateway hears what came of it, visit by visit; a visit of which nothing came is named
    only when nothing came at all."""
    consent = ConsentArtefact.objects.get(pk=row.consent_id)
    states: dict[str, bool] = {}
    for reference, state in ReceivedRecord.objects.filter(transfer=row).values_list(
        "reference", "status"
    ):
        states[reference] = states.get(reference, True) and state == Kept.SHOWN
    _report(row, consent, states)


def _report(row: Transfer, consent: ConsentArtefact, states: dict[str, bool]) -> None:
    """The notice itself. What a patient gave at the counter has no consent at ABDM and no holder,
    a path of its own, and another word for a good record."""
    facility: Any = current_facility()
    given = consent.purpose == codes.SELF
    good, words = ("VALID", "Record decrypted") if given else ("OK", "Data received successfully")
    answers = [
        {
            "careContextReference": reference,
            "hiStatus": good if read else "ERRORED",
            "description": words if read else "Data could not be read",
        }
        for reference, read in states.items()
    ] or [
        {"careContextReference": one, "hiStatus": "ERRORED", "description": "No data received"}
        for one in consent.references or ["none"]
    ]
    told: dict[str, Any] = {
        "transactionId": str(row.transaction_id),
        "doneAt": mail.stamp(),
        "notifier": {"type": "HIU", "id": consent.hiu_id},
        "statusNotification": {
            "sessionStatus": "RECEIVED" if row.sent else "FAILED",
            "statusResponses": answers,
        },
    }
    if not given:
        told["consentId"] = str(consent.artefact_id)
        told["statusNotification"]["hipId"] = consent.hip_id
    gateway.send(
        GIVEN if given else f"{BASE}notify",
        body={"notification": told},
        purpose=TOLD,
        subject_id=row.pk,
        facility_id=facility.pk,
        role="hiu",
    )


def forget(consent: ConsentArtefact) -> int:
    """The consent, locked by the caller, has ended: open flows stop, keys go, and of each record
    only the row stays, which says when it came and that it was erased. How many were erased."""
    for row in mine().filter(consent=consent, status__in=OPEN).select_for_update():
        row.error_code = "ended"
        _close(row, Status.FAILED)
    records = ReceivedRecord.objects.filter(transfer__consent=consent).exclude(status=Kept.ERASED)
    erased = records.update(
        status=Kept.ERASED, content="", head="", kind="", reference="", written_at=None
    )
    if erased:
        record(Event.RECORDS_ERASED, subject=consent, patient_id=consent.patient_id, actor=SYSTEM,
               count=erased)  # fmt: skip
    return erased


def sweep() -> None:
    """Requests whose hour has come, records whose job was lost, flows without time left. 1 query
    while there are none."""
    now = timezone.now()
    due = mine().filter(status__in=OPEN, next_attempt_at__lte=now)
    for pk in due.order_by("next_attempt_at").values_list("pk", flat=True)[:200]:
        with transaction.atomic():
            _carry_on(pk, now)


def _carry_on(transfer_id: UUID, now: datetime) -> None:
    rows = mine().filter(pk=transfer_id, status__in=OPEN, next_attempt_at__lte=now)
    row = rows.select_for_update(skip_locked=True).first()
    if row is None:
        return
    consent = ConsentArtefact.objects.get(pk=row.consent_id)
    if not row.sealed:
        if consents.in_force(consent, now):
            _request(row, consent)
        else:
            _close(row, Status.FAILED)
        return
    waiting = ReceivedRecord.objects.filter(transfer=row, status=Kept.WAITING)
    lost = list(waiting.values_list("pk", flat=True))
    for pk in lost:
        enqueue("abdm.read_record", record_id=pk)
    if not lost:
        _conclude(row, late=now > row.asked_at + LIVES)
    if row.status in OPEN:
        row.next_attempt_at = now + LOOK_AGAIN
        row.save(update_fields=["next_attempt_at"])
