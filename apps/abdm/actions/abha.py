"""The ABHA desk: whose ABHA is it, proved by an OTP; or a new one, with Aadhaar.

Every verb asks the service first and writes afterwards, so that no transaction is held open while
somebody waits. What stands between two steps is a `desk.Talk`, which the caller keeps.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.abdm import abha, abha_ways, codes, desk, matching
from apps.abdm.desk import Talk
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import limits
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.queue import enqueue
from apps.documents import queries as documents
from apps.gateway import queries as mail
from apps.gateway.environment import current, stand_in
from apps.patients import actions as patient_actions
from apps.patients import queries as patients

ASKS, ASKS_S, SOON_S = 3, 1800, 60  # ABDM's rule: two resends, a minute apart
TRIES = 3
WITHOUT_OTP = ("demographics", "finger", "iris", "face")
HINTS = {"number": "abha-number", "mobile": "mobile", "aadhaar": "aadhaar"}


def ask(
    patient_id: UUID, told: str, *, by: str = "mobile", child: bool = False, actor: Actor
) -> Talk:
    """Send an OTP to whoever owns `told`: a scanned card, an ABHA number or address, a mobile.

    `by` (mobile or aadhaar) says where the OTP for a number goes. `child`: it is the parent's, the
    patient is a child of theirs. Raises Refused, Forbidden.
    """
    patient = begin(patient_id, actor)
    way, told = desk.way_of(told)
    if child:
        desk.refuse_grown(patient.birth_date)
        if way == "address":
            raise Refused("abha.child_way")
    by = by if way == "number" and by == "aadhaar" else "mobile"
    not_too_often(patient_id, way)
    if way == "address":
        txn, tail = abha.address_otp(told)
    else:
        txn, tail = abha.login_otp(HINTS[way], told, by)
    return sent(patient_id, Talk(way, txn, by=by, tail=tail, child=child), actor)


def ask_with_aadhaar(patient_id: UUID, told: str, *, consent: bool, actor: Actor) -> Talk:
    """Send an OTP to the mobile that Aadhaar knows: to log in, or to make an ABHA where there is
    none. The number lives in this call only. Raises Refused, Forbidden.
    """
    begin(patient_id, actor)
    if not consent:
        raise Refused("abha.consent")
    number = desk.aadhaar(told, demo=bool(stand_in()))
    not_too_often(patient_id, "aadhaar")
    consented(patient_id, actor)
    try:
        way, (txn, tail) = "aadhaar", abha.login_otp("aadhaar", number, "aadhaar")
    except Refused as refused:
        if refused.code != "abha.none":
            raise
        way, (txn, tail) = "enrol", abha.enrol_otp(number)
    return sent(patient_id, Talk(way, txn, by="aadhaar", tail=tail), actor)


def answer(patient_id: UUID, talk: Talk, code: str, *, mobile: str = "", actor: Actor) -> Talk:
    """The OTP that the patient read out. `mobile`: what a new ABHA shall be reached by.

    Leads to "choose", "mobile", "address" or "confirm". Three wrong ones end the talk.
    Raises Refused("abha.otp_wrong", left=n), Refused("abha.otp_spent"), ….
    """
    begin(patient_id, actor)
    code = desk.otp(code)
    if talk.step == "mobile":
        return _mobile_proven(talk, code)
    if talk.step != "otp":
        raise Refused("abha.over")
    if talk.way == "enrol":
        return _enrolled(patient_id, talk, code, patients.checked_mobile(mobile), actor)
    count_try(talk)
    try:
        if talk.way == "address":
            talk.token, owner = abha.address_verify(talk.txn, code)
            return keep_owner(patient_id, talk, owner)
        proved = abha.login_verify(talk.txn, code, talk.by)
    except abha.WrongOtp:
        raise wrong(talk) from None
    talk.token = proved["token"]
    if proved["final"]:
        return proven(patient_id, talk)
    talk.accounts, talk.step = proved["accounts"], "choose"
    if not talk.accounts:
        raise Refused("abha.none")
    if len(talk.accounts) > 1:
        return talk
    return choose(patient_id, talk, talk.accounts[0]["number"], actor=actor)


def choose(patient_id: UUID, talk: Talk, number: str, *, actor: Actor) -> Talk:
    """One of several ABHA on one mobile. Raises Refused("abha.choose")."""
    begin(patient_id, actor)
    if talk.step != "choose":
        raise Refused("abha.over")
    if number not in {one["number"] for one in talk.accounts}:
        raise Refused("abha.choose")
    talk.token = abha.login_user(talk.token, number, talk.txn)
    return proven(patient_id, talk)


def proven(patient_id: UUID, talk: Talk) -> Talk:
    """Whose it is; or, when it is the parent of a child, which children there are."""
    if not talk.child:
        return keep_owner(patient_id, talk, abha.profile(talk.token))
    talk.accounts = [_listed(one) for one in abha_ways.children(talk.token)]
    talk.step = "child"
    return talk


def _listed(owner: abha.Owner) -> dict[str, str]:
    return {"number": owner.number, "address": owner.address, "name": owner.name,
            "gender": owner.gender, "year": str(owner.year or "")}  # fmt: skip


def _enrolled(patient_id: UUID, talk: Talk, code: str, mobile: str, actor: Actor) -> Talk:
    if not mobile:
        raise Refused("patient.mobile", typed=0)
    count_try(talk)
    try:
        made = abha.enrol(talk.txn, code, mobile)
    except abha.WrongOtp:
        raise wrong(talk) from None
    talk.txn, talk.token, talk.new = made["txn"], made["token"], made["new"]
    if made["new"]:
        created(patient_id, actor)
    keep_owner(patient_id, talk, made["owner"])
    if not made["mobile"]:
        try:  # the mobile is another one than Aadhaar's: it gets an OTP of its own
            talk.txn, talk.tail = abha.mobile_otp(talk.txn, mobile)
        except Refused:
            return to_address(talk)  # the ABHA stands; its mobile can be told later
        talk.step = "mobile"
        return talk
    return to_address(talk)


def _mobile_proven(talk: Talk, code: str) -> Talk:
    count_try(talk)
    try:
        talk.txn = abha.mobile_verify(talk.txn, code)
    except abha.WrongOtp:
        raise wrong(talk) from None
    return to_address(talk)


def skip(patient_id: UUID, talk: Talk, *, actor: Actor) -> Talk:
    """Go on without a verified mobile, or with the address that every ABHA has from the start."""
    begin(patient_id, actor)
    if talk.step == "mobile":
        return to_address(talk)
    if talk.step == "address":
        talk.step = "confirm"
    return talk


def to_address(talk: Talk) -> Talk:
    """A new ABHA gets an address that one can say aloud; when none are offered, one is typed."""
    talk.step = "address" if talk.new else "confirm"
    if talk.new:
        try:
            talk.stems = abha.suggestions(talk.txn)
        except Refused:
            talk.stems = []
    return talk


def take_address(patient_id: UUID, talk: Talk, told: str, *, actor: Actor) -> Talk:
    """The address of a new ABHA. Raises Refused("abha.address_form", "abha.address_taken")."""
    begin(patient_id, actor)
    if talk.step != "address":
        raise Refused("abha.over")
    talk.owner["address"] = abha.new_address(talk.txn, desk.stem(told))
    talk.step = "confirm"
    return talk


def link(patient_id: UUID, talk: Talk, *, sure: bool, actor: Actor) -> Talk:
    """Write the proved ABHA on the record. `sure`: a person says that both are one, although name,
    sex or year of birth differ. Safe to repeat.

    Raises Refused("abha.differs"), Refused("abha.taken"), Refused("abha.other"), Forbidden.
    """
    patient = begin(patient_id, actor)
    if talk.step == "done":
        return talk
    if talk.step != "confirm":
        raise Refused("abha.over")
    if matching.differing(patient, talk.owner) and not sure:
        raise Refused("abha.differs")
    _refuse_wrong_record(patient, talk.owner)
    _written(patient_id, talk, actor)
    talk.step = "done"
    return talk.fresh()


@transaction.atomic
def _written(patient_id: UUID, talk: Talk, actor: Actor) -> None:
    """A number only when ABDM verified it (KYC): the links of visits tell it on as such."""
    owner = talk.owner
    number = owner["number"] if owner["kyc"] else ""
    if not patient_actions.attach_abha(
        patient_id, number=number, address=owner["address"], via=_via(talk),
        kyc=owner["kyc"], actor=actor,
    ):  # fmt: skip
        raise Refused("abha.taken")
    today = timezone.localdate()
    for paper in documents.of_patient(patient_id):  # what was signed before the desk's turn came
        if timezone.localdate(paper.issued_at) == today and paper.kind in codes.HI_TYPES:
            enqueue("abdm.share_document", document_id=str(paper.pk))


def _via(talk: Talk) -> str:
    if talk.child:
        return "child"
    return talk.way if talk.way in WITHOUT_OTP else f"otp-{talk.way}"


def card(patient_id: UUID, talk: Talk | None, *, actor: Actor) -> tuple[bytes, str]:
    """The card of the ABHA that was just linked, and its type. It is handed on, not kept."""
    begin(patient_id, actor)
    if talk is None or talk.step != "done" or not talk.token:
        raise Refused("abha.over")
    drawn, kind = abha.card(talk.token, by_address=talk.way == "address")
    with transaction.atomic():
        record(Event.ABHA_CARD_GIVEN, patient_id=patient_id, actor=actor)
    return drawn, kind


# --- parts --------------------------------------------------------------------------------


def begin(patient_id: UUID, actor: Actor) -> Any:
    actor.require(Permission.ABHA_LINK)
    if not mail.is_on():
        raise Refused("abha.off")
    patient = patients.patient(patient_id)
    if patient is None:
        raise Refused("patient.not_found")
    if patient.replaced_by_id is not None:
        raise Refused("patient.merged")
    return patient


def keep_owner(patient_id: UUID, talk: Talk, owner: abha.Owner) -> Talk:
    """The owner is proved. That it stands elsewhere is said now, before anybody types more."""
    address = owner.address or f"{codes.digits14(owner.number)}{current().suffix}"
    talk.owner = {
        "number": owner.number, "address": address.lower(), "name": owner.name,
        "gender": owner.gender, "year": owner.year, "month": owner.month, "day": owner.day,
        "kyc": owner.kyc,
    }  # fmt: skip
    talk.accounts, talk.step = [], "confirm"
    patient = patients.patient(patient_id)
    assert patient is not None
    _refuse_wrong_record(patient, talk.owner)
    return talk


def _refuse_wrong_record(patient: Any, owner: dict[str, Any]) -> None:
    number = codes.digits14(owner["number"])
    if patient.abha_number and number and patient.abha_number != number:
        raise Refused("abha.other")
    if not number and patient.abha_address not in ("", owner["address"]):
        raise Refused("abha.other")
    rows = patients.rows_of_abha(number, owner["address"])
    if any(row["id"] != patient.pk for row in rows):
        raise Refused("abha.taken")


def not_too_often(patient_id: UUID, way: str) -> None:
    who = f"{patient_id}:{way}"
    if limits.tries("abha.asked", who) >= ASKS:
        raise Refused("abha.too_many", minutes=ASKS_S // 60)
    if limits.tries("abha.soon", who):
        raise Refused("abha.wait")


def sent(patient_id: UUID, talk: Talk, actor: Actor, *, way: str = "") -> Talk:
    """Only an OTP that left counts: a mistyped number costs nobody a minute."""
    told = way or talk.way
    way = "aadhaar" if told == "enrol" else told
    limits.count("abha.asked", f"{patient_id}:{way}", window_s=ASKS_S)
    limits.count("abha.soon", f"{patient_id}:{way}", window_s=SOON_S)
    with transaction.atomic():
        record(Event.ABHA_CODE_ASKED, patient_id=patient_id, actor=actor, way=told)
    return talk.fresh()


@transaction.atomic
def consented(patient_id: UUID, actor: Actor) -> None:
    record(
        Event.ABHA_CONSENTED, patient_id=patient_id, actor=actor,
        code=abha.CONSENT["code"], version=abha.CONSENT["version"],
    )  # fmt: skip


@transaction.atomic
def created(patient_id: UUID, actor: Actor) -> None:
    record(Event.ABHA_CREATED, patient_id=patient_id, actor=actor)


def count_try(talk: Talk) -> None:
    """Counted before it is looked at, where two windows of one browser share the count."""
    if limits.count("abha.otp", f"{talk.txn}:{talk.step}", window_s=desk.LIVES_S) > TRIES:
        raise Refused("abha.otp_spent")


def wrong(talk: Talk) -> Refused:
    left = TRIES - limits.tries("abha.otp", f"{talk.txn}:{talk.step}")
    return Refused("abha.otp_wrong", left=left) if left > 0 else Refused("abha.otp_spent")
