"""The page of the ABHA desk: every step, every no, and nothing personal left behind it."""

import json
import logging

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from apps.abdm_sandbox.world import Faults
from apps.audit.models import AuditEvent
from apps.patients.models import Patient
from tests.encounters import people

OTP = "123456"


@pytest.fixture
def asha(cast, stand_in):
    patient = people.asha(cast)
    patient.account = stand_in.world.add_account(
        "asha.devi34", "Asha Devi", "F", patient.birth_date.year, 1, 1, "6000077001"
    )
    patient.client = cast.ravi.client()
    return patient


def do(patient, step, client=None, **told):
    return (client or patient.client).post(
        f"/patients/{patient.pk}/abha/", {"do": step, **told}, follow=True
    )


def record(cast, patient):
    connection.set_tenant(cast.green)  # a request leaves the hospital again
    return Patient.objects.get(pk=patient.pk)


def text(answer):
    return answer.content.decode()


def test_it_works(cast, asha, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        first = asha.client.get(f"/patients/{asha.pk}/abha/")
    assert "data-scan" in text(first)
    assert 'name="otp"' in text(do(asha, "ask", told=asha.account.abha_number))
    shown = text(do(asha, "answer", otp="१२३४५६"))
    assert "Asha Devi" in shown
    assert asha.account.abha_number not in shown  # masked
    assert f"/patients/{asha.pk}/abha/card" in text(do(asha, "link"))
    card = asha.client.get(f"/patients/{asha.pk}/abha/card?save")
    assert card["Content-Type"] == "image/png"
    assert "attachment" in card["Content-Disposition"]
    assert "no-store" in card["Cache-Control"]
    assert record(cast, asha).abha_address == asha.account.address


def test_family_address_and_difference_by_page(asha, stand_in):
    stand_in.world.add_account("aarav.k19", "Aarav", "M", 2019, 1, 1, "6000077001")
    do(asha, "ask", told="6000077001")
    assert "Aarav" in text(do(asha, "answer", otp=OTP))
    assert do(asha, "choose", account="7").status_code == 422
    assert 'class="diff"' in text(do(asha, "choose", account="1"))
    no = do(asha, "link")
    assert no.status_code == 422
    assert 'name="sure"' in text(no)
    assert 'id="told"' in text(do(asha, "again"))


def test_a_no_keeps_the_step_and_a_spent_one_begins_again(asha):
    do(asha, "ask", told=asha.account.address)
    for _ in range(2):
        wrong = do(asha, "answer", otp="000000")
        assert wrong.status_code == 422
        assert 'name="otp"' in text(wrong)
    spent = do(asha, "answer", otp="000000")
    assert spent.status_code == 422
    assert 'id="told"' in text(spent)


@pytest.mark.parametrize("step", ["answer", "choose", "address", "link", "skip", "", "x"])
def test_a_step_without_a_talk_begins_again(asha, step):
    assert do(asha, step, otp=OTP).status_code == 422


def test_another_patients_page_does_not_go_on_with_it(cast, asha):
    other = people.asha(cast, name_hi="गीता देवी", mobile="9835022715")
    do(asha, "ask", told=asha.account.address)
    assert 'name="otp"' not in text(asha.client.get(f"/patients/{other.pk}/abha/"))
    assert do(other, "answer", client=asha.client, otp=OTP).status_code == 422


def test_an_outage_leaves_the_page(asha, stand_in):
    stand_in.world.faults = Faults(down=True)
    answer = do(asha, "ask", told=asha.account.abha_number)
    assert answer.status_code == 422
    assert 'id="told"' in text(answer)


def test_off_says_so(cast):
    patient = people.asha(cast)
    page = cast.ravi.client().get(f"/patients/{patient.pk}/abha/")
    assert page.status_code == 200
    assert 'id="told"' not in text(page)
    assert do(patient, "ask", client=cast.ravi.client(), told="x").status_code == 422


def test_a_card_without_a_link_is_refused(asha):
    assert asha.client.get(f"/patients/{asha.pk}/abha/card").status_code == 409


def test_other_hospitals_and_roles_see_nothing(cast, asha):
    assert cast.meena.client().get(f"/patients/{asha.pk}/abha/").status_code == 403
    connection.set_tenant(cast.green)
    assert cast.dr_khan.client().get(f"/patients/{asha.pk}/abha/").status_code == 404


def test_nothing_personal_stays_behind(cast, asha, caplog):
    aadhaar, spaced = "000000009003", "0000 0000 9003"
    with caplog.at_level(logging.DEBUG):
        do(asha, "aadhaar", aadhaar=spaced, consent="1")
        do(asha, "answer", otp="654321", mobile="6000009003")
        do(asha, "answer", otp=OTP, mobile="6000009003")
        do(asha, "address", stem="ashadevi92", own="")
        do(asha, "link", sure="1")
    number = record(cast, asha).abha_number
    kept = [json.dumps(one.get_decoded()) for one in Session.objects.all()]
    kept += [json.dumps(detail) for detail in AuditEvent.objects.values_list("detail", flat=True)]
    # The database driver's lines hold SQL; outside of tests it is not logged.
    lines = [one for one in caplog.records if not one.name.startswith("django.db")]
    kept += [one.getMessage() for one in lines] + [repr(one) for one in cache._cache.items()]
    assert number
    assert len(kept) > 10
    for secret in (aadhaar, spaced, OTP, number, "ashadevi92", "Asha Devi", "6000009003"):
        assert [one for one in kept if secret in one] == []
