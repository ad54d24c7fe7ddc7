"""Certificates: filled in, signed, numbered, checked, taken back."""

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import actions as documents
from apps.documents import queries as papers
from apps.documents.kinds import CERTIFICATES
from apps.encounters.models import Encounter
from apps.workflows import actions
from apps.workflows.actions import Told
from tests.documents.conftest import visit_of
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write

TODAY = timezone.localdate()


@pytest.fixture
def visit(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return write(cast, call(cast, asha_at_the_doctor(cast)))


def certify(cast, visit, form="rest-certificate", *, id=None, pin=PIN, by=None, **told):
    told = {"starts": TODAY, "ends": TODAY + timedelta(days=2), **told}
    return actions.issue_certificate(
        visit.pk, id=id or uuid7(), pin=pin, told=Told(form, **told),
        actor=(by or cast.dr_rao).actor,
    )  # fmt: skip


@pytest.mark.parametrize("form", CERTIFICATES)
def test_it_works(cast, visit, form):
    paper = certify(cast, visit, form)
    assert (paper.kind, paper.form) == ("HealthDocumentRecord", form)
    assert paper.content["number"] == f"GRN-C-{TODAY.year % 100}-000001"
    text = paper.content["certificate"]["text"]
    assert "आशा देवी" in text["hi"]
    assert "Asha Devi" in text["en"]
    assert f"{TODAY:%d-%m-%Y}" in text["en"]
    assert "{" not in text["hi"] + text["en"]
    assert paper.content["signer"]["registration_no"] == "DEMO-0001"
    assert papers.is_intact(papers.document(paper.pk))


def test_numbers_have_no_gap(cast, visit):
    with pytest.raises(Refused):
        certify(cast, visit, ends=TODAY - timedelta(days=1))
    numbers = [certify(cast, visit).content["number"][-1] for _ in range(2)]
    assert numbers == ["1", "2"]


def test_the_illness_is_named_only_when_asked(cast, visit):
    assert certify(cast, visit).content["certificate"]["illness"] == []
    named = certify(cast, visit, illness=True).content["certificate"]["illness"]
    assert named == [{"hi": "बुखार", "en": "Fever"}]


def test_it_is_safe_to_send_twice(cast, visit):
    same = uuid7()
    assert certify(cast, visit, id=same).pk == certify(cast, visit, id=same).pk
    assert len(papers.certificates_of(visit.pk)) == 1


def test_it_is_not_the_prescription_of_the_visit(cast, visit):
    certify(cast, visit)
    assert papers.current_of_encounter(visit.pk) is None


@pytest.mark.parametrize(
    ("form", "told", "code"),
    [
        ("lottery", {}, "certificate.form"),
        ("rest-certificate", {"starts": None}, "certificate.dates"),
        ("rest-certificate", {"ends": None}, "certificate.dates"),
        ("rest-certificate", {"starts": TODAY - timedelta(days=1)}, "certificate.early"),
        ("medical-certificate", {"starts": TODAY - timedelta(days=31)}, "certificate.early"),
        ("rest-certificate", {"ends": TODAY + timedelta(days=90)}, "certificate.long"),
    ],
)
def test_it_refuses(cast, visit, form, told, code):
    with pytest.raises(Refused) as no:
        certify(cast, visit, form, **told)
    assert no.value.code == code


def test_it_refuses_whom_no_doctor_has_seen(cast, visit):
    other = visit_of(cast.ravi.actor, mobile="9835000000", name="गीता कुमारी")
    with pytest.raises(Refused, match=r"certificate\.not_seen"):
        actions.issue_certificate(
            other.id, id=uuid7(), pin=PIN, told=Told("rest-certificate", TODAY, TODAY),
            actor=cast.dr_rao.actor,
        )  # fmt: skip


def test_a_health_officer_may_not(cast, visit):
    officer = cast.member("cho", Role.CHO, cast.green)
    accounts.set_pin(officer.user.pk, PIN, actor=officer.actor)
    with pytest.raises(Forbidden):
        certify(cast, visit, by=officer)


def test_its_words_stay_when_the_hospital_changes_them(cast, visit):
    before = certify(cast, visit)
    body = {"rest-certificate": {"hi": "{name} घर पर रहें।", "en": "{name} stays at home."}}
    documents.reword(body, id=uuid7(), after=0, actor=cast.manager.actor)
    after = certify(cast, visit)
    assert after.content["certificate"]["text"]["en"] == "Asha Devi stays at home."
    assert papers.document(before.pk).content == before.content


def test_it_is_taken_back_and_the_check_page_says_so(cast, visit):
    paper = certify(cast, visit)
    check = cast.dr_rao.client().get(f"/v/{paper.code}").content.decode()
    assert "आशा" not in check
    assert "Asha" not in check
    assert "बुखार" not in check
    url = f"/documents/{paper.pk}/"
    client = cast.dr_rao.client()
    assert client.post(f"{url}withdraw", {"reason": ""}).status_code == 422
    assert client.post(f"{url}withdraw", {"reason": "wrong-content"}).status_code == 302
    assert client.get(f"/v/{paper.code}").status_code == 200
    connection.set_tenant(cast.green)
    assert documents.check_document(paper.code)[0] == "withdrawn"
    assert papers.certificates_of(visit.pk) == []


def test_another_doctor_does_not_take_it_back_but_the_in_charge_does(cast, visit):
    paper = certify(cast, visit)
    other = cast.member("dr_two", Role.MO, cast.green)
    with pytest.raises(Forbidden):
        documents.withdraw_document(paper.pk, reason="twice", actor=other.actor)
    head = cast.member("head", Role.DS, cast.green)
    gone = documents.withdraw_document(paper.pk, reason="twice", actor=head.actor)
    assert gone.status == "entered-in-error"
    assert documents.withdraw_document(paper.pk, reason="twice", actor=head.actor) == gone


def test_the_first_day_is_that_of_the_visit_in_india(cast, visit):
    """Three in the morning is still the day before in Greenwich."""
    night = timezone.make_aware(datetime.combine(TODAY, time(3)))
    Encounter.objects.filter(pk=visit.pk).update(started_at=night)
    text = cast.dr_rao.client().get(f"/opd/{visit.number}/certificate").content.decode()
    assert f'name="starts" type="date" value="{TODAY}"' in text


def test_the_page(cast, visit):
    client = cast.dr_rao.client()
    url = f"/opd/{visit.number}/certificate"
    assert client.get(url).status_code == 200
    form = {"id": str(uuid7()), "form": "fitness-certificate", "starts": f"{TODAY}", "ends": ""}
    wrong = client.post(url, form | {"pin": "0000"})
    assert wrong.status_code == 422
    assert 'value="fitness-certificate" checked' in wrong.content.decode()
    done = client.post(url, form | {"pin": PIN})
    assert done.status_code == 302
    assert client.get(done["Location"]).status_code == 200
