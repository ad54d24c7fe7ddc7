"""Labelled demo patients of past days. A real hospital refuses."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.core.tenancy import current_facility
from apps.patients.actions.identity import search_key
from apps.patients.models import Patient


@transaction.atomic
def invent_patients(people: list[dict[str, Any]], *, actor: Actor) -> int:
    """Invented people of a demo hospital: {id, mrn, name_hi, name_en, sex, born, village, at};
    who is there already stays. Refused: demo.only."""
    actor.require(Permission.PATIENT_REGISTER)
    if not getattr(current_facility(), "is_demo", False):
        raise Refused("demo.only")
    rows = [_row(**told) for told in people]
    before = Patient.objects.count()
    Patient.objects.bulk_create(rows, ignore_conflicts=True)
    made = Patient.objects.count() - before
    if made:
        record(Event.DEMO_INVENTED, actor=actor, what="patients", n=made)
    return made


def _row(
    *, id: UUID, mrn: str, name_hi: str, name_en: str, sex: str, born: date, village: str,
    at: datetime,
) -> Patient:  # fmt: skip
    row = Patient(
        id=id, mrn=mrn, name_hi=name_hi, name_en=name_en, sex=sex, birth_date=born,
        village=village, registered_at=at,
    )  # fmt: skip
    row.search_key = search_key(row)
    return row
