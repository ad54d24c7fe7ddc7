"""Verbs over papers: issue, amend, ask for a rendition, draw it, open it, check it."""

import json
import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import NOBODY, Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import short_code
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility, facility_context
from apps.documents import pdf, queries, storage
from apps.documents.models import DocumentReference
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.facilities import live
from apps.gateway import queries as gateway

log = logging.getLogger(__name__)
TRIES = 5
FORGOTTEN = timedelta(seconds=20)
RENDERER = Actor.of_system("documents.render", Permission.DOC_PRINT)
RIGHTS = {
    DocumentReference.Kind.PRESCRIPTION: Permission.RX_PRESCRIBE,
    DocumentReference.Kind.OP_CONSULTATION: Permission.CONSULT_SIGN,
    DocumentReference.Kind.DIAGNOSTIC_REPORT: Permission.LAB_VERIFY,
    DocumentReference.Kind.HEALTH_DOCUMENT: Permission.DOC_UPLOAD,
}


@transaction.atomic
def issue_document(
    kind: str,
    *,
    id: UUID,
    patient_id: UUID,
    encounter_id: UUID,
    content: dict[str, Any],
    language: str,
    form: str = "",
    visit: Any = None,
    actor: Actor,
) -> DocumentReference:
    """Freeze `content` with a check code and queue its first picture. The same id: the same paper.

    `form`: which paper of its kind; its template is `documents/<form>.html`, else `<kind>.html`.
    `visit`: the visit of `encounter_id`, when the caller has read it already.
    Raises Forbidden, Refused("document.without_patient").
    """
    actor.require(RIGHTS[DocumentReference.Kind(kind)])
    known = queries.document(id)
    if known is not None:
        return known
    visit = visit or visits.visit(encounter_id)
    if (visit.pk, visit.patient_id) != (encounter_id, patient_id):
        raise Refused("document.without_patient")
    document = _freeze(kind, form, id, patient_id, encounter_id, content, language, actor)
    record(Event.DOCUMENT_ISSUED, subject=document, patient_id=patient_id, actor=actor, kind=kind)
    return document


@transaction.atomic
def amend_document(
    document_id: UUID, *, id: UUID, content: dict[str, Any], actor: Actor
) -> DocumentReference:
    """A new paper in the old one's place; the old one stays as it was, marked superseded.

    Raises Forbidden, Refused("document.superseded"), DocumentReference.DoesNotExist.
    """
    old = DocumentReference.objects.select_for_update(no_key=True).get(pk=document_id)
    actor.require(RIGHTS[DocumentReference.Kind(old.kind)])
    known = queries.document(id)
    if known is not None:
        return known
    if old.status != DocumentReference.Status.CURRENT:
        raise Refused("document.superseded")
    new = _freeze(
        old.kind,
        old.form,
        id,
        old.patient_id,
        old.encounter_id,
        content,
        old.language,
        actor,
        old.pk,
    )
    old.status = DocumentReference.Status.SUPERSEDED
    old.save(update_fields=["status"])
    record(Event.DOCUMENT_AMENDED, subject=new, patient_id=new.patient_id, actor=actor)
    return new


def _freeze(
    kind: str,
    form: str,
    id: UUID,
    patient_id: UUID,
    encounter_id: UUID,
    content: dict[str, Any],
    language: str,
    actor: Actor,
    supersedes_id: UUID | None = None,
) -> DocumentReference:
    code = short_code()
    facility: Any = current_facility()
    path = reverse("documents:check", args=[code], urlconf="bhavya.urls")
    url = live.address(facility.slug) + path
    # Through JSON and back, so that the fingerprint is of what the database will give back.
    frozen = json.loads(json.dumps({**content, "check": {"code": code, "url": url}}))
    first = f"{language if language in queries.LANGUAGES else 'hi'}-a5"
    document = DocumentReference.objects.create(
        pk=id,
        kind=kind,
        form=form,
        patient_id=patient_id,
        encounter_id=encounter_id,
        code=code,
        content=frozen,
        content_sha256=queries.fingerprint(frozen),
        language=first[:2],
        author_id=actor.user_id,
        supersedes_id=supersedes_id,
        renditions={first: _waiting()},
    )
    enqueue("documents.render", document_id=document.pk, rendition=first)
    if gateway.is_on():
        enqueue("abdm.share_document", document_id=document.pk)
    return document


def _waiting(tries: int = 0) -> dict[str, Any]:
    return {"status": "waiting", "at": timezone.now().isoformat(), "tries": tries}


@transaction.atomic
def ask_rendition(document_id: UUID, *, rendition: str, actor: Actor) -> DocumentReference:
    """Have one file drawn, or drawn again when it failed or its file is lost. Safe to repeat.

    Raises Forbidden, Refused("rendition.unknown"), DocumentReference.DoesNotExist.
    """
    actor.require(Permission.DOC_PRINT)
    if rendition not in queries.RENDITIONS:
        raise Refused("rendition.unknown")
    document = DocumentReference.objects.select_for_update(no_key=True).get(pk=document_id)
    entry = document.renditions.get(rendition, {})
    ready = entry.get("status") == "ready" and storage.exists(entry["key"])
    if ready or entry.get("status") == "waiting":
        return document
    document.renditions[rendition] = _waiting()
    document.pending = True
    document.save(update_fields=["renditions", "pending"])
    record(Event.DOCUMENT_ASKED, subject=document, patient_id=document.patient_id, actor=actor,
           rendition=rendition)  # fmt: skip
    enqueue("documents.render", document_id=document.pk, rendition=rendition)
    return document


def render_document(document_id: UUID | str, rendition: str) -> None:
    """Draw one file that is waiting. Killed at any point, it leaves the rendition waiting.

    The row is held while the file is drawn: a worker that dies lets go of it at once, and a
    second worker that comes meanwhile finds it held and leaves. So there is one writer, one file.
    """
    if not _count_try(document_id, rendition):
        return
    try:
        _draw(document_id, rendition)
    except Exception as error:
        _note_failure(document_id, rendition, type(error).__name__)
        raise


def _hold(document_id: UUID | str, rendition: str) -> DocumentReference | None:
    """The document, held for us alone, when this rendition waits and nobody else draws it."""
    rows = DocumentReference.objects.select_for_update(skip_locked=True, no_key=True)
    document = rows.filter(pk=document_id).first()
    if document is None or document.renditions.get(rendition, {}).get("status") != "waiting":
        return None
    return document


@transaction.atomic
def _count_try(document_id: UUID | str, rendition: str) -> bool:
    """Count before drawing, so that a page which kills its worker each time ends as failed."""
    document = _hold(document_id, rendition)
    if document is None:
        return False
    tries = document.renditions[rendition]["tries"] + 1
    if tries > TRIES:
        _store(document, rendition, {"status": "failed", "tries": TRIES, "reason": "stopped"})
        return False
    _store(document, rendition, _waiting(tries))
    return True


@transaction.atomic
def _draw(document_id: UUID | str, rendition: str) -> None:
    document = _hold(document_id, rendition)
    if document is None:
        return
    language, size = rendition.split("-")
    paper = pdf.draw(document.template, document.content, language=language, size=size)
    facility: Any = current_facility()
    key = storage.key_of(facility.schema_name, document.pk, rendition)
    storage.save(key, paper.data)
    entry = document.renditions[rendition]
    _store(
        document,
        rendition,
        {
            "status": "ready",
            "key": key,
            "bytes": len(paper.data),
            "pages": paper.pages,
            "tries": entry["tries"],
            "at": timezone.now().isoformat(),
        },
    )
    record(Event.DOCUMENT_RENDERED, subject=document, patient_id=document.patient_id,
           actor=RENDERER, rendition=rendition, pages=paper.pages)  # fmt: skip


@transaction.atomic
def _note_failure(document_id: UUID | str, rendition: str, reason: str) -> None:
    """Leave it to the sweep, or give up after the last try; `reason` is a class name, no text."""
    document = _hold(document_id, rendition)
    if document is None:
        return
    entry = document.renditions[rendition]
    log.warning("document %s %s not drawn: %s", document_id, rendition, reason)
    last = entry["tries"] >= TRIES
    _store(document, rendition, {**entry, "status": "failed" if last else "waiting",
                                 "reason": reason})  # fmt: skip


def _store(document: DocumentReference, rendition: str, entry: dict[str, Any]) -> None:
    document.renditions[rendition] = entry
    document.pending = any(e["status"] == "waiting" for e in document.renditions.values())
    document.save(update_fields=["renditions", "pending"])


def sweep(*, older_than: timedelta = FORGOTTEN) -> int:
    """Queue again what waits and has no worker, in every active hospital. 3 queries a hospital."""
    found = 0
    for hospital in live.hospitals():
        if not hospital.is_open:
            continue
        with facility_context(hospital.id):
            for document_id, rendition in queries.forgotten(older_than=older_than):
                enqueue("documents.render", document_id=document_id, rendition=rendition)
                found += 1
    return found


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
