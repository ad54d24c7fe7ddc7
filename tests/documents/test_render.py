"""The job: one file, whole or not at all; failures end; what was forgotten is queued again."""

from datetime import timedelta

import pytest

from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.documents import actions, queries, storage
from apps.documents.actions import rendering
from apps.documents.models import DocumentReference

NOW = timedelta(0)


def files(media):
    return sorted(path.name for path in media.rglob("*") if path.is_file())


def state(paper, name="hi-a5"):
    return queries.rendition(queries.document(paper.pk), name)


def broken(paper):
    """A kind that has no template: every drawing of it fails."""
    DocumentReference.objects.filter(pk=paper.pk).update(kind="HealthDocumentRecord")


def test_it_works(cast, paper, media):
    actions.render_document(paper.pk, "hi-a5")
    assert state(paper).status == "ready"
    assert state(paper).pages == 1
    assert files(media) == [f"{paper.pk}.hi-a5.pdf"]
    path = media / cast.green.schema_name / "documents" / f"{paper.pk}.hi-a5.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert path.stat().st_mode & 0o077 == 0
    assert state(paper).size == path.stat().st_size
    assert not queries.document(paper.pk).pending


def test_it_is_safe_to_send_twice(paper, media):
    actions.render_document(paper.pk, "hi-a5")
    path = next(media.rglob("*.pdf"))
    first = path.stat().st_mtime_ns
    actions.render_document(paper.pk, "hi-a5")
    assert path.stat().st_mtime_ns == first
    assert (
        AuditEvent.objects.filter(event=Event.DOCUMENT_RENDERED, subject_id=paper.pk).count() == 1
    )


def test_nobody_asked_so_nothing_is_drawn(paper, media):
    actions.render_document(paper.pk, "en-a4")
    assert state(paper, "en-a4").status == "none"
    assert files(media) == []


def test_asking_has_another_file_drawn(cast, paper, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_rendition(paper.pk, rendition="en-a4", actor=cast.ravi.actor)
    assert state(paper, "en-a4").status == "ready"
    assert state(paper, "hi-a5").status == "waiting"
    assert queries.document(paper.pk).pending


def test_asking_twice_queues_once(cast, paper, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued:
        actions.ask_rendition(paper.pk, rendition="en-a4", actor=cast.ravi.actor)
        actions.ask_rendition(paper.pk, rendition="en-a4", actor=cast.ravi.actor)
    assert len(queued) == 1
    assert AuditEvent.objects.filter(event=Event.DOCUMENT_ASKED).count() == 1


def test_a_store_keeper_may_not_ask(cast, paper):
    keeper = cast.member("keeper", "STK", cast.green)
    with pytest.raises(Forbidden):
        actions.ask_rendition(paper.pk, rendition="hi-a4", actor=keeper.actor)


def test_it_refuses_a_paper_size_that_is_not_there(cast, paper):
    with pytest.raises(Refused, match=r"rendition\.unknown"):
        actions.ask_rendition(paper.pk, rendition="hi-a3", actor=cast.ravi.actor)


def test_it_gives_up_after_some_tries_and_can_be_asked_again(cast, paper):
    broken(paper)
    for n in range(1, rendering.TRIES + 1):
        with pytest.raises(Exception, match="HealthDocumentRecord"):
            actions.render_document(paper.pk, "hi-a5")
        assert state(paper).tries == n
    assert state(paper).status == "failed"
    assert state(paper).reason == "TemplateDoesNotExist"
    assert not queries.document(paper.pk).pending
    DocumentReference.objects.filter(pk=paper.pk).update(kind="Prescription")
    actions.render_document(paper.pk, "hi-a5")
    assert state(paper).status == "failed"
    actions.ask_rendition(paper.pk, rendition="hi-a5", actor=cast.ravi.actor)
    actions.render_document(paper.pk, "hi-a5")
    assert state(paper).status == "ready"


def test_a_page_that_kills_its_worker_each_time_ends_as_failed(paper):
    for _ in range(rendering.TRIES + 1):
        rendering._count_try(paper.pk, "hi-a5")  # the worker is gone before it could say anything
    assert state(paper).status == "failed"
    assert state(paper).reason == "stopped"


def test_a_full_disk_leaves_it_waiting(paper, media):
    target = media / storage.key_of("f_test_grn", paper.pk, "hi-a5")
    target.with_suffix(".pdf.new").mkdir(parents=True)  # writing there raises OSError
    with pytest.raises(OSError):
        actions.render_document(paper.pk, "hi-a5")
    assert state(paper).status == "waiting"
    assert state(paper).reason == "IsADirectoryError"
    assert queries.document(paper.pk).pending


def test_a_lost_file_is_drawn_again(cast, paper, media):
    actions.render_document(paper.pk, "hi-a5")
    next(media.rglob("*.pdf")).unlink()
    assert queries.pdf(queries.document(paper.pk), "hi-a5") is None
    actions.ask_rendition(paper.pk, rendition="hi-a5", actor=cast.ravi.actor)
    actions.render_document(paper.pk, "hi-a5")
    assert queries.pdf(queries.document(paper.pk), "hi-a5").startswith(b"%PDF")


def test_the_sweep_draws_what_was_forgotten(paper, django_capture_on_commit_callbacks):
    assert actions.sweep() == 0  # asked for this very moment: its job is on the way
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep(older_than=NOW) == 1
    assert state(paper).status == "ready"
    assert actions.sweep(older_than=NOW) == 0


def test_the_sweep_leaves_a_closed_hospital_alone(cast, paper):
    cast.green.status = "retired"
    cast.green.save()
    assert actions.sweep(older_than=NOW) == 0
