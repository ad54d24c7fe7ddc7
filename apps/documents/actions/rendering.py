"""The files of a paper: asked for, drawn by a worker, tried again, swept when forgotten."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility, facility_context
from apps.core.trouble import FULL, trouble_of
from apps.core.turns import whose_turn
from apps.documents import pdf, queries, scans, storage
from apps.documents.kinds import SCAN
from apps.documents.models import DocumentReference
from apps.facilities import live

log = logging.getLogger(__name__)
TRIES = 5
FORGOTTEN = timedelta(seconds=20)
RENDERER = Actor.of_system("documents.render", Permission.DOC_PRINT)


def waiting(tries: int = 0) -> dict[str, Any]:
    return {"status": "waiting", "at": timezone.now().isoformat(), "tries": tries}


@transaction.atomic
def ask_rendition(document_id: UUID, *, rendition: str, actor: Actor) -> DocumentReference:
    """Have one file drawn, or drawn again when it failed or its file is lost. Safe to repeat.

    Raises Forbidden, Refused("rendition.unknown"), DocumentReference.DoesNotExist.
    """
    actor.require(Permission.DOC_PRINT)
    document = DocumentReference.objects.select_for_update(no_key=True).get(pk=document_id)
    if rendition not in queries.names_of(document):
        raise Refused("rendition.unknown")
    entry = document.renditions.get(rendition, {})
    ready = entry.get("status") == "ready" and storage.exists(entry["key"])
    if ready or entry.get("status") == "waiting":
        return document
    document.renditions[rendition] = waiting()
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
        full = trouble_of(error) == FULL
        _note_failure(document_id, rendition, "DiskFull" if full else type(error).__name__)
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
    _store(document, rendition, waiting(tries))
    return True


@transaction.atomic
def _draw(document_id: UUID | str, rendition: str) -> None:
    document = _hold(document_id, rendition)
    if document is None:
        return
    facility: Any = current_facility()
    paper = _picture(document, rendition, facility.schema_name)
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


def _picture(document: DocumentReference, rendition: str, schema: str) -> pdf.Paper:
    """A scan is put together from its pages, everything else is drawn from its content."""
    if document.form == SCAN:
        pages = document.content["scan"]["files"]
        return scans.together([storage.page_of(schema, document.pk, name) for name in pages])
    language, size = rendition.split("-")
    return pdf.draw(document.template, document.content, language=language, size=size)


@transaction.atomic
def _note_failure(document_id: UUID | str, rendition: str, reason: str) -> None:
    """Leave it to the sweep, or give up after the last try; `reason` is a class name, no text. A
    full disk is no fault of the paper's: it is tried until there is room."""
    document = _hold(document_id, rendition)
    if document is None:
        return
    entry = document.renditions[rendition]
    log.warning("document %s %s not drawn: %s", document_id, rendition, reason)
    full = reason == "DiskFull"
    last = entry["tries"] >= TRIES and not full
    _store(document, rendition, {**entry, "status": "failed" if last else "waiting",
                                 "tries": 0 if full else entry["tries"],
                                 "reason": reason})  # fmt: skip


def _store(document: DocumentReference, rendition: str, entry: dict[str, Any]) -> None:
    document.renditions[rendition] = entry
    document.pending = any(e["status"] == "waiting" for e in document.renditions.values())
    document.save(update_fields=["renditions", "pending"])


def sweep(*, older_than: timedelta = FORGOTTEN) -> int:
    """Queue again what waits and has no worker, in open hospitals in turn. 3 queries each."""
    found = 0
    places = [place for place in live.hospitals(training=True) if place.is_open]
    for hospital in whose_turn(places, job="documents.sweep"):
        with facility_context(hospital.id):
            for document_id, rendition in queries.forgotten(older_than=older_than):
                enqueue("documents.render", document_id=document_id, rendition=rendition)
                found += 1
    return found
