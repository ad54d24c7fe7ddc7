"""Papers in the browser: their page, the files, the print page, the check page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.documents import actions
from apps.documents.models import DocumentReference
from apps.encounters.models import Encounter, QueueToken
from tests.documents.papers import prescription

HOST = "green-phc.bhavya.localhost"
CLINICAL = ["सुनीता", "Sunita", "Metformin", "मेटफ़ॉर्मिन", "मधुमेह", "Penicillin", "34 वर्ष", "2714"]


def opened(paper):
    found = AuditEvent.objects.filter(event=Event.DOCUMENT_OPENED, subject_id=paper.pk)
    return list(found.order_by("at").values_list("user_id", "detail"))


@pytest.fixture
def stranger(cast):
    return Client(headers={"host": HOST})


def url(name, document, **query):
    return reverse(f"documents:{name}", args=[document.pk], urlconf="bhavya.urls", query=query)


@pytest.fixture
def here(cast):
    """A request leaves us in public; this brings us back into Green PHC."""
    return lambda: connection.set_tenant(cast.green)


@pytest.mark.parametrize("language, words", [("hi", "पर्ची"), ("en", "Prescription")])
def test_the_page_offers_four_files(cast, paper, here, language, words):
    answer = cast.dr_rao.client().get(url("document", paper), {"lang": language})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert words in text
    assert text.count("/print?") == 4
    assert "every 2s" in text
    assert 'http-equiv="refresh"' in text  # for a browser without script, and only there
    here()
    assert opened(paper) == [(cast.dr_rao.user.pk, {})]


def test_polling_stops_when_nothing_waits(cast, paper, here):
    client = cast.dr_rao.client()
    htmx = {"headers": {"HX-Request": "true", "host": HOST}}
    part = client.get(url("files", paper), **htmx).content.decode()
    assert "every 2s" in part
    assert "http-equiv" not in part  # swapped in, the page would load anew under the reader
    here()
    actions.render_document(paper.pk, "hi-a5")
    text = client.get(url("files", paper), **htmx).content.decode()
    assert "every 2s" not in text
    assert "KB" in text
    assert client.get(url("files", paper)).status_code == 302


def test_the_file_comes_with_its_name_and_is_not_sent_twice(cast, paper, here):
    actions.render_document(paper.pk, "hi-a5")
    client = cast.dr_rao.client()
    answer = client.get(url("pdf", paper, lang="hi", paper="a5"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == f'inline; filename="{paper.content["slip"]}-hi.pdf"'
    assert answer["Cache-Control"] == "private, no-cache"
    headers = {"host": HOST, "if-none-match": answer["ETag"]}
    again = client.get(url("pdf", paper, lang="hi", paper="a5"), headers=headers)
    assert again.status_code == 304
    here()
    assert opened(paper)[0] == (cast.dr_rao.user.pk, {"rendition": "hi-a5"})


def test_a_file_that_is_not_there_is_asked_for(cast, paper, here):
    answer = cast.dr_rao.client().get(url("pdf", paper, lang="en", paper="a4"))
    assert answer.status_code == 302
    here()
    paper.refresh_from_db()
    assert paper.renditions["en-a4"]["status"] == "waiting"


def test_a_failed_file_says_so_and_can_be_retried(cast, paper, here):
    paper.renditions["hi-a5"] |= {"status": "failed", "tries": 5, "reason": "MemoryError"}
    paper.save()
    client = cast.dr_rao.client()
    client.get(url("pdf", paper, lang="hi", paper="a5"))
    text = client.get(url("document", paper), {"lang": "en"}).content.decode()
    assert "Not made after 5 tries" in text
    assert "MemoryError" in text
    assert client.post(url("ask", paper), {"rendition": "hi-a5"}).status_code == 302
    here()
    paper.refresh_from_db()
    assert paper.renditions["hi-a5"]["status"] == "waiting"


@pytest.mark.parametrize("query", [{"lang": "fr"}, {"paper": "a3"}])
def test_a_file_of_another_kind_is_nothing(cast, paper, query):
    assert cast.dr_rao.client().get(url("pdf", paper, **query)).status_code == 404


def test_the_print_page_needs_no_worker(cast, paper):
    answer = cast.ravi.client().get(url("print", paper, lang="en", paper="a4"))
    text = answer.content.decode()
    assert "Metformin 500 mg" in text
    assert 'data-size="a4"' in text
    assert "data-print-now" in text


def test_on_another_day_the_clerk_may_not_and_the_author_may(cast, paper, visit, here):
    yesterday = timezone.now() - timedelta(days=2)
    Encounter.objects.filter(pk=visit.id).update(started_at=yesterday)
    QueueToken.objects.filter(encounter=visit.id).update(day=yesterday.date())
    assert cast.ravi.client().get(url("document", paper)).status_code == 403
    assert cast.dr_rao.client().get(url("document", paper)).status_code == 200
    other = cast.member("dr_roy", "MO", cast.green)
    assert other.client().get(url("document", paper)).status_code == 409  # break the glass first
    here()
    assert len(opened(paper)) == 1


def test_the_other_hospital_finds_nothing(cast, paper):
    assert cast.dr_khan.client().get(url("document", paper)).status_code == 404
    assert cast.dr_khan.client().get(url("pdf", paper)).status_code == 404
    assert cast.dr_khan.client(HOST).get(url("document", paper)).status_code == 403
    connection.set_tenant(cast.green)
    assert opened(paper) == []


def check(client, code, language="en"):
    return client.get(reverse("documents:check", args=[code], urlconf="bhavya.urls"),
                      {"lang": language})  # fmt: skip


@pytest.mark.parametrize("language, words", [("hi", "यह पर्ची असली है"), ("en", "is genuine")])
def test_a_genuine_paper(stranger, cast, paper, language, words):
    answer = check(stranger, paper.code, language)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert words in text
    assert (cast.green.name_hi if language == "hi" else cast.green.name_en) in text
    assert [word for word in CLINICAL if word in text] == []
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    event = AuditEvent.objects.get(event=Event.DOCUMENT_CHECKED)
    assert (event.subject_id, event.detail) == (paper.pk, {"result": "genuine"})


def test_a_code_typed_small_is_found(stranger, paper):
    assert "is genuine" in check(stranger, paper.code.lower()).content.decode()


def test_a_paper_that_was_replaced(stranger, cast, paper):
    actions.amend_document(paper.pk, id=uuid7(), content=prescription([]), actor=cast.dr_rao.actor)
    assert "newer paper has replaced it" in check(stranger, paper.code).content.decode()


def test_a_paper_that_was_changed_behind_our_back(stranger, paper):
    DocumentReference.objects.filter(pk=paper.pk).update(content={**paper.content, "advice": []})
    assert "cannot be trusted" in check(stranger, paper.code).content.decode()


def test_a_paper_taken_back(stranger, paper):
    DocumentReference.objects.filter(pk=paper.pk).update(status="entered-in-error")
    assert "withdrawn" in check(stranger, paper.code).content.decode()


@pytest.mark.parametrize("code", ["ABCDEFGHJKMN", "x", "0" * 400])
def test_an_unknown_code_gets_a_calm_page(stranger, paper, code):
    answer = check(stranger, code)
    assert answer.status_code == 404
    assert "do not know this paper" in answer.content.decode()


def test_another_hospitals_paper_is_unknown_here(cast, paper):
    client = Client(headers={"host": "blue-chc.bhavya.localhost"})
    assert check(client, paper.code).status_code == 404


def test_trying_codes_is_slowed_down(stranger, paper):
    answers = [check(stranger, "ABCDEFGHJKMN").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert check(stranger, paper.code).status_code == 429
