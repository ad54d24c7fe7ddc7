"""Records flow to who asked by a consent: checked, acknowledged, pushed page by page, reported.

One paper is one page with keys of its own. The row says how far it is before and after each push,
so that a worker that died is followed by another at the same page, and the consent is read again
before every page: its end stops the rest.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import consents, pages, push, wire
from apps.abdm.actions import linking
from apps.abdm.fhir import papers_of, told_as
from apps.abdm.handlers import Letter, Parked, handles
from apps.abdm.models import CareContext, ConsentArtefact, HealthInformationTransfer, Side
from apps.abdm.shared import Wrong
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility
from apps.documents import queries as documents
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.gateway.sealed import opened, seal

SYSTEM = linking.SYSTEM
ANSWER, REFUSAL, TOLD = "transfer.answer", "transfer.refusal", "transfer.told"
BASE = "data-flow/v3/health-information/"
LIVES = timedelta(minutes=20)  # of a request; nobody waits for it any longer
IN_HAND = timedelta(minutes=2)  # a worker that died gives the page back after this time
AGAIN_S = (5, 15, 45, 120, 300)
KEY_LIVES = timedelta(days=1)
Transfer = HealthInformationTransfer
Status = HealthInformationTransfer.Status
GOING = (Status.ACKNOWLEDGED, Status.SENDING)
OPEN = (Status.ASKED, *GOING)
WORDS = {  # for the gateway: never a name, never what is in a paper
    "": "Delivered",
    "none": "No record of the consented kinds in this time",
    "late": "Receiver did not answer within 20 minutes",
    "revoked": "Consent was revoked",
    "expired": "Consent has expired",
    "gone": "Record was withdrawn",
    "address": "Data push URL cannot be used",
}


@handles("hip/health-information/request")
@transaction.atomic
def asked(letter: Letter) -> None:
    """Met or refused with a code, once for each transaction, however often it is told."""
    talk = wire.number(letter.body.get("transactionId"))
    if talk is None:
        raise Parked("no transaction or link number")
    known = Transfer.objects.filter(transaction_id=talk, side=Side.HOLDER).exists()
    if known or mail.count_sent(REFUSAL, letter.id):
        return
    told = wire.part(letter.body.get("hiRequest"))
    number = wire.number(wire.part(told.get("consent")).get("id"))
    consent = ConsentArtefact.objects.filter(artefact_id=number, side=Side.HOLDER).first()
    try:
        facts = consents.asked(told, consent if number else None)
    except Wrong as wrong:
        _refuse(letter, talk, consent if number else None, wrong)
        return
    assert consent is not None
    _accept(letter, talk, consent, facts)


def _accept(letter: Letter, talk: UUID, consent: ConsentArtefact, facts: consents.Asked) -> None:
    row, made = Transfer.objects.get_or_create(
        transaction_id=talk,
        side=Side.HOLDER,
        defaults={
            "consent": consent,
            "date_from": facts.date_from,
            "date_to": facts.date_to,
            "push_host": facts.host,
            "sealed": seal(facts.sealed, letter.facility_id),
        },
    )
    if not made:
        return
    record(Event.RECORDS_ASKED, subject=row, patient_id=consent.patient_id, actor=SYSTEM)
    gateway.send(
        f"{BASE}hip/on-request",
        body={"hiRequest": {"transactionId": str(talk), "sessionStatus": "ACKNOWLEDGED"}},
        purpose=ANSWER,
        subject_id=row.pk,
        facility_id=letter.facility_id,
        in_reply_to=letter.request_id,
    )


def _refuse(letter: Letter, talk: UUID, consent: ConsentArtefact | None, wrong: Wrong) -> None:
    """A consent of another hospital and one of nobody are the same: unknown."""
    if consent is not None:
        Transfer.objects.get_or_create(
            transaction_id=talk,
            side=Side.HOLDER,
            defaults={
                "consent": consent,
                "status": Status.REFUSED,
                "error_code": wrong.code,
                "done_at": timezone.now(),
            },
        )
    record(Event.RECORDS_REFUSED, subject=consent, actor=SYSTEM, code=wrong.code,
           patient_id=consent.patient_id if consent else None)  # fmt: skip
    gateway.send(
        f"{BASE}hip/on-request",
        body={"error": {"code": f"ABDM-{wrong.code}", "message": wrong.message}},
        purpose=REFUSAL,
        subject_id=letter.id,
        facility_id=letter.facility_id,
        in_reply_to=letter.request_id,
    )


@transaction.atomic
def acknowledged(transfer_id: UUID) -> None:
    """The gateway took our yes: the pages may go."""
    row = Transfer.objects.select_for_update().get(pk=transfer_id)
    if row.status == Status.ASKED:
        row.status, row.next_attempt_at = Status.ACKNOWLEDGED, timezone.now()
        row.save(update_fields=["status", "next_attempt_at"])
        enqueue("abdm.transfer", transfer_id=row.pk)
    gateway.settled(ANSWER, row.pk)


@transaction.atomic
def not_acknowledged(transfer_id: UUID, code: str) -> None:
    """The gateway refused our yes: nothing goes, and there is nobody to report to."""
    row = Transfer.objects.select_for_update().get(pk=transfer_id)
    if row.status == Status.ASKED:
        row.error_code = code[:12]
        _close(row, Status.FAILED)


def carry_on(transfer_id: UUID | str) -> None:
    """Push what is due, page after page. A job that comes twice, or beside another, does nothing
    twice: a page is taken by one, and a page that arrived is never taken again."""
    while (page := _claim(transfer_id)) is not None:
        _settle(page, _pushed(page))


@transaction.atomic
def _claim(transfer_id: UUID | str) -> pages.Page | None:
    now = timezone.now()
    due = Transfer.objects.filter(status__in=GOING, side=Side.HOLDER, next_attempt_at__lte=now)
    row = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=transfer_id).first()
    if row is None:
        return None
    consent = ConsentArtefact.objects.get(pk=row.consent_id)
    if not consents.in_force(consent, now):
        _finish(row, consent, rest=_ended_how(consent))
        return None
    if now > row.asked_at + LIVES:
        _finish(row, consent, rest="late")
        return None
    if row.status == Status.ACKNOWLEDGED:
        row.status, row.entries = Status.SENDING, _entries(row, consent)
    n = next((n for n, one in enumerate(row.entries) if one["state"] == "waiting"), None)
    if n is None:
        _finish(row, consent)
        return None
    row.entries[n]["tries"] += 1
    row.next_attempt_at = now + IN_HAND
    row.save(update_fields=["status", "entries", "next_attempt_at"])
    return _page(row, consent, n)


def _page(row: Transfer, consent: ConsentArtefact, n: int) -> pages.Page:
    facility: Any = current_facility()
    assert row.transaction_id and consent.erase_at
    return pages.Page(
        transfer_id=row.pk,
        transaction_id=row.transaction_id,
        n=n,
        count=len(row.entries),
        paper=UUID(row.entries[n]["paper"]),
        kind=row.entries[n].get("kind", ""),  # begun before a paper was told as several records
        context=row.entries[n]["context"],
        to=opened(row.sealed, facility.pk),
        key_ends=min(consent.erase_at, timezone.now() + KEY_LIVES),
    )


def _entries(row: Transfer, consent: ConsentArtefact) -> list[dict[str, Any]]:
    """Records out of the valid papers of the consented visits and time: each consented kind that a
    paper holds, once. 2 queries."""
    visits = dict(
        CareContext.objects.filter(reference__in=consent.references).values_list(
            "encounter_id", "reference"
        )
    )
    assert row.date_from and row.date_to
    papers = documents.of_visits(
        visits, kinds=papers_of(consent.hi_types), first=row.date_from, last=row.date_to
    )
    return [
        {
            "paper": str(paper.pk),
            "kind": kind,
            "context": visits[paper.encounter_id],
            "state": "waiting",
            "tries": 0,
            "why": "",
        }
        for paper in papers
        for kind in told_as(paper.kind, paper.content)
        if kind in consent.hi_types
    ]


def _pushed(page: pages.Page) -> push.Outcome:
    try:
        body = pages.body_of(page)
    except pages.NotReady:
        return push.Outcome("again", "not-ready")
    if body is None:
        return push.Outcome("failed", "gone")
    now = timezone.now()
    row = Transfer.objects.select_related("consent").get(pk=page.transfer_id)
    if row.status != Status.SENDING or not consents.in_force(row.consent, now):
        return push.Outcome("stopped")  # `_claim` draws the conclusion
    return push.post(page.to["url"], body)


@transaction.atomic
def _settle(page: pages.Page, outcome: push.Outcome) -> None:
    """What became of one page. A transfer that was stopped meanwhile only counts it."""
    row = Transfer.objects.select_for_update().get(pk=page.transfer_id)
    entry, now, wait = row.entries[page.n], timezone.now(), 0
    if entry["state"] == "sent":
        return
    if outcome.state == "sent":
        row.failed -= entry["state"] == "failed"  # told as failed when it was stopped on its way
        entry["state"], entry["why"], row.sent = "sent", "", row.sent + 1
        _record_sent(row, page)
    elif row.status == Status.SENDING and outcome.state != "stopped":
        given_up = outcome.state == "failed" or entry["tries"] > len(AGAIN_S)
        if given_up:
            entry["state"], entry["why"], row.failed = "failed", outcome.why, row.failed + 1
        else:
            wait = AGAIN_S[entry["tries"] - 1]
            enqueue("abdm.transfer", after_s=wait, transfer_id=row.pk)
    row.next_attempt_at = now + timedelta(seconds=wait)
    row.save(update_fields=["entries", "sent", "failed", "next_attempt_at"])


def _record_sent(row: Transfer, page: pages.Page) -> None:
    patient_id = ConsentArtefact.objects.values_list("patient_id", flat=True).get(pk=row.consent_id)
    record(Event.RECORD_SENT, subject=row, patient_id=patient_id, actor=SYSTEM,
           paper=str(page.paper), kind=page.kind, page=page.n + 1)  # fmt: skip


def stop(consent: ConsentArtefact) -> None:
    """The consent, locked by the caller, has ended: what is under way stops between two pages."""
    mine = Transfer.objects.filter(consent=consent, side=Side.HOLDER, status__in=OPEN)
    for row in mine.select_for_update():
        _finish(row, consent, rest=_ended_how(consent))


def _ended_how(consent: ConsentArtefact) -> str:
    return "revoked" if consent.status == ConsentArtefact.Status.REVOKED else "expired"


def _finish(row: Transfer, consent: ConsentArtefact, *, rest: str = "none") -> None:
    """Over, for the row that the caller holds: pages that did not go failed for `rest`."""
    for entry in row.entries:
        if entry["state"] == "waiting":
            entry["state"], entry["why"], row.failed = "failed", rest, row.failed + 1
    _close(row, Status.SENT if row.sent and not row.failed else Status.FAILED)
    service = mail.service_of(_here())
    if service is None:
        return
    answers = [_of_context(row, reference, rest) for reference in consent.references]
    gateway.send(
        f"{BASE}notify",
        body={
            "notification": {
                "consentId": str(consent.artefact_id),
                "transactionId": str(row.transaction_id),
                "doneAt": mail.stamp(),
                "notifier": {"type": "HIP", "id": service.service_id},
                "statusNotification": {
                    "sessionStatus": "TRANSFERRED" if row.status == Status.SENT else "FAILED",
                    "hipId": service.service_id,
                    "statusResponses": answers,
                },
            }
        },
        purpose=TOLD,
        subject_id=row.pk,
        facility_id=_here(),
    )


def _of_context(row: Transfer, reference: str, rest: str) -> dict[str, str]:
    mine = [entry for entry in row.entries if entry["context"] == reference]
    whys = [entry["why"] for entry in mine if entry["state"] != "sent"]
    why = whys[0] if whys else ("" if mine else rest)
    return {
        "careContextReference": reference,
        "hiStatus": "ERRORED" if why else "DELIVERED",
        "description": WORDS.get(why, "Receiver did not take the record"),
    }


def _close(row: Transfer, status: Status) -> None:
    row.status, row.sealed, row.done_at = status, "", timezone.now()
    row.save()
    patient_id = ConsentArtefact.objects.values_list("patient_id", flat=True).get(pk=row.consent_id)
    record(Event.TRANSFER_ENDED, subject=row, patient_id=patient_id, actor=SYSTEM,
           code=str(status), sent=row.sent, failed=row.failed)  # fmt: skip


def _here() -> UUID:
    facility: Any = current_facility()
    pk: UUID = facility.pk
    return pk


def sweep() -> None:
    """Transfers whose worker died, whose wait is over, or whose yes never arrived. 1 query while
    there are none."""
    now = timezone.now()
    due = Transfer.objects.filter(status__in=OPEN, side=Side.HOLDER, next_attempt_at__lte=now)
    rows = list(due.order_by("next_attempt_at").values_list("pk", "status")[:200])
    asked_ids = {pk for pk, status in rows if status == Status.ASKED}
    for pk in asked_ids.intersection(mail.unsettled(ANSWER, _here()) if asked_ids else ()):
        acknowledged(pk)
    for pk, status in rows:
        if status in GOING:
            enqueue("abdm.transfer", transfer_id=pk)
    if asked_ids:
        _give_up(now)


@transaction.atomic
def _give_up(now: datetime) -> None:
    late = Transfer.objects.filter(status=Status.ASKED, side=Side.HOLDER, asked_at__lt=now - LIVES)
    for row in late.select_for_update(skip_locked=True)[:50]:
        _finish(row, ConsentArtefact.objects.get(pk=row.consent_id), rest="late")
