"""A patient finds the own visits from the app and takes them: discover, one code, linked.

The memory of a talk is the outbox: what we answered is kept there, sealed, under the transaction
and then under our link number. So a restart loses nothing, and what comes twice is answered once.
"""

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from apps.abdm import codes, wire
from apps.abdm.actions import linking
from apps.abdm.fhir import told_as
from apps.abdm.handlers import Letter, Parked, handles
from apps.abdm.matching import match
from apps.abdm.models import CareContext
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.ids import keyed_hash
from apps.core.tenancy import current_facility
from apps.documents import queries as documents
from apps.encounters import queries as visits
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.notices import actions as notices
from apps.patients import queries as patients

SYSTEM = linking.SYSTEM
BASE = "user-initiated-linking/v3/"
FOUND, CODE, WRONG, TAKEN = "discover.found", "discover.code", "discover.wrong", "discover.taken"
TALK, CODE_LIVES = timedelta(minutes=30), timedelta(minutes=10)
TRIES, CODES_A_DAY, AT_ONCE = 3, 6, 20
NAMESPACE = UUID("6d2f6a0e-8d6f-4d0c-9a54-0f6a9c6c3a11")
NOT_FOUND = ("1010", "Patient not found")
Status = CareContext.Status


@handles("hip/patient/care-context/discover")
def discover(letter: Letter) -> None:
    """Somebody looks for records: what of exactly one person is not linked yet, or "not found"."""
    talk = _uuid(letter.body.get("transactionId"))
    if mail.count_sent(FOUND, talk):
        return  # asked again: answered once, for a second answer is refused
    asked = wire.part(letter.body.get("patient"))
    found = match(asked)
    free = _free(found.patient) if found else {}
    body: dict[str, Any] = {"transactionId": str(talk)}
    if found is None or not free or not found.patient.mobile:  # no phone, no code
        body["error"] = _error(*NOT_FOUND)
        _answer("patient/care-context/on-discover", letter, body, FOUND, talk)
        return
    body |= {"patient": _blocks(found.patient, free), "matchedBy": list(found.by)}
    memo = {
        "patient": str(found.patient.pk),
        "address": str(asked.get("id") or "").lower(),
        "visits": {number: {**one, "id": str(one["id"])} for number, one in free.items()},
    }
    _answer("patient/care-context/on-discover", letter, body, FOUND, talk, memo)
    record(Event.RECORDS_FOUND, subject=found.patient, patient_id=found.patient.pk, actor=SYSTEM,
           visits=len(free))  # fmt: skip


def _free(patient: Any) -> dict[str, dict[str, Any]]:
    """Visits with papers that nobody has linked, newest first. 2 + n queries."""
    kinds: dict[UUID, list[str]] = {}
    for paper in documents.of_patient(patient.pk):
        if paper.kind in codes.HI_TYPES:
            kept = kinds.setdefault(paper.encounter_id, [])
            kept += [kind for kind in told_as(paper.kind, paper.content) if kind not in kept]
    taken = CareContext.objects.filter(
        encounter_id__in=kinds, status__in=(Status.LINKED, Status.SENT)
    ).values_list("encounter_id", flat=True)
    free = [one for one in kinds if one not in set(taken)][:AT_ONCE]
    return {visits.visit(one).number: {"id": one, "kinds": kinds[one]} for one in free}


def _blocks(patient: Any, chosen: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """One block a kind of record; displays in plain Latin that say nothing of an illness."""
    blocks = []
    for kind in codes.HI_TYPES:
        those = [number for number, one in chosen.items() if kind in one["kinds"]]
        if those:
            shown = [{"referenceNumber": n, "display": f"Visit {n}"} for n in those]
            blocks.append({
                "referenceNumber": patient.mrn,
                "display": codes.name(patient.name_en, patient.name_hi),
                "careContexts": shown,
                "hiType": kind,
                "count": len(shown),
            })  # fmt: skip
    return blocks


@handles("hip/link/care-context/init")
@transaction.atomic
def init(letter: Letter) -> None:
    """They chose: a code goes to the mobile on our record, never to one that the app names."""
    talk = _uuid(letter.body.get("transactionId"))
    link = uuid5(NAMESPACE, f"{letter.facility_id}:{talk}")
    memo = mail.memo(FOUND, talk, letter.facility_id, within=TALK, lock=True)
    if mail.count_sent(CODE, link):
        return
    no, chosen = _choice(letter.body, memo)
    patient = patients.patient(UUID(memo["patient"])) if memo and not no else None
    if not no and (patient is None or not patient.mobile or not _may_send(patient.pk)):
        no = NOT_FOUND
    body: dict[str, Any] = {"transactionId": str(talk)}
    if no or patient is None or memo is None:
        body["error"] = _error(*(no or NOT_FOUND))
        _answer("link/care-context/on-init", letter, body, CODE, link)
        return
    code = f"{secrets.randbelow(10**6):06d}"
    told = {"patient": memo["patient"], "address": memo["address"], "visits": chosen,
            "code": _hash(link, code)}  # fmt: skip
    facility: Any = current_facility()
    hindi = patient.language == "hi" and facility.name_hi
    notices.queue_notice(
        "link-code",
        mobile=patient.mobile,
        language=patient.language,
        values={"code": code, "minutes": CODE_LIVES.seconds // 60,
                "facility": facility.name_hi if hindi else facility.name_en},
        facility_id=facility.pk,
        actor=SYSTEM,
    )  # fmt: skip
    body["link"] = {
        "referenceNumber": str(link),
        "authenticationType": "DIRECT",
        "meta": {
            "communicationMedium": "MOBILE",
            "communicationHint": "OTP",
            "communicationExpiry": mail.stamp(timezone.now() + CODE_LIVES),
        },
    }
    _answer("link/care-context/on-init", letter, body, CODE, link, told)
    record(Event.LINK_CODE_SENT, subject=patient, patient_id=patient.pk, actor=SYSTEM,
           visits=len(chosen))  # fmt: skip


def _choice(
    body: dict[str, Any], memo: dict[str, Any] | None
) -> tuple[tuple[str, str] | None, dict[str, Any]]:
    """(why not, the chosen visits): only what we showed, to whom we showed it, in this talk."""
    if memo is None or body.get("error"):
        return ("1086", "Transaction expired."), {}
    if str(body.get("abhaAddress") or "").lower() != memo["address"]:
        return NOT_FOUND, {}
    told = body.get("patient")
    blocks = told if isinstance(told, list) else [told]
    asked = {
        str(one.get("referenceNumber"))
        for block in blocks
        if isinstance(block, dict)
        for one in block.get("careContexts") or []
        if isinstance(one, dict)
    }
    if not asked or asked - set(memo["visits"]):
        return ("1057", "Invalid Care Contexts"), {}
    return None, {number: memo["visits"][number] for number in sorted(asked)}


def _may_send(patient_id: UUID) -> bool:
    """A few codes a day for one phone: nobody is rung out of bed by an app."""
    key = f"abdm:codes:{keyed_hash('link-codes', str(patient_id))}"
    cache.add(key, 0, 24 * 3600)
    try:
        return cache.incr(key) <= CODES_A_DAY
    except ValueError:  # it ended between the two calls
        return True


@handles("hip/link/care-context/confirm")
@transaction.atomic
def confirm(letter: Letter) -> None:
    """The code as typed: right, the visits are told and linked once that is taken; three tries."""
    told = letter.body.get("confirmation") or {}
    link = _uuid(told.get("linkRefNumber"))
    memo = mail.memo(CODE, link, letter.facility_id, within=CODE_LIVES, lock=True)
    if mail.count_sent(TAKEN, link):
        return
    no = ""
    if memo is None or mail.count_sent(WRONG, link) >= TRIES:
        no = "OTP expired"
    elif not secrets.compare_digest(memo["code"], _hash(link, str(told.get("token", "")).strip())):
        no = "OTP mismatch"
    if no or memo is None:
        _answer("link/care-context/on-confirm", letter, {"error": _error("1035", no)}, WRONG, link)
        return
    patient = patients.patient(UUID(memo["patient"]))
    body = {"patient": _blocks(patient, memo["visits"])}
    _answer("link/care-context/on-confirm", letter, body, TAKEN, link, memo)


@transaction.atomic
def taken(link: UUID) -> None:
    """The gateway took our yes, which is all we hear of it: the patient has linked those visits.

    Facts of the talk are still in the outbox; a visit that was linked meanwhile stays as it is.
    """
    facility: Any = current_facility()
    memo = mail.memo(TAKEN, link, facility.pk, within=timedelta(days=2), lock=True)
    for number, one in (memo or {}).get("visits", {}).items():
        context = _context(number, one, memo or {})
        if context.status != Status.LINKED:
            linking.mark_linked(context.pk, via=CareContext.Via.PATIENT)
    gateway.settled(TAKEN, link)


def sweep() -> None:
    """Links that the gateway took while our worker was away."""
    facility: Any = current_facility()
    for link in mail.unsettled(TAKEN, facility.pk):
        taken(link)


def _context(number: str, one: dict[str, Any], memo: dict[str, Any]) -> CareContext:
    patient = patients.patient(UUID(memo["patient"]))
    context, _made = CareContext.objects.select_for_update().get_or_create(
        encounter_id=UUID(one["id"]),
        defaults={
            "patient_id": UUID(memo["patient"]),
            "reference": number,
            "abha_address": memo["address"],
            "hi_types": list(one["kinds"]),
            "kyc": bool(patient and patient.person_id and patient.abha_number),
        },
    )
    if context.status != Status.LINKED:
        context.abha_address, context.told = memo["address"], list(one["kinds"])
        context.save(update_fields=["abha_address", "told"])
    return context


def _answer(
    path: str,
    letter: Letter,
    body: dict[str, Any],
    purpose: str,
    subject_id: UUID,
    memo: dict[str, Any] | None = None,
) -> None:
    gateway.send(
        BASE + path,
        body=body,
        purpose=purpose,
        subject_id=subject_id,
        facility_id=letter.facility_id,
        in_reply_to=letter.request_id,
        memo=memo,
    )


def _hash(link: UUID, code: str) -> str:
    return keyed_hash("link-code", f"{link}:{code}")


def _error(code: str, message: str) -> dict[str, str]:
    return {"code": f"ABDM-{code}", "message": message}


def _uuid(told: Any) -> UUID:
    found = wire.number(told)
    if found is None:
        raise Parked("no transaction or link number")
    return found
