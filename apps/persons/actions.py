"""Verbs over who is known where. Nothing here learns a name or a clinical fact."""

from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.permission import Permission
from apps.core.tenancy import current_facility_id
from apps.persons.models import PersonLink
from apps.persons.queries import mobile_hash


@transaction.atomic
def link_patient(patient_id: UUID, *, mobile: str, actor: Actor) -> PersonLink | None:
    """Let the owner of `mobile` (10 digits or "") find this patient of the current facility.

    Safe to repeat. A mobile that was taken away ends the link; a new one moves it. None when
    there is no mobile and there never was one. Raises Forbidden.
    """
    if not actor.may(Permission.PATIENT_REGISTER):
        actor.require(Permission.PATIENT_EDIT_IDENTITY)
    facility_id = current_facility_id()
    if facility_id is None:
        raise ValueError("a patient is linked from inside a facility")
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
