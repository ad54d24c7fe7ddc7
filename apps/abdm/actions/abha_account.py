"""The ABHA desk beyond log-in: find by mobile, a mobile out of use, e-mail, driving licence.

A driving licence gives an enrolment number, which is no ABHA: nothing of it is linked or kept.
"""

import base64
import re
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from apps.abdm import abha, abha_account, codes, desk
from apps.abdm.actions.abha import (
    ASKS,
    ASKS_S,
    begin,
    consented,
    count_try,
    not_too_often,
    sent,
    wrong,
)
from apps.abdm.desk import Talk
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import limits
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.fold import digits
from apps.documents import scans
from apps.patients import queries as patients

WITHOUT_ACCOUNT = ("address", "licence")  # their token is not the profile's
PLAIN = re.compile(r"[A-Za-z0-9 ,./()'-]+")


def find(patient_id: UUID, told: str, *, child: bool = False, actor: Actor) -> Talk:
    """Which ABHA stand on a mobile, masked, for who knows neither number nor address.

    `child`: it is the parent's. Searches are counted, found or not. Raises Refused, Forbidden.
    """
    patient = begin(patient_id, actor)
    if child:
        desk.refuse_grown(patient.birth_date)
    try:
        mobile = patients.checked_mobile(told)
    except Refused:
        mobile = ""
    if not mobile:
        raise Refused("abha.find_mobile")
    if limits.count("abha.searched", str(patient_id), window_s=ASKS_S) > ASKS:
        raise Refused("abha.too_many_searches", minutes=ASKS_S // 60)
    txn, rows = abha_account.search(mobile)
    with transaction.atomic():
        record(Event.ABHA_SEARCHED, patient_id=patient_id, actor=actor, count=len(rows))
    return Talk("find", txn, step="find", accounts=rows, child=child).fresh()


def take_found(patient_id: UUID, talk: Talk, place: str, *, by: str, actor: Actor) -> Talk:
    """Send an OTP to the one who was chosen; `by`: to the mobile of the ABHA or of Aadhaar."""
    begin(patient_id, actor)
    if talk.step != "find":
        raise Refused("abha.over")
    chosen = [one for n, one in enumerate(talk.accounts) if str(n) == place]
    if not chosen:
        raise Refused("abha.choose")
    by = "aadhaar" if by == "aadhaar" else "mobile"
    methods = chosen[0]["by"].split()
    if methods and f"{by.upper()}_OTP" not in methods:
        raise Refused("abha.find_other_otp")
    not_too_often(patient_id, "find")
    talk.txn, talk.tail = abha_account.found_otp(talk.txn, chosen[0]["index"], by)
    talk.by, talk.accounts, talk.step = by, [], "otp"
    return sent(patient_id, talk, actor)


# --- the account that was just linked -----------------------------------------------------


def _mine(talk: Talk) -> str:
    """The token of the linked account, while it may be changed by it."""
    if talk.step != "done" or not talk.token or talk.way in WITHOUT_ACCOUNT or talk.child:
        raise Refused("abha.over")
    return talk.token


def ask_new_mobile(patient_id: UUID, talk: Talk, told: str, *, actor: Actor) -> Talk:
    """The mobile of this ABHA is out of use: an OTP goes to the one that takes its place."""
    begin(patient_id, actor)
    token = _mine(talk)
    mobile = patients.checked_mobile(told)
    if not mobile:
        raise Refused("patient.mobile", typed=0)
    not_too_often(patient_id, "new-mobile")
    txn, talk.tail = abha_account.mobile_otp(token, mobile)
    talk.txn, talk.step, talk.note = txn, "new-mobile", ""
    sent(patient_id, talk, actor, way="new-mobile")
    return talk


def prove_new_mobile(patient_id: UUID, talk: Talk, code: str, *, actor: Actor) -> Talk:
    """Its OTP: the ABHA has the new mobile. Our record's mobile is not touched."""
    begin(patient_id, actor)
    if talk.step != "new-mobile":
        raise Refused("abha.over")
    code = desk.otp(code)
    count_try(talk)
    try:
        abha_account.mobile_verify(talk.token, talk.txn, code)
    except abha.WrongOtp:
        raise wrong(talk) from None
    with transaction.atomic():
        record(Event.ABHA_MOBILE_CHANGED, patient_id=patient_id, actor=actor)
    talk.step, talk.note = "done", "mobile"
    return talk.fresh()


def ask_email(patient_id: UUID, talk: Talk, told: str, *, actor: Actor) -> Talk:
    """ABDM sends a link to the patient's e-mail; opening it puts it on the ABHA. Kept nowhere."""
    begin(patient_id, actor)
    token, email = _mine(talk), told.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused("abha.email") from None
    not_too_often(patient_id, "email")
    abha_account.email_link(token, email)
    talk.note = "email"
    return sent(patient_id, talk, actor, way="email")


def leave(patient_id: UUID, talk: Talk, *, actor: Actor) -> Talk:
    """Back from a mobile that nobody answers: the link stands as it was."""
    begin(patient_id, actor)
    if talk.step == "new-mobile":
        talk.step = "done"
    return talk


# --- enrolment by driving licence ---------------------------------------------------------


def ask_licence(patient_id: UUID, told: str, *, consent: bool, actor: Actor) -> Talk:
    """An OTP to the mobile of whoever enrols by a driving licence."""
    begin(patient_id, actor)
    if not consent:
        raise Refused("abha.consent")
    mobile = patients.checked_mobile(told)
    if not mobile:
        raise Refused("patient.mobile", typed=0)
    not_too_often(patient_id, "licence")
    consented(patient_id, actor)
    txn, tail = abha_account.licence_otp(mobile)
    return sent(patient_id, Talk("licence", txn, tail=tail), actor)


def prove_licence_mobile(patient_id: UUID, talk: Talk, code: str, *, actor: Actor) -> Talk:
    """Its OTP; the licence itself comes next."""
    begin(patient_id, actor)
    if (talk.way, talk.step) != ("licence", "otp"):
        raise Refused("abha.over")
    code = desk.otp(code)
    count_try(talk)
    try:
        talk.txn = abha_account.licence_verify(talk.txn, code)
    except abha.WrongOtp:
        raise wrong(talk) from None
    talk.step = "licence"
    return talk.fresh()


def enrol_licence(
    patient_id: UUID, talk: Talk, told: dict[str, str], *, photos: list[bytes], actor: Actor
) -> Talk:
    """The licence as typed, and both its sides: an enrolment number to be written down.

    The photos live in this call only. Nothing is linked: it is no ABHA yet.
    """
    patient = begin(patient_id, actor)
    if (talk.way, talk.step) != ("licence", "licence"):
        raise Refused("abha.over")
    licence = _licence(told, photos, codes.GENDER[patient.sex])
    made = abha_account.enrol_licence(talk.txn, licence)
    with transaction.atomic():
        record(Event.ABHA_ENROLMENT_MADE, patient_id=patient_id, actor=actor, new=made["new"])
    talk.step, talk.note, talk.txn = "enrolled", made["number"], ""
    return talk.fresh()


def _licence(told: dict[str, str], photos: list[bytes], gender: str) -> abha_account.Licence:
    number = re.sub(r"[\s/-]", "", digits(told.get("licence", ""))).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{13}", number):
        raise Refused("abha.licence")
    first, *others = desk.latin_name(told.get("name", "")).split(" ")
    born = desk.birth_day(told.get("born", ""))
    address, district, state = (
        " ".join(told.get(name, "").split())[:120] for name in ("address", "district", "state")
    )
    pin = digits(told.get("pin", "")).strip()
    if not all(PLAIN.fullmatch(one) for one in (address, district, state)):
        raise Refused("abha.place")
    if not re.fullmatch(r"[1-9]\d{5}", pin):
        raise Refused("abha.place")
    front, back = _sides(photos)
    return abha_account.Licence(
        number=number, first=first, middle=" ".join(others[:-1]), last="".join(others[-1:]),
        born=born.isoformat(), gender=gender, front=front, back=back,
        address=address, state=state.upper(), district=district.upper(), pin=pin,
    )  # fmt: skip


def _sides(photos: list[bytes]) -> tuple[str, str]:
    """Front and back as the service takes them, cleaned of what a camera writes into a picture."""
    if len(photos) != 2 or not all(photos):
        raise Refused("abha.licence_photo")
    cleaned: list[Any] = [scans.clean(photo) for photo in photos]
    if any(kind != "jpg" for kind, _ in cleaned):
        raise Refused("abha.licence_photo")
    front, back = (base64.b64encode(picture).decode() for _, picture in cleaned)
    return front, back
