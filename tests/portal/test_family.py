"""The State host's pages: a code to the mobile, then the family's papers and nobody else's."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.abdm.models import ConsentArtefact, HealthInformationTransfer
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.documents import actions as documents
from apps.encounters import actions as encounters
from apps.notices.models import Notice
from apps.persons.models import PortalCode
from tests.documents.conftest import issue, visit_of
from tests.documents.papers import prescription

MOBILE = "9835022714"


@pytest.fixture
def phone(cast):
    client = Client(headers={"host": "bhavya.localhost"})
    client.cookies["lang"] = "en"
    return client


def url(name, *args, **query):
    return reverse(f"portal:{name}", args=args, urlconf="bhavya.urls_public", query=query)


def ask(phone, mobile=MOBILE):
    return phone.post(url("enter"), {"number": mobile})


def sent_code():
    connection.set_schema_to_public()
    return re.search(r"\d{6}", Notice.objects.order_by("-id")[0].body)[0]


def log_in(phone, mobile=MOBILE):
    ask(phone, mobile)
    assert phone.post(url("code"), {"number": sent_code()}).status_code == 302
    return phone


def page(phone, name="home", *args, **query):
    answer = phone.get(url(name, *args, **query))
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(cast, phone, paper):
    log_in(phone)
    text = page(phone)
    assert "Metformin 500 mg" in text
    assert "Green PHC" in text
    events = AuditEvent.objects.filter(system="portal").order_by("at")
    assert list(events.values_list("event", flat=True)[:1]) == [Event.PORTAL_ASKED]
    assert events.filter(event=Event.PORTAL_ENTERED).count() == 1
    text = page(phone, "paper", cast.green.pk, paper.pk)
    assert "Eat less salt." in text
    assert events.filter(event=Event.DOCUMENT_OPENED, subject_id=paper.pk).count() == 1


def test_the_code_is_kept_as_a_hash_only(cast, phone, paper):
    ask(phone)
    row, code = PortalCode.objects.get(), sent_code()
    assert code not in f"{row.code_hash}{row.mobile_hash}"
    assert len(row.code_hash) == 64


def test_an_unknown_mobile_gets_the_same_answer_and_no_message(cast, phone, paper):
    known, unknown = ask(phone), ask(Client(headers={"host": "bhavya.localhost"}), "9000000001")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    connection.set_schema_to_public()
    assert list(Notice.objects.values_list("to_mobile", flat=True)) == [MOBILE]


@pytest.mark.parametrize(
    "typed, words",
    [("", "Enter the mobile"), ("98350227", "you typed 8"), ("1835022714", "starts with 6")],
)
def test_a_wrong_mobile_is_told(phone, typed, words):
    answer = ask(phone, typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.parametrize("typed", ["+91 98350 22714", "09835022714", "९८३५०२२७१४"])
def test_a_mobile_may_be_written_as_people_write_it(cast, phone, paper, typed):
    ask(phone, typed)
    assert Notice.objects.get().to_mobile == MOBILE


def test_five_wrong_codes_use_it_up(cast, phone, paper):
    ask(phone)
    right = sent_code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    answers = [phone.post(url("code"), {"number": wrong}) for _ in range(5)]
    assert [a.status_code for a in answers] == [422] * 5
    assert "4 tries left" in answers[0].content.decode()
    assert phone.post(url("code"), {"number": right}).status_code == 422
    assert phone.get(url("home")).status_code == 302


def test_a_code_works_once(cast, phone, paper):
    ask(phone)
    code = sent_code()
    assert phone.post(url("code"), {"number": code}).status_code == 302
    other = Client(headers={"host": "bhavya.localhost"})
    cache.clear()
    other.cookies["bhavya_p"] = phone.cookies["bhavya_p"].value
    ask(other)
    PortalCode.objects.order_by("-created_at").first().delete()
    assert other.post(url("code"), {"number": code}).status_code == 422


def test_an_old_code_is_over(cast, phone, paper):
    ask(phone)
    code = sent_code()
    PortalCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert phone.post(url("code"), {"number": code}).status_code == 422


def test_asking_too_often_is_refused(phone, cast):
    assert [ask(phone).status_code for _ in range(4)] == [302, 302, 302, 429]


def test_one_address_may_not_ask_for_everybody(phone, cast):
    codes = [ask(phone, f"98350{n:05d}").status_code for n in range(61)]
    assert codes == [302] * 60 + [429]


def test_the_family_of_every_hospital(cast, phone, paper):
    son = visit_of(cast.ravi.actor, name="आरव राज")
    issue(son, cast.dr_rao.actor, content=prescription([]))
    clerk = cast.member("blue_clerk", "REG", cast.blue)
    with facility_context(cast.blue.pk):
        there = visit_of(clerk.actor)
        issue(there, cast.dr_khan.actor)
    log_in(phone)
    text = page(phone)
    assert text.count('href="?who=') == 2  # the mother, known in two hospitals, and the son
    assert "Green PHC" in text
    assert "Blue CHC" in text
    text = page(phone, who=str(son.patient_id))
    assert "Metformin" not in text


def test_a_closed_hospital_is_left_out(cast, phone, paper):
    log_in(phone)
    cast.green.status = "retired"
    cast.green.save()
    assert "No prescription yet" in page(phone)
    assert phone.get(url("paper", cast.green.pk, paper.pk)).status_code == 404


def test_another_mobiles_paper_is_nothing(cast, phone, paper):
    other = visit_of(cast.ravi.actor, mobile="9835000001", name="गीता कुमारी")
    log_in(phone, "9835000001")
    for name in ("paper", "paper_pdf"):
        assert phone.get(url(name, cast.green.pk, paper.pk)).status_code == 404
        assert phone.get(url(name, cast.blue.pk, paper.pk)).status_code == 404
        assert phone.get(url(name, other.patient_id, paper.pk)).status_code == 404
    text = page(phone, who=str(paper.patient_id))
    assert "सुनीता" not in text
    assert "Metformin" not in text
    assert not AuditEvent.objects.filter(event=Event.DOCUMENT_OPENED).exists()


def test_without_the_code_every_page_leads_to_the_mobile(cast, phone, paper):
    ask(phone)  # asked, not entered
    for address in (
        url("home"),
        url("seen"),
        url("paper", cast.green.pk, paper.pk),
        url("paper_pdf", cast.green.pk, paper.pk),
    ):
        answer = phone.get(address)
        assert (answer.status_code, answer["Location"]) == (302, url("enter"))


def test_the_key_from_before_the_code_is_worth_nothing(cast, phone, paper):
    ask(phone)
    before = phone.cookies["bhavya_p"].value
    phone.post(url("code"), {"number": sent_code()})
    thief = Client(headers={"host": "bhavya.localhost"})
    thief.cookies["bhavya_p"] = before
    assert thief.get(url("home")).status_code == 302


def test_leaving_ends_it_on_the_server(cast, phone, paper):
    log_in(phone)
    key = phone.cookies["bhavya_p"].value
    phone.post(url("leave"))
    phone.cookies["bhavya_p"] = key
    assert phone.get(url("home")).status_code == 302


def test_it_is_no_staff_log_in(cast, phone, paper):
    log_in(phone)
    assert phone.get("/").status_code == 302
    staff = cast.dr_rao.client("bhavya.localhost")
    assert staff.get(url("home"))["Location"] == url("enter")


def test_the_file_is_made_when_asked_for(cast, phone, paper):
    log_in(phone)
    address = url("paper_pdf", cast.green.pk, paper.pk, lang="en")
    assert phone.get(address).status_code == 202
    with facility_context(cast.green.pk):
        documents.render_document(paper.pk, "en-a5")
    answer = phone.get(address)
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"].endswith('-en.pdf"')


def test_who_looked(cast, phone, visit, paper):
    encounters.open_chart(visit.patient_id, actor=cast.dr_rao.actor)
    log_in(phone)
    page(phone, "paper", cast.green.pk, paper.pk)
    text = page(phone, "seen")
    assert "Medical officer" in text
    assert "You, on this page or by the slip" in text
    assert "Dr Rao" not in text
    assert "You give or take back consent in your ABHA app." in text


def test_to_whom_it_was_shown_by_consent(cast, phone, visit, paper):
    now = timezone.now()
    connection.set_tenant(cast.green)
    ConsentArtefact.objects.create(
        artefact_id=uuid7(), patient_id=visit.patient_id, date_from=now, date_to=now, purpose="BTG",
        erase_at=now + timedelta(days=1), requester="Dr Demo Kumari", hiu_name="Demo Clinic",
    )  # fmt: skip
    log_in(phone)
    text = page(phone, "seen")
    assert "Dr Demo Kumari" in text and "Emergency" in text and "0 papers sent" in text


def test_who_asked_for_papers_of_other_hospitals(cast, phone, visit, paper):
    """Who, where, why, how it stands and until when; one line a hospital that sent something."""
    now = timezone.now()
    connection.set_tenant(cast.green)
    one = {
        "side": "hiu", "patient_id": visit.patient_id, "date_from": now, "date_to": now,
        "purpose": "CAREMGT", "erase_at": now + timedelta(days=7), "requester": "Dr Rao",
        "asked_by_id": cast.dr_rao.user.pk, "hi_types": ["Prescription"],
    }  # fmt: skip
    number = uuid7()
    ConsentArtefact.objects.create(status="granted", request_id=number, **one)
    ConsentArtefact.objects.create(status="denied", ended_at=now, **one)
    artefact = ConsentArtefact.objects.create(
        status="granted", request_id=number, artefact_id=uuid7(), hip_name="Gaya Clinic", **one
    )
    HealthInformationTransfer.objects.create(side="hiu", consent=artefact, status="sent", sent=3)
    log_in(phone)
    text = page(phone, "seen")
    assert "who asked you" in text and "Dr Rao" in text and "Treatment" in text
    assert "Allowed until" in text and "Patient said no" in text
    assert "Gaya Clinic" in text and "3 papers came" in text


def test_pages_are_small_and_need_no_script(cast, phone, paper):
    log_in(phone)
    text = page(phone)
    assert "<script" not in text
    assert "bootstrap" not in text
    assert ".woff2" not in text
    assert text.count('<link rel="stylesheet"') == 2


@pytest.mark.parametrize("name", ["enter", "help"])
def test_public_pages_open(phone, cast, name):
    assert page(phone, name)
