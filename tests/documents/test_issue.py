"""Issuing freezes; amending replaces; the fingerprint tells."""

import pytest

from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import actions, queries
from apps.documents.models import DocumentReference
from apps.encounters import queries as visits
from tests.documents.conftest import issue, visit_of
from tests.documents.papers import prescription


def events(document):
    found = AuditEvent.objects.filter(subject_id=document.pk).order_by("at", "id")
    return list(found.values_list("event", flat=True))


def test_it_works(cast, paper, visit):
    assert paper.content["patient"]["name_hi"] == "सुनीता देवी"
    assert paper.content["check"]["code"] == paper.code
    assert paper.content["check"]["url"].endswith(f"green-phc.bhavya.localhost:8000/v/{paper.code}")
    assert queries.is_intact(DocumentReference.objects.get(pk=paper.pk))
    assert paper.renditions["hi-a5"]["status"] == "waiting"
    assert queries.current_of_encounter(visit.id) == paper
    assert events(paper) == [Event.DOCUMENT_ISSUED]


def test_it_queues_its_first_picture(cast, visit, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = issue(visit, cast.dr_rao.actor)
    drawn = queries.document(paper.pk)
    assert queries.rendition(drawn, "hi-a5").status == "ready"
    assert queries.pdf(drawn, "hi-a5").startswith(b"%PDF")
    assert not drawn.pending
    assert events(paper) == [Event.DOCUMENT_ISSUED, Event.DOCUMENT_RENDERED]


def test_it_is_safe_to_send_twice(cast, visit, media):
    known = uuid7()
    first = issue(visit, cast.dr_rao.actor, id=known)
    second = issue(visit, cast.dr_rao.actor, id=known, content=prescription([]))
    assert first.pk == second.pk
    assert DocumentReference.objects.count() == 1
    assert second.content["medicines"] == first.content["medicines"]
    assert events(first) == [Event.DOCUMENT_ISSUED]


def test_a_clerk_may_not(cast, visit):
    with pytest.raises(Forbidden):
        issue(visit, cast.ravi.actor)


def test_it_refuses_another_patients_visit(cast, visit):
    other = visit_of(cast.ravi.actor, mobile="9835000000", name="गीता कुमारी")
    with pytest.raises(Refused, match=r"document\.without_patient"):
        issue(visit, cast.dr_rao.actor, patient_id=other.patient_id)


def test_it_refuses_a_visit_that_is_not_the_named_one(cast, visit):
    other = visit_of(cast.ravi.actor, mobile="9835000000", name="गीता कुमारी")
    with pytest.raises(Refused, match=r"document\.without_patient"):
        actions.issue_document(
            "Prescription", id=uuid7(), patient_id=visit.patient_id, encounter_id=visit.id,
            content=prescription(), language="hi", visit=visits.visit(other.id),
            actor=cast.dr_rao.actor,
        )  # fmt: skip


def test_a_changed_content_is_noticed(paper):
    content = {**paper.content, "medicines": []}
    DocumentReference.objects.filter(pk=paper.pk).update(content=content)
    assert not queries.is_intact(queries.document(paper.pk))


def test_amending_leaves_the_old_paper_as_it_was(cast, paper, visit):
    new = actions.amend_document(
        paper.pk, id=uuid7(), content=prescription([]), actor=cast.dr_rao.actor
    )
    old = queries.document(paper.pk)
    assert (old.status, new.status) == ("superseded", "current")
    assert old.content == paper.content
    assert new.supersedes_id == old.pk
    assert new.code != old.code
    assert queries.current_of_encounter(visit.id) == new
    assert queries.of_patient(visit.patient_id) == [new]
    assert queries.replaced_by(old.pk) == new


def test_amending_is_safe_to_send_twice_and_refused_for_an_old_paper(cast, paper):
    known = uuid7()
    content = prescription([])
    first = actions.amend_document(paper.pk, id=known, content=content, actor=cast.dr_rao.actor)
    again = actions.amend_document(paper.pk, id=known, content=content, actor=cast.dr_rao.actor)
    assert first.pk == again.pk
    with pytest.raises(Refused, match=r"document\.superseded"):
        actions.amend_document(paper.pk, id=uuid7(), content=content, actor=cast.dr_rao.actor)


def test_another_hospital_sees_nothing(paper, visit, blue):
    blue()
    assert queries.document(paper.pk) is None
    assert queries.by_code(paper.code) is None
    assert queries.of_patient(visit.patient_id) == []
