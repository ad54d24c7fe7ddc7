"""The ABHA desk without an OTP: name and birth date, finger, iris, face; a child by its parent.

Offered only where they are possible: NHA allowed the programme, or a device is connected. The
Aadhaar number lives in one call, a scan too.
"""

from uuid import UUID

from apps.abdm import abha, abha_ways, codes, desk, devices
from apps.abdm.actions.abha import (
    ASKS,
    ASKS_S,
    begin,
    consented,
    created,
    keep_owner,
    to_address,
)
from apps.abdm.desk import Talk
from apps.core import limits
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.tenancy import current_facility
from apps.gateway.environment import stand_in
from apps.patients import queries as patients

BIHAR = "10"  # LGD code


def by_demographics(
    patient_id: UUID,
    aadhaar: str,
    *,
    name: str,
    born: str,
    mobile: str,
    consent: bool,
    actor: Actor,
) -> Talk:
    """Aadhaar compares number, name, birth date and sex; no phone is needed. Finds or makes.

    Raises Refused, Forbidden.
    """
    patient = begin(patient_id, actor)
    number = _agreed(aadhaar, consent)
    day, name = desk.birth_day(born), desk.latin_name(name)
    mobile = patients.checked_mobile(mobile)
    _count(patient_id, "demographics")
    consented(patient_id, actor)
    facility = current_facility()
    made = abha_ways.by_demographics(
        number,
        name=name,
        born=f"{day.day}-{day.month}-{day.year}",
        gender=codes.GENDER[patient.sex],
        state=BIHAR,
        district=facility.district_code if facility else "",
        mobile=mobile,
    )
    talk = Talk("demographics", "", token=made["token"], new=made["new"]).fresh()
    if made["new"]:
        created(patient_id, actor)
    return keep_owner(patient_id, talk, made["owner"])


def by_scan(
    patient_id: UUID,
    kind: str,
    aadhaar: str,
    *,
    posted: str = "",
    mobile: str,
    consent: bool,
    actor: Actor,
) -> Talk:
    """By finger or iris on a connected device. `posted`: what its script put into the form."""
    begin(patient_id, actor)
    if kind not in ("finger", "iris"):
        raise Refused("abha.no_device")
    number = _agreed(aadhaar, consent)
    mobile = _needed(mobile)
    _count(patient_id, kind)
    scan = devices.scanned(kind, abha_ways.wadh(kind), posted)
    consented(patient_id, actor)
    return _made(patient_id, kind, abha_ways.by_body(kind, number, scan, mobile), actor)


def face_begin(patient_id: UUID, *, actor: Actor) -> Talk:
    """The patient's phone opens ABDM's page and looks; ten minutes."""
    begin(patient_id, actor)
    if "face" not in devices.device().kinds or not abha_ways.face_link(""):
        raise Refused("abha.no_device")
    _count(patient_id, "face")
    return Talk("face", abha_ways.face_begin(), step="face").fresh()


def face_done(
    patient_id: UUID, talk: Talk, aadhaar: str, *, mobile: str, consent: bool, actor: Actor
) -> Talk:
    """When the phone has finished. Refused: abha.face_waits, abha.face_failed."""
    begin(patient_id, actor)
    if talk.step != "face":
        raise Refused("abha.over")
    number = _agreed(aadhaar, consent)
    mobile = _needed(mobile)
    state, scan = abha_ways.face_seen(talk.txn)
    if state == "FAILED":
        raise Refused("abha.face_failed")
    if state != "COMPLETE" or not scan:
        raise Refused("abha.face_waits")
    consented(patient_id, actor)
    return _made(patient_id, "face", abha_ways.by_body("face", number, scan, mobile), actor)


def take_child(patient_id: UUID, talk: Talk, number: str, *, consent: bool, actor: Actor) -> Talk:
    """One of the parent's children, or (`number` empty) a new ABHA on the parent's word."""
    patient = begin(patient_id, actor)
    if talk.step != "child":
        raise Refused("abha.over")
    desk.refuse_grown(patient.birth_date)
    chosen = next((one for one in talk.accounts if one["number"] == number), None)
    if number and chosen is None:
        raise Refused("abha.choose")
    if chosen is not None:
        owner = abha.Owner(chosen["number"], chosen["address"], chosen["name"], chosen["gender"],
                           abha.whole(chosen["year"]))  # fmt: skip
        talk.token = ""  # the parent's: no card of the child comes with it
        return keep_owner(patient_id, talk, owner)
    if not consent:
        raise Refused("abha.child_consent")
    consented(patient_id, actor)
    born = patient.birth_date
    name = codes.name(patient.name_en, patient.name_hi)
    made = abha_ways.new_child(
        talk.token, name=name, gender=codes.GENDER[patient.sex],
        born=(born.day, born.month, born.year),
    )  # fmt: skip
    created(patient_id, actor)
    talk.token, talk.new = made["token"], made["new"]
    return keep_owner(patient_id, talk, made["owner"])


def _made(patient_id: UUID, kind: str, told: dict[str, object], actor: Actor) -> Talk:
    owner = told["owner"]
    assert isinstance(owner, abha.Owner)
    new = told["new"] is True
    talk = Talk(kind, str(told["txn"]), token=str(told["token"]), new=new).fresh()
    if new:
        created(patient_id, actor)
    return to_address(keep_owner(patient_id, talk, owner))


def _agreed(aadhaar: str, consent: bool) -> str:
    if not consent:
        raise Refused("abha.consent")
    return desk.aadhaar(aadhaar, demo=bool(stand_in()))


def _needed(mobile: str) -> str:
    checked = patients.checked_mobile(mobile)
    if not checked:
        raise Refused("patient.mobile", typed=0)
    return checked


def _count(patient_id: UUID, way: str) -> None:
    """Each try counts: nobody guesses a birth date here."""
    if limits.count("abha.asked", f"{patient_id}:{way}", window_s=ASKS_S) > ASKS:
        raise Refused("abha.too_many", minutes=ASKS_S // 60)
