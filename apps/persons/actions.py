"""Verbs over who is known where. Nothing here learns a name or a clinical fact."""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import limits
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import current_facility_id, here, in_training
from apps.notices.actions import queue_notice
from apps.persons.arrivals import arrive, forget_arrivals, note_paid, take_arrival
from apps.persons.models import Person, PersonLink, PortalCode
from apps.persons.queries import (
    abha_hash,
    code_hash,
    consent_hash,
    latest_code,
    links_of_mobile,
    mobile_hash,
)

__all__ = [
    "arrive",
    "check_code",
    "forget_arrivals",
    "know_person",
    "link_patient",
    "note_paid",
    "reassign_patient",
    "request_code",
    "take_arrival",
]
CODE_LIVES = timedelta(minutes=10)
WINDOW_S = 900
CODES_A_MOBILE = 3  # five tries each: 15 guesses at a million in a quarter of an hour
CODES_AN_ORIGIN = 60  # a whole village may share one address of the mobile network


@transaction.atomic
def link_patient(patient_id: UUID, *, mobile: str, actor: Actor) -> PersonLink | None:
    """Let the owner of `mobile` (10 digits or "") find this patient of the current facility.

    Safe to repeat. A mobile that was taken away ends the link; a new one moves it. None when
    there is no mobile and there never was one, and in training. Raises Forbidden.
    """
    if not actor.may(Permission.PATIENT_REGISTER):
        actor.require(Permission.PATIENT_EDIT_IDENTITY)
    facility_id = current_facility_id()
    if facility_id is None:
        raise ValueError("a patient is linked from inside a facility")
    if in_training():  # an invented mobile may be somebody's own
        return None
    wanted = mobile_hash(mobile)
    links = PersonLink.objects.select_for_update()
    link = links.filter(facility_id=facility_id, patient_id=patient_id).first()
    if link is None and not wanted:
        return None
    if link is not None and link.mobile_hash == wanted:
        return link
    link = link or PersonLink(facility_id=facility_id, patient_id=patient_id)
    link.mobile_hash = wanted
    link.status = PersonLink.Status.ACTIVE if wanted else PersonLink.Status.ENDED
    link.save()
    record(Event.PERSON_LINKED, subject=link, patient_id=patient_id, actor=actor)
    return link


def know_person(*, number: str, address: str) -> UUID:
    """The human with this proven ABHA, in all hospitals one row. `number`: 14 digits or "".

    Found by a keyed hash of the number, of the address only when there is no number. The caller
    records what it was for.
    """
    hashed = abha_hash(number, address)
    person, made = Person.objects.get_or_create(
        abha_hash=hashed, defaults={"abha_address": address}
    )
    if not made and person.abha_address != address:
        Person.objects.filter(pk=person.pk).update(abha_address=address)
    return person.pk


@transaction.atomic
def reassign_patient(
    patient_id: UUID, *, into: UUID, rows: list[str] | None = None, actor: Actor
) -> list[str]:
    """The link of a replaced record: it moves to a record that has none, else it rests.

    Returns the ids that moved or rest; with `rows` those are brought back.
    """
    actor.require(Permission.PATIENT_MERGE)
    links = PersonLink.objects.select_for_update().filter(facility_id=here())
    if rows is not None:
        back = links.filter(pk__in=rows)
        back.filter(patient_id=patient_id).update(patient_id=into)
        back.exclude(mobile_hash="").update(status=PersonLink.Status.ACTIVE)
        return rows
    own = links.filter(patient_id=patient_id, status=PersonLink.Status.ACTIVE).first()
    if own is None:
        return []
    if links.filter(patient_id=into).exists():
        own.status = PersonLink.Status.ENDED
    else:
        own.patient_id = into
    own.save()
    return [str(own.pk)]


@transaction.atomic
def request_code(mobile: str, *, language: str, origin: str, actor: Actor) -> None:
    """Send a one-time code to `mobile` (10 digits) when a patient of ours gave it.

    An unknown number gets the same answer and a row of its own, but no message. `origin` is the
    address that asks. Raises Refused("portal.too_many") when either asks too often.
    """
    hashed = mobile_hash(mobile)
    if limits.count("portal.mobile", hashed, window_s=WINDOW_S) > CODES_A_MOBILE:
        raise Refused("portal.too_many", minutes=WINDOW_S // 60)
    if limits.count("portal.origin", origin, window_s=WINDOW_S) > CODES_AN_ORIGIN:
        raise Refused("portal.too_many", minutes=WINDOW_S // 60)
    row, code = _new_code(hashed)
    record(Event.PORTAL_ASKED, subject=row, actor=actor)
    if links_of_mobile(mobile):
        minutes = int(CODE_LIVES.total_seconds() // 60)
        queue_notice("portal-code", mobile=mobile, language=language, actor=actor,
                     values={"code": code, "minutes": minutes})  # fmt: skip


@transaction.atomic
def ask_consent(
    mobile: str, *, encounter_id: UUID, patient_id: UUID, language: str, hospital: str, actor: Actor
) -> None:
    """Send a code by which the patient lets this visit's doctor see records of other hospitals.

    It is sent whether there are any or not, so that asking tells nothing. `hospital`: the name in
    `language`. Raises Refused("portal.too_many").
    """
    actor.require(Permission.CONSULT_SIGN)
    hashed = consent_hash(mobile, encounter_id)
    if limits.count("consent.mobile", mobile, window_s=WINDOW_S) > CODES_A_MOBILE:
        raise Refused("portal.too_many", minutes=WINDOW_S // 60)
    row, code = _new_code(hashed)
    record(Event.CONSENT_ASKED, subject=row, patient_id=patient_id, actor=actor)
    minutes = int(CODE_LIVES.total_seconds() // 60)
    queue_notice("record-code", mobile=mobile, language=language, actor=actor,
                 values={"code": code, "minutes": minutes, "facility": hospital})  # fmt: skip


def _new_code(hashed: str) -> tuple[PortalCode, str]:
    code = f"{secrets.randbelow(10**6):06d}"
    row = PortalCode(mobile_hash=hashed, expires_at=timezone.now() + CODE_LIVES)
    row.code_hash = code_hash(row.pk, code)
    row.save()
    return row, code


def use_up(hashed: str, code: str) -> PortalCode:
    """The newest code of `hashed`, now used; each opens once and forgives four slips.

    Raises Refused("portal.code_wrong", left=n) or Refused("portal.code_over") (old, used, spent).
    """
    row = latest_code(hashed)
    # Counted before it is compared, and outside a transaction: a refusal must not give it back.
    live = PortalCode.objects.filter(pk=row.pk, used_at=None, tries_left__gt=0) if row else None
    if row is None or live is None or not live.update(tries_left=F("tries_left") - 1):
        raise Refused("portal.code_over")
    if not hmac.compare_digest(code_hash(row.pk, code), row.code_hash):
        left = row.tries_left - 1
        raise Refused("portal.code_wrong", left=left) if left else Refused("portal.code_over")
    if not PortalCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()):
        raise Refused("portal.code_over")
    return row


def check_code(hashed: str, code: str, *, actor: Actor) -> None:
    """Let the owner of a mobile (its hash) into the patients' pages. Refused as in `use_up`."""
    row = use_up(hashed, code)
    record(Event.PORTAL_ENTERED, subject=row, actor=actor)
