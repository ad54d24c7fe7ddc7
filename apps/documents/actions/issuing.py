"""Issue, amend, withdraw: a paper is frozen, replaced or taken back, never edited."""

import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.errors import Forbidden, Refused
from apps.core.ids import short_code
from apps.core.queue import enqueue
from apps.core.tenancy import current_facility
from apps.documents import queries
from apps.documents.actions.rendering import waiting
from apps.documents.kinds import REASONS, right_of
from apps.documents.models import DocumentReference
from apps.encounters import queries as visits
from apps.facilities import live
from apps.gateway import queries as gateway

IN_CHARGE = "DS"  # superintendent, deputy superintendent or MOIC


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
    actor.require(right_of(kind, form))
    known = queries.document(id)
    if known is not None:
        return known
    visit = visit or visits.visit(encounter_id)
    if (visit.pk, visit.patient_id) != (encounter_id, patient_id):
        raise Refused("document.without_patient")
    document = _freeze(kind, form, id, patient_id, encounter_id, content, language, actor)
    said: dict[str, Any] = {"kind": kind, "form": form} if form else {"kind": kind}
    record(Event.DOCUMENT_ISSUED, subject=document, patient_id=patient_id, actor=actor, **said)
    return document


@transaction.atomic
def amend_document(
    document_id: UUID, *, id: UUID, content: dict[str, Any], actor: Actor
) -> DocumentReference:
    """A new paper in the old one's place; the old one stays as it was, marked superseded.

    Raises Forbidden, Refused("document.superseded"), DocumentReference.DoesNotExist.
    """
    old = DocumentReference.objects.select_for_update(no_key=True).get(pk=document_id)
    actor.require(right_of(old.kind, old.form))
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
    language = language if language in queries.LANGUAGES else "hi"
    first = queries.first_rendition(form, language)
    document = DocumentReference.objects.create(
        pk=id,
        kind=kind,
        form=form,
        patient_id=patient_id,
        encounter_id=encounter_id,
        code=code,
        content=frozen,
        content_sha256=queries.fingerprint(frozen),
        language=language,
        author_id=actor.user_id,
        supersedes_id=supersedes_id,
        renditions={first: waiting()},
    )
    enqueue("documents.render", document_id=document.pk, rendition=first)
    if gateway.is_on():
        enqueue("abdm.share_document", document_id=document.pk)
    return document


@transaction.atomic
def withdraw_document(document_id: UUID, *, reason: str, actor: Actor) -> DocumentReference:
    """Take a paper back: it stays readable, the check page says that it counts no more.

    Its author may, or the in-charge. `reason`: one of kinds.REASONS. Safe to repeat.
    Raises Forbidden, Refused("document.reason" | "document.superseded"), DoesNotExist.
    """
    document = DocumentReference.objects.select_for_update(no_key=True).get(pk=document_id)
    right = right_of(document.kind, document.form)
    actor.require(right)
    if document.author_id != actor.user_id and IN_CHARGE not in actor.roles:
        raise Forbidden(right)
    if document.status == DocumentReference.Status.ENTERED_IN_ERROR:
        return document
    if reason not in REASONS:
        raise Refused("document.reason")
    if document.status == DocumentReference.Status.SUPERSEDED:
        raise Refused("document.superseded")
    document.status = DocumentReference.Status.ENTERED_IN_ERROR
    document.save(update_fields=["status"])
    record(Event.DOCUMENT_WITHDRAWN, subject=document, patient_id=document.patient_id,
           actor=actor, reason=reason)  # fmt: skip
    return document
