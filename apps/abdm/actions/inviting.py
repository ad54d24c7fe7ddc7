"""ABDM's own SMS to a patient who has no ABHA here: "your records can be had, with this link".

Only the mobile and our service id leave the house, nothing of the visit. A hospital switches it on
(`abha_sms`), so that no number goes to ABDM unasked; a daily limit stands beside it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.abdm.handlers import Early, Letter, Parked, handles
from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.tenancy import current_facility
from apps.encounters import queries as visits
from apps.facilities import queries as facilities
from apps.gateway import actions as gateway
from apps.gateway import queries as mail
from apps.gateway.client import error_in

SYSTEM = Actor.of_system("abdm")
PURPOSE = "sms.invite"
FRESH = timedelta(hours=12)  # a paper that is shared again much later invites nobody


@transaction.atomic
def invite(document: Any, patient: Any) -> bool:
    """Owe the gateway one SMS for the visit of a signed paper; whether it is owed now.

    Once a visit, below the day's limit, never for a sensitive visit.
    """
    facility: Any = current_facility()
    config, service = facilities.config(facility), mail.service_of(facility.pk)
    if not config.abha_sms or service is None or len(patient.mobile) != 10:
        return False
    if patient.abha_address or patient.replaced_by_id is not None:
        return False
    old = timezone.now() - document.issued_at > FRESH
    if old or visits.visit_is_sensitive(document.encounter_id):
        return False
    with connection.cursor() as cursor:  # two papers at once, or two windows at the limit
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"invite.{facility.pk}"])
    if mail.count_sent(PURPOSE, document.encounter_id):
        return False
    morning = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    if mail.count_since(PURPOSE, facility.pk, morning) >= config.abha_sms_daily:
        return False
    hip = {"id": service.service_id, "name": facility.name_en}
    gateway.send(
        "hip/v3/link/patient/links/sms/notify2",
        body={"notification": {"phoneNo": patient.mobile, "hip": hip}},
        purpose=PURPOSE,
        subject_id=document.encounter_id,
        facility_id=facility.pk,
    )
    record(Event.INVITATION_SENT, patient_id=patient.pk, actor=SYSTEM)
    return True


@handles("patients/sms/on-notify")
def sms_answered(letter: Letter) -> None:
    """Whether ABDM sent the SMS. There is nothing to do about a no: it may be tried next visit."""
    if letter.subject_id is None:
        raise Early("its request is not known")
    if letter.purpose != PURPOSE:
        raise Parked("its request is not known")
    code, _ = error_in(letter.body) if letter.body.get("error") else ("", "")
    sent = not code and str(letter.body.get("status", "")).upper() == "SUCCESS"
    answered(letter.subject_id, code="" if sent else code or "unclear")


@transaction.atomic
def answered(encounter_id: UUID, *, code: str) -> None:
    visit = visits.visit(encounter_id)
    record(Event.INVITATION_ANSWERED, subject=visit, patient_id=visit.patient_id, actor=SYSTEM,
           code=code)  # fmt: skip
