"""Named reads over documents and their renditions."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from apps.audit import queries as audit
from apps.audit.events import Event
from apps.core.slices import Slice
from apps.core.tenancy import current_facility
from apps.documents import storage
from apps.documents.kinds import CERTIFICATES, SCAN
from apps.documents.models import DocumentReference

LANGUAGES = ("hi", "en")
RENDITIONS = ("hi-a5", "en-a5", "hi-a4", "en-a4")
SCANNED = ("hi-a4",)  # a scan has one file: nobody translates a photograph


@dataclass(frozen=True, slots=True)
class Rendition:
    """One file of a document. status: none | waiting | ready | failed; size in bytes."""

    name: str
    status: str = "none"
    size: int = 0
    pages: int = 0
    tries: int = 0
    reason: str = ""

    @property
    def language(self) -> str:
        return self.name.split("-")[0]

    @property
    def paper(self) -> str:
        return self.name.split("-")[1]

    @property
    def size_kb(self) -> int:
        return max(1, round(self.size / 1024)) if self.size else 0


def fingerprint(content: dict[str, Any]) -> str:
    """SHA-256 (64 hex) of the content, whatever order a database gives its keys back in."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_intact(document: DocumentReference) -> bool:
    """True when the content still is what was issued."""
    return fingerprint(document.content) == document.content_sha256


def document(document_id: UUID | str) -> DocumentReference | None:
    """One document of this facility. 1 query."""
    return DocumentReference.objects.filter(pk=document_id).first()


def by_code(code: str) -> DocumentReference | None:
    """The document whose check code this is; letters typed small are found too. 1 query."""
    return DocumentReference.objects.filter(code=code.strip().upper()).first()


def replaced_by(document_id: UUID) -> DocumentReference | None:
    """The newer document that took this one's place. 1 query."""
    return DocumentReference.objects.filter(supersedes_id=document_id).first()


def of_patient(patient_id: UUID) -> list[DocumentReference]:
    """A patient's valid papers, newest first. 1 query."""
    return list(
        DocumentReference.objects.filter(
            patient_id=patient_id, status=DocumentReference.Status.CURRENT
        ).order_by("-issued_at")
    )


def current_of_encounter(encounter_id: UUID) -> DocumentReference | None:
    """The valid prescription paper of a visit, the newest when there are several. 1 query."""
    return (
        _papers_of(encounter_id).filter(kind=DocumentReference.Kind.PRESCRIPTION, form="").first()
    )


def certificates_of(encounter_id: UUID) -> list[DocumentReference]:
    """Valid certificates of a visit, newest first. 1 query."""
    return list(_papers_of(encounter_id).filter(form__in=CERTIFICATES))


def of_visits(
    encounter_ids: Iterable[UUID], *, kinds: Iterable[str], first: datetime, last: datetime
) -> list[DocumentReference]:
    """Valid papers of these kinds and visits that were issued in this time, oldest first.
    1 query."""
    found = DocumentReference.objects.filter(
        encounter_id__in=list(encounter_ids),
        kind__in=list(kinds),
        status=DocumentReference.Status.CURRENT,
        issued_at__gte=first,
        issued_at__lte=last,
    )
    return list(found.order_by("issued_at"))


def _papers_of(encounter_id: UUID) -> QuerySet[DocumentReference]:
    return DocumentReference.objects.filter(
        encounter_id=encounter_id, status=DocumentReference.Status.CURRENT
    ).order_by("-issued_at")


def all_of_patient(patient_id: UUID) -> list[DocumentReference]:
    """Every paper of a patient, those replaced or withdrawn too, newest first. 1 query."""
    return list(DocumentReference.objects.filter(patient_id=patient_id).order_by("-issued_at"))


def papers_page(
    patient_id: UUID, *, part: Slice, but: Collection[UUID] = ()
) -> list[DocumentReference]:
    """A page of a patient's papers, newest first, whatever their state; `but`: visits left out.
    1 query."""
    found = DocumentReference.objects.filter(patient_id=patient_id)
    return part.of(found.exclude(encounter_id__in=but), "issued_at")


def papers_in(encounter_ids: Iterable[UUID]) -> list[DocumentReference]:
    """Every paper of these visits, newest first. 1 query."""
    found = DocumentReference.objects.filter(encounter_id__in=list(encounter_ids))
    return list(found.order_by("-issued_at", "-pk"))


def withdrawal(document: DocumentReference) -> dict[str, Any] | None:
    """{"reason", "at", "by_id"} of a withdrawn paper, from the trail; None for others. 1 query."""
    if document.status != DocumentReference.Status.ENTERED_IN_ERROR:
        return None
    facility: Any = current_facility()
    trail = audit.of_patient(document.patient_id, facility_id=facility.pk)
    event = trail.filter(event=Event.DOCUMENT_WITHDRAWN, subject_id=document.pk).first()
    if event is None:
        return None
    return {"reason": event.detail["reason"], "at": event.at, "by_id": event.user_id}


def names_of(document: DocumentReference) -> tuple[str, ...]:
    """The files a paper may have."""
    return SCANNED if document.form == SCAN else RENDITIONS


def file_of(document: DocumentReference, name: str) -> str:
    """The file that answers when `name` is asked for: a scan has only one."""
    return name if name in names_of(document) else SCANNED[0]


def first_rendition(form: str, language: str) -> str:
    return SCANNED[0] if form == SCAN else f"{language}-a5"


def rendition(document: DocumentReference, name: str) -> Rendition:
    """How far one file of a document is. No query."""
    entry = document.renditions.get(name, {})
    return Rendition(
        name=name,
        status=entry.get("status", "none"),
        size=entry.get("bytes", 0),
        pages=entry.get("pages", 0),
        tries=entry.get("tries", 0),
        reason=entry.get("reason", ""),
    )


def renditions(document: DocumentReference) -> list[Rendition]:
    """All it may have, in the order in which a page offers them. No query."""
    return [rendition(document, name) for name in names_of(document)]


def pdf(document: DocumentReference, name: str) -> bytes | None:
    """The file's bytes; None while it is not drawn, or when its file is lost. No query."""
    entry = document.renditions.get(name, {})
    return storage.read(entry["key"]) if entry.get("status") == "ready" else None


def forgotten(*, older_than: timedelta, limit: int = 50) -> list[tuple[UUID, str]]:
    """(document id, rendition) that wait since longer than that in this facility. 1 query."""
    before = timezone.now() - older_than
    waiting = DocumentReference.objects.filter(pending=True).order_by("issued_at")[:limit]
    return [
        (document.pk, name)
        for document in waiting
        for name, entry in document.renditions.items()
        if entry["status"] == "waiting" and datetime.fromisoformat(entry["at"]) <= before
    ]


def newest(kind: str) -> DocumentReference | None:
    """The last current paper of a kind. 1 query."""
    found = DocumentReference.objects.filter(kind=kind, status=DocumentReference.Status.CURRENT)
    return found.order_by("-issued_at").first()
