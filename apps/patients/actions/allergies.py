"""What a patient must not be given."""

from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.aadhaar import refuse_aadhaar
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.fold import tidy
from apps.core.permission import Permission
from apps.patients.models import AllergyIntolerance, Patient

NO_KNOWN_ALLERGY = "none"


@transaction.atomic
def record_allergy(
    patient_id: UUID,
    *,
    id: UUID,
    code: str,
    display_en: str,
    display_hi: str = "",
    reaction: str = "",
    actor: Actor,
) -> AllergyIntolerance:
    """One allergy, or `code` "none": asked, none known. A known one ends an earlier "none".

    The same code twice is one row. Raises Refused, Forbidden.
    """
    if not actor.may(Permission.CONSULT_DRAFT):
        actor.require(Permission.VITALS_WRITE)
    if not code or not tidy(display_en):
        raise Refused("allergy.nothing")
    refuse_aadhaar(display_en, display_hi, reaction)
    if not Patient.objects.select_for_update().filter(pk=patient_id).exists():
        raise Refused("patient.not_found")
    if done := AllergyIntolerance.objects.filter(pk=id).first():
        return done
    active = AllergyIntolerance.objects.filter(
        patient_id=patient_id, status=AllergyIntolerance.Status.ACTIVE
    )
    if same := active.filter(code=code).first():
        return same
    if code == NO_KNOWN_ALLERGY and (known := active.first()):
        return known  # "none" never wipes a known allergy: a doctor takes it back one by one
    active.filter(code=NO_KNOWN_ALLERGY).update(status=AllergyIntolerance.Status.ENTERED_IN_ERROR)
    allergy = AllergyIntolerance.objects.create(
        id=id,
        patient_id=patient_id,
        code=code,
        display_en=tidy(display_en)[:120],
        display_hi=tidy(display_hi)[:120],
        reaction=tidy(reaction)[:120],
    )
    record(Event.ALLERGY_RECORDED, subject=allergy, patient_id=patient_id, actor=actor)
    return allergy
