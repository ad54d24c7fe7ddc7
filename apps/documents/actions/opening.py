"""Opening and checking a paper; both leave a trail."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import NOBODY, Actor, Permission
from apps.documents import queries
from apps.documents.models import DocumentReference
from apps.encounters import actions as encounters
from apps.encounters import queries as visits


@transaction.atomic
def open_document(document_id: UUID, *, actor: Actor, rendition: str = "") -> DocumentReference:
    """The document, when this actor may print it: the author, anybody who prints on the day of
    the visit, else whoever may open the patient's chart. Recorded.

    Raises Forbidden, Refused("chart.…"), DocumentReference.DoesNotExist.
    """
    actor.require(Permission.DOC_PRINT)
    document = DocumentReference.objects.get(pk=document_id)
    visit_day = timezone.localdate(visits.visit(document.encounter_id).started_at)
    own = actor.user_id is not None and document.author_id == actor.user_id
    if not own and visit_day != timezone.localdate():
        encounters.open_chart(document.patient_id, actor=actor)
    _record_opened(document, actor, rendition)
    return document


def record_opened(document: DocumentReference, *, actor: Actor, rendition: str = "") -> None:
    """Leave the trail of a paper that its own patient opened; the caller has proved who it is."""
    _record_opened(document, actor, rendition)


def _record_opened(document: DocumentReference, actor: Actor, rendition: str) -> None:
    detail: dict[str, Any] = {"rendition": rendition} if rendition else {}
    record(Event.DOCUMENT_OPENED, subject=document, patient_id=document.patient_id, actor=actor,
           **detail)  # fmt: skip


def check_document(code: str) -> tuple[str, DocumentReference | None]:
    """("genuine" | "superseded" | "altered" | "withdrawn" | "unknown", document). Recorded."""
    document = queries.by_code(code)
    if document is None:
        return "unknown", None
    if not queries.is_intact(document):
        result = "altered"
    elif document.status == DocumentReference.Status.CURRENT:
        result = "genuine"
    elif document.status == DocumentReference.Status.SUPERSEDED:
        result = "superseded"
    else:
        result = "withdrawn"
    record(Event.DOCUMENT_CHECKED, subject=document, actor=NOBODY, result=result)
    return result, document
