"""We ask a patient for leave to see what other hospitals hold, and hear the answer.

Treatment never waits for it: the request is owed to the gateway, and whatever comes back is
handled in the background. One row is the request, one more is each artefact.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import asking, codes, wire
from apps.abdm.actions import fetching, linking
from apps.abdm.handlers import Early, Letter, Parked, handles
from apps.abdm.models import ConsentArtefact, Side
from apps.accounts import queries as accounts
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.gateway.client import error_in
from apps.patients import queries as patients

SYSTEM = linking.SYSTEM
ASK, STATE, ACK, FETCH = "hiu.ask", "hiu.status", "hiu.ack", "hiu.fetch"
BASE = "consent/v3/"
KEEP = {"1": 1, "7": 7, "30": 30}  # days after which everything is erased
MOST_A_DAY = 5
WAITS = timedelta(days=3)  # a request that nobody answered stands in the way of another no longer
CHECKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
SILENT = timedelta(days=1)  # without a number from the gateway a request is lost
MOST_ARTEFACTS = 100
Status = ConsentArtefact.Status
OVER = {"DENIED": Status.DENIED, "EXPIRED": Status.EXPIRED, "REVOKED": Status.REVOKED}


def mine() -> Any:
    """Rows of what we ask for."""
    return ConsentArtefact.objects.filter(side=Side.ASKER)


@transaction.atomic
def ask(
    patient_id: UUID, *, id: UUID, purpose: str, kinds: list[str], first: date | None,
    last: date | None, keep: str, actor: Actor,
) -> ConsentArtefact:  # fmt: skip
    """A doctor asks this patient, in the ABHA app, for what other hospitals hold from these days.

    Sent twice it is one request. `keep`: days after which everything is erased.
    """
    actor.require(Permission.CONSULT_SIGN)
    patient = patients.patient(patient_id, lock=True)
    if patient is None:
        raise Refused("patient.not_found")
    facility: Any = current_facility()
    known = mine().filter(pk=id, patient_id=patient_id).first()
    if known is not None:
        return known
    service = mail.service_of(facility.pk) if mail.is_on() else None
    if service is None:
        raise Refused("asking.off")
    if not patient.abha_address:
        raise Refused("asking.no_abha")
    _refuse(patient_id, purpose, kinds, first, last, keep)
    assert first and last and actor.user_id
    now = timezone.now()
    card = accounts.cards([actor.user_id])[actor.user_id]
    name = codes.name(card.name_en, card.name_hi)
    row = ConsentArtefact.objects.create(
        id=id, side=Side.ASKER, status=Status.ASKED, patient_id=patient_id, purpose=purpose,
        asked_by_id=actor.user_id, hi_types=asking.kinds(kinds), date_from=_start(first),
        date_to=min(_start(last) + timedelta(days=1), now - asking.CLOCKS),
        erase_at=now + timedelta(days=KEEP[keep]), requester=name[:120],
        hiu_id=service.service_id, hiu_name=facility.name_en[:120],
        next_check_at=now + CHECKS[0],
    )  # fmt: skip
    record(Event.CONSENT_REQUESTED, subject=row, patient_id=patient_id, actor=actor,
           purpose=purpose, kinds=len(row.hi_types), days=KEEP[keep])  # fmt: skip
    gateway.send(
        f"{BASE}request/init",
        body=asking.request_body(
            row,
            address=patient.abha_address,
            requester=name,
            registration_no=card.registration_no,
        ),
        purpose=ASK,
        subject_id=row.pk,
        facility_id=facility.pk,
        role="hiu",
    )
    return row


def _refuse(
    patient_id: UUID, purpose: str, kinds: list[str], first: date | None, last: date | None,
    keep: str,
) -> None:  # fmt: skip
    if purpose not in asking.PURPOSES or keep not in KEEP:
        raise Refused("form.incomplete")
    if not kinds or set(kinds) - set(codes.HI_TYPES):
        raise Refused("asking.kinds")
    if first is None or last is None or not first <= last <= timezone.localdate():
        raise Refused("asking.dates")
    now = timezone.now()
    asked = mine().filter(patient_id=patient_id, artefact_id=None).exclude(purpose=codes.SELF)
    if asked.filter(status=Status.ASKED, received_at__gt=now - WAITS).exists():
        raise Refused("asking.waiting")
    if asked.filter(received_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused("asking.too_many", most=MOST_A_DAY)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@handles("hiu/consent/request/on-init")
@transaction.atomic
def init_answered(letter: Letter) -> None:
    """The number of our request at the gateway, or why it is none."""
    row = _subject(letter, ASK)
    number = wire.number(wire.part(letter.body.get("consentRequest")).get("id"))
    if letter.body.get("error"):
        _failed(row, error_in(letter.body)[0] or "error")
    elif number is None:
        raise Parked("no number of a consent request")
    elif row.request_id is None:
        row.request_id = number
        row.save(update_fields=["request_id"])


@transaction.atomic
def call_refused(row_id: UUID, code: str) -> None:
    """The gateway refused the call itself: the same as an answer that says no."""
    _failed(mine().select_for_update().get(pk=row_id), code or "400")


def _failed(row: ConsentArtefact, code: str) -> None:
    """Nothing will come of this row, locked by the caller; the doctor may ask anew."""
    if row.status != Status.ASKED:
        return
    row.status, row.error_code, row.ended_at = Status.FAILED, code[:12], timezone.now()
    row.save(update_fields=["status", "error_code", "ended_at"])
    record(Event.CONSENT_ENDED, subject=row, patient_id=row.patient_id, actor=SYSTEM,
           code="failed", why=row.error_code)  # fmt: skip


@handles("hiu/consent/request/on-status")
@transaction.atomic
def state_answered(letter: Letter) -> None:
    """The same as a notice, asked for by us because one may have been lost."""
    row = _subject(letter, STATE)
    told = wire.part(letter.body.get("consentRequest"))
    if not letter.body.get("error") and wire.number(told.get("id")) == row.request_id:
        _decided(row, wire.text(told.get("status")).upper(), _artefacts(told))


@handles("hiu/consent/request/notify", "hiu/consent/request/on-notify")
@transaction.atomic
def decision_told(letter: Letter) -> None:
    """Granted, denied, taken back or over: noted, then acknowledged, in one transaction."""
    if mail.count_sent(ACK, letter.id):
        return
    told = wire.part(letter.body.get("notification"))
    number = wire.number(told.get("consentRequestId"))
    if number is None:
        raise Parked("no number of a consent request")
    row = mine().select_for_update().filter(request_id=number, artefact_id=None).first()
    if row is None:
        raise Early("its request is not known")
    artefacts = _artefacts(told)
    _decided(row, wire.text(told.get("status")).upper(), artefacts)
    gateway.send(
        f"{BASE}request/hiu/on-notify",
        body={"acknowledgement": [{"status": "OK", "consentId": str(one)} for one in artefacts]},
        purpose=ACK,
        subject_id=letter.id,
        facility_id=letter.facility_id,
        role="hiu",
        in_reply_to=letter.request_id,
    )


def _artefacts(told: dict[str, Any]) -> list[UUID]:
    named = told.get("consentArtefacts")
    rows = named[:MOST_ARTEFACTS] if isinstance(named, list) else []
    numbers = [wire.number(wire.part(one).get("id")) for one in rows]
    return list(dict.fromkeys(one for one in numbers if one))


def _decided(row: ConsentArtefact, state: str, artefacts: list[UUID]) -> None:
    """What a decision means for the request, locked by the caller, and for each of its artefacts.

    An end that comes before its beginning is kept, so that the beginning finds it ended.
    """
    if state == "GRANTED":
        if row.status == Status.ASKED:
            row.status = Status.GRANTED
            row.save(update_fields=["status"])
        for number in artefacts if row.status == Status.GRANTED else ():
            _begin(row, number)
    elif state in OVER:
        for number in artefacts:
            _end_artefact(row, number, OVER[state])
        rest = mine().select_for_update().filter(request_id=row.request_id)
        living = [one for one in rest if one.status in (Status.ASKED, Status.GRANTED)]
        only_me = all(one.pk == row.pk for one in living)
        if not artefacts or only_me:
            for one in living:
                end(one, OVER[state])


def _begin(row: ConsentArtefact, number: UUID) -> None:
    made, new = _artefact_row(row, number, Status.ASKED)
    if new:
        _fetch(made)


def _artefact_row(row: ConsentArtefact, number: UUID, status: Status) -> tuple[Any, bool]:
    return ConsentArtefact.objects.select_for_update().get_or_create(
        artefact_id=number,
        side=Side.ASKER,
        defaults={
            "status": status,
            "request_id": row.request_id,
            "patient_id": row.patient_id,
            "asked_by_id": row.asked_by_id,
            "purpose": row.purpose,
            "requester": row.requester,
            "hiu_id": row.hiu_id,
            "hiu_name": row.hiu_name,
            "next_check_at": timezone.now() + CHECKS[0],
            "ended_at": None if status == Status.ASKED else timezone.now(),
        },
    )


def _end_artefact(row: ConsentArtefact, number: UUID, status: Status) -> None:
    made, new = _artefact_row(row, number, status)
    if not new and made.request_id == row.request_id:
        end(made, status)


def _fetch(row: ConsentArtefact) -> None:
    facility: Any = current_facility()
    gateway.send(
        f"{BASE}fetch",
        body={"consentId": str(row.artefact_id)},
        purpose=FETCH,
        subject_id=row.pk,
        facility_id=facility.pk,
        role="hiu",
    )


@handles("hiu/consent/on-fetch", "hiu/consents/on-fetch")
@transaction.atomic
def artefact_came(letter: Letter) -> None:
    """The artefact is read, checked against what we asked, and its records are asked for."""
    row = _subject(letter, FETCH)
    if row.status != Status.ASKED:
        return
    if letter.body.get("error"):
        _failed(row, error_in(letter.body)[0] or "error")
        return
    patient = patients.patient(row.patient_id) if row.patient_id else None
    try:
        facts = asking.artefact(
            letter.body.get("consent"),
            row,
            address=patient.abha_address if patient else "",
            service_id=letter.service_id,
        )
    except ValueError as why:
        known = ("unsigned", "foreign", "ended")
        _failed(row, str(why) if str(why) in known else "malformed")
        return
    for name, value in facts.items():
        setattr(row, name, value)
    row.status = Status.GRANTED
    row.save()
    record(Event.CONSENT_RECEIVED, subject=row, patient_id=row.patient_id, actor=SYSTEM,
           visits=len(row.references), purpose=row.purpose)  # fmt: skip
    fetching.begin(row)


def _subject(letter: Letter, purpose: str) -> ConsentArtefact:
    """The row that our call was for. Early while the call is not known, Parked for another kind."""
    if letter.subject_id is None:
        raise Early("its request is not known")
    row = mine().select_for_update().filter(pk=letter.subject_id).first()
    if row is None or letter.purpose != purpose:
        raise Parked("answers a call of another kind")
    found: ConsentArtefact = row
    return found


def end(row: ConsentArtefact, status: Status) -> None:
    """A row locked by the caller counts no more: nothing more comes in, what came is erased."""
    if row.status not in (Status.ASKED, Status.GRANTED):
        return
    row.status, row.ended_at, row.references = status, timezone.now(), []
    row.save(update_fields=["status", "ended_at", "references"])
    erased = fetching.forget(row)
    record(Event.CONSENT_ENDED, subject=row, patient_id=row.patient_id, actor=SYSTEM,
           code=str(status), erased=erased)  # fmt: skip


@transaction.atomic
def end_what_is_over() -> None:
    """Consents over by our own clock, told of it or not: what came by them is erased. 1 query while
    there are none."""
    over = mine().filter(status=Status.GRANTED, erase_at__lte=timezone.now())
    for row in over.select_for_update(skip_locked=True)[:200]:
        end(row, Status.EXPIRED)


@transaction.atomic
def ask_after() -> None:
    """Requests that nobody answered yet. 1 query while there are none."""
    now = timezone.now()
    due = mine().filter(status=Status.ASKED, next_check_at__lte=now)
    for row in due.select_for_update(skip_locked=True)[:100]:
        _check(row, now)


def _check(row: ConsentArtefact, now: datetime) -> None:
    """Ask how it stands: after 15 minutes, an hour, then every six hours."""
    age = now - row.received_at
    lost = row.request_id is None or row.artefact_id is not None
    if row.erase_at and row.erase_at <= now:
        end(row, Status.EXPIRED)
        return
    if lost and age > SILENT:
        _failed(row, "no_answer")
        return
    row.next_check_at = now + (CHECKS[1] - age if age < CHECKS[1] else CHECKS[2])
    row.save(update_fields=["next_check_at"])
    if row.artefact_id is not None:
        _fetch(row)
    elif row.request_id is not None:
        facility: Any = current_facility()
        gateway.send(
            f"{BASE}request/status",
            body={"consentRequestId": str(row.request_id)},
            purpose=STATE,
            subject_id=row.pk,
            facility_id=facility.pk,
            role="hiu",
        )
