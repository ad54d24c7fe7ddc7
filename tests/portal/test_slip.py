"""The slip's link: the place in the queue first, the paper after one answer, nothing else."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.documents import actions as documents
from apps.encounters import actions as encounters
from tests.documents.conftest import issue, visit_of
from tests.documents.papers import prescription

HOST = "green-phc.bhavya.localhost"
CLINICAL = ["Metformin", "मेटफ़ॉर्मिन", "मधुमेह", "Penicillin", "सुनीता", "Sunita"]


@pytest.fixture
def phone(cast):
    """A patient's phone, reading English."""
    client = Client(headers={"host": HOST})
    client.cookies["lang"] = "en"
    return client


def url(name, slip, **query):
    return reverse(f"portal:{name}", args=[slip.code], urlconf="bhavya.urls", query=query)


def tell(phone, slip, answer):
    return phone.post(url("slip", slip), {"number": answer})


def test_before_signing_it_shows_the_place_in_the_queue(cast, phone):
    slips = [visit_of(cast.ravi.actor, mobile=f"983500000{n}") for n in range(3)]
    text = phone.get(url("slip", slips[2])).content.decode()
    assert "M-003" in text
    assert "2 people before you" in text
    assert [word for word in CLINICAL if word in text] == []
    assert "You are next" in phone.get(url("slip", slips[0])).content.decode()
    connection.set_tenant(cast.green)
    encounters.call_next("vitals", queue=None, room="1", actor=cast.rita.actor)
    assert "Your turn now" in phone.get(url("slip", slips[0])).content.decode()
    assert "1 person before you" in phone.get(url("slip", slips[2])).content.decode()


@pytest.mark.parametrize("answer", ["2714", "34", "२७१४", " 27 14 "])
def test_the_right_answer_opens_the_paper(cast, phone, visit, paper, answer):
    before = phone.get(url("slip", visit)).content.decode()
    assert [word for word in CLINICAL if word in before] == []
    assert tell(phone, visit, answer).status_code == 302
    after = phone.get(url("slip", visit))
    text = after.content.decode()
    assert "Metformin 500 mg" in text
    assert "Morning 2, noon 0, night ½" in text
    assert after["X-Robots-Tag"] == "noindex, nofollow"
    assert after["Cache-Control"] == "no-store"
    events = set(AuditEvent.objects.filter(system="portal").values_list("event", flat=True))
    assert {Event.SLIP_OPENED, Event.DOCUMENT_OPENED} <= events


def test_the_file_comes_after_the_answer_only(cast, phone, visit, paper):
    documents.render_document(paper.pk, "hi-a5")
    assert phone.get(url("slip_pdf", visit, lang="hi")).status_code == 302
    tell(phone, visit, "2714")
    answer = phone.get(url("slip_pdf", visit, lang="hi"))
    assert answer.content.startswith(b"%PDF")
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_file_that_is_not_there_is_made_and_asked_for_again(cast, phone, visit, paper):
    tell(phone, visit, "2714")
    waiting = phone.get(url("slip_pdf", visit, lang="en"))
    assert waiting.status_code == 202
    assert 'http-equiv="refresh"' in waiting.content.decode()
    connection.set_tenant(cast.green)
    documents.render_document(paper.pk, "en-a5")
    assert phone.get(url("slip_pdf", visit, lang="en")).content.startswith(b"%PDF")


def test_a_file_that_failed_is_not_asked_for_by_itself(cast, phone, visit, paper):
    paper.renditions["en-a5"] = {"status": "failed", "tries": 5}
    paper.save()
    tell(phone, visit, "2714")
    assert "could not be made" in phone.get(url("slip_pdf", visit, lang="en")).content.decode()
    again = phone.get(url("slip_pdf", visit, lang="en", again="1"))
    assert "being made" in again.content.decode()


def test_five_wrong_answers_lock_it(phone, visit, paper):
    answers = [tell(phone, visit, "0000") for _ in range(6)]
    assert [a.status_code for a in answers] == [422, 422, 422, 422, 429, 429]
    assert "4 tries left" in answers[0].content.decode()
    assert tell(phone, visit, "2714").status_code == 429
    assert AuditEvent.objects.filter(event=Event.SLIP_REFUSED).count() == 5


@pytest.mark.parametrize("answer", ["", "abc", "98350227141"])
def test_what_is_no_answer_is_told_and_costs_no_try(phone, visit, paper, answer):
    for _ in range(6):
        assert tell(phone, visit, answer).status_code == 422
    assert tell(phone, visit, "2714").status_code == 302


def test_a_patient_without_a_mobile_is_asked_for_the_age(cast, phone, visit, media):
    content = prescription()
    content["patient"] |= {"mobile_last4": "", "age_years": 0}
    issue(visit, cast.dr_rao.actor, content=content)
    assert tell(phone, visit, "0000").status_code == 422
    assert tell(phone, visit, "0").status_code == 302


def test_one_slips_answer_does_not_open_another(cast, phone, visit, paper):
    other = visit_of(cast.ravi.actor, mobile="9835000001", name="गीता कुमारी")
    issue(other, cast.dr_rao.actor)
    tell(phone, visit, "2714")
    connection.set_tenant(cast.green)
    phone.cookies["bhavya_s"]["path"] = "/"  # even when a browser sends it everywhere
    text = phone.get(url("slip", other)).content.decode()
    assert [word for word in CLINICAL if word in text] == []


def test_the_newest_paper_of_the_visit_is_shown(cast, phone, visit, paper):
    content = prescription([])
    documents.amend_document(paper.pk, id=uuid7(), content=content, actor=cast.dr_rao.actor)
    tell(phone, visit, "2714")
    assert "Metformin" not in phone.get(url("slip", visit)).content.decode()


def test_a_slip_number_is_no_code(cast, phone, visit, paper):
    for guess in (visit.number, "M-001", "1", "ABCDEFGHJKMN"):
        answer = phone.get(reverse("portal:slip", args=[guess], urlconf="bhavya.urls"))
        assert answer.status_code == 404
    assert "do not know this slip" in answer.content.decode()


def test_another_hospital_does_not_know_it(cast, visit, paper):
    client = Client(headers={"host": "blue-chc.bhavya.localhost"})
    assert client.get(url("slip", visit)).status_code == 404


def test_looking_for_codes_is_slowed_down(phone, cast):
    codes = [phone.get("/s/ABCDEFGHJKMN").status_code for _ in range(61)]
    assert codes == [404] * 60 + [429]
