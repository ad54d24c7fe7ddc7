"""The ABHA desk beyond log-in, by its page: find by mobile, a new mobile, e-mail, licence."""

import io
import logging

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image

from apps.abdm_sandbox.world import Faults
from apps.audit.models import AuditEvent
from apps.patients.models import Patient
from tests.encounters import people

OTP, MOBILE = "123456", "6000077001"
LICENCE = {"licence": "br01 2026-0000001", "name": "Asha Kumari Devi", "born": "01-01-1992",
           "address": "Demo Tola, Gaya", "district": "Gaya", "state": "Bihar",
           "pin": "823001"}  # fmt: skip


@pytest.fixture
def asha(cast, stand_in):
    patient = people.asha(cast)
    patient.account = stand_in.world.add_account(
        "asha.devi34", "Asha Devi", "F", patient.birth_date.year, 1, 1, MOBILE
    )
    patient.client = cast.ravi.client()
    return patient


def do(patient, step, **told):
    return patient.client.post(f"/patients/{patient.pk}/abha/", {"do": step, **told}, follow=True)


def text(answer):
    return answer.content.decode()


def record(cast, patient):
    connection.set_tenant(cast.green)
    return Patient.objects.get(pk=patient.pk)


def events(patient):
    return dict(AuditEvent.objects.filter(patient_id=patient.pk).values_list("event", "detail"))


# --- find by mobile -----------------------------------------------------------------------


def test_it_works(cast, asha, stand_in):
    stand_in.world.add_account("aarav.k19", "Aarav", "M", 2019, 1, 1, MOBILE)
    shown = text(do(asha, "find", told=MOBILE))
    assert "Asha Devi" in shown
    assert "Aarav" in shown
    assert asha.account.abha_number not in shown  # masked by ABDM
    assert 'name="otp"' in text(do(asha, "found", account="0", by="mobile"))
    do(asha, "answer", otp=OTP)
    assert "abha/card" in text(do(asha, "link"))
    assert record(cast, asha).abha_address == asha.account.address
    assert events(asha)["abha.searched"] == {"count": 2}
    assert events(asha)["patient.abha_attached"]["via"] == "otp-find"


def test_the_otp_may_go_to_the_mobile_of_aadhaar(asha, stand_in):
    do(asha, "find", told=MOBILE)
    do(asha, "found", account="0", by="aadhaar")
    sent = stand_in.asked("/profile/login/request/otp")["body"]
    assert (sent["otpSystem"], sent["scope"][-1]) == ("aadhaar", "aadhaar-verify")
    assert "Asha Devi" in text(do(asha, "answer", otp=OTP))


def test_who_has_no_aadhaar_otp_is_told_so(asha):
    asha.account.aadhaar = ""
    do(asha, "find", told=MOBILE)
    no = do(asha, "found", account="0", by="aadhaar")
    assert no.status_code == 422
    assert 'value="found"' in text(no)  # the list stays
    assert do(asha, "found", account="0", by="mobile").status_code == 200


@pytest.mark.parametrize("told", ["", "asha", "12345", "91-0000-0000-0018"])
def test_only_a_mobile_is_searched(asha, stand_in, told):
    assert do(asha, "find", told=told).status_code == 422
    assert not [one for one in stand_in.recorder.calls if one["at"].endswith("/abha/search")]


def test_nobody_and_nobody_of_these(asha):
    no = do(asha, "find", told="6000099999")
    assert no.status_code == 422
    assert 'id="told"' in text(no)
    do(asha, "find", told=MOBILE)
    assert do(asha, "found", account="5").status_code == 422
    assert do(asha, "found", account="0", by="mobile").status_code == 200
    assert 'id="told"' in text(do(asha, "again"))


def test_a_list_is_not_searched_for_ever(asha):
    for _ in range(3):
        assert do(asha, "find", told=MOBILE).status_code == 200
        do(asha, "again")
    assert do(asha, "find", told=MOBILE).status_code == 422


def test_a_search_in_an_outage(asha, stand_in):
    stand_in.world.faults = Faults(down=True)
    assert do(asha, "find", told=MOBILE).status_code == 422


# --- the account that was just linked -----------------------------------------------------


def linked(asha):
    do(asha, "ask", told=asha.account.abha_number, by="aadhaar")
    do(asha, "answer", otp=OTP)
    return do(asha, "link")


def test_a_mobile_out_of_use_is_changed(cast, asha):
    assert 'value="new-mobile"' in text(linked(asha))
    assert "8009" in text(do(asha, "new-mobile", mobile="6000088009"))
    assert do(asha, "answer", otp="000000").status_code == 422
    assert asha.account.mobile == MOBILE
    done = text(do(asha, "answer", otp=OTP))
    assert "abha/card" in done  # the link and its card are where they were
    assert asha.account.mobile == "6000088009"
    assert "abha.mobile_changed" in events(asha)
    assert record(cast, asha).mobile != "6000088009"


def test_a_mobile_that_nobody_answers_is_left(cast, asha):
    linked(asha)
    do(asha, "new-mobile", mobile="6000088009")
    assert "abha/card" in text(do(asha, "skip"))
    assert asha.account.mobile == MOBILE


def test_a_mobile_that_cannot_be_taken(asha, stand_in):
    for n in range(6):
        stand_in.world.add_account(f"house{n}", "Somebody", "F", 1990, 1, 1, "6000088001")
    linked(asha)
    for mobile in ("", "12", "6000088001"):
        no = do(asha, "new-mobile", mobile=mobile)
        assert no.status_code == 422
        assert 'value="new-mobile"' in text(no)


def test_an_email_gets_a_link(asha, stand_in):
    linked(asha)
    assert do(asha, "email", email="asha@").status_code == 422
    done = do(asha, "email", email="asha@example.in")
    assert done.status_code == 200
    assert stand_in.asked("emailVerificationLink")["headers"]["x-token"].startswith("Bearer ")
    assert do(asha, "email", email="asha@example.in").status_code == 422  # a minute apart


@pytest.mark.parametrize("step", ["found", "new-mobile", "email", "licence-told"])
def test_no_step_before_its_turn(asha, step):
    do(asha, "ask", told=asha.account.abha_number)
    no = do(
        asha, step, account="0", mobile="6000088009", email="asha@example.in", **{"by": "mobile"}
    )
    assert no.status_code == 422


def test_an_account_by_address_has_no_such_token(asha):
    do(asha, "ask", told=asha.account.address)
    do(asha, "answer", otp=OTP)
    assert 'value="new-mobile"' not in text(do(asha, "link"))
    assert do(asha, "new-mobile", mobile="6000088009").status_code == 422


# --- enrolment by driving licence ---------------------------------------------------------


def photo(name="front.jpg", kind="JPEG"):
    out = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(out, kind)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def proved(asha):
    assert do(asha, "licence", mobile="6000088009").status_code == 422  # no consent yet
    do(asha, "licence", mobile="6000088009", consent="1")
    return text(do(asha, "answer", otp=OTP))


def told(asha, **more):
    files = {"front": photo(), "back": photo("back.png", "PNG")}
    return do(asha, "licence-told", **{**LICENCE, **files, **more})


def test_a_licence_gives_a_number_and_no_abha(cast, asha, stand_in, caplog):
    caplog.set_level(logging.DEBUG)
    before = len(stand_in.world.accounts)
    assert 'name="licence"' in proved(asha)
    shown = text(told(asha))
    sent = stand_in.asked("/byDocument")["body"]
    assert (sent["documentId"], sent["pinCode"], sent["gender"]) == (
        "BR0120260000001",
        "823001",
        "F",
    )
    assert (sent["firstName"], sent["middleName"], sent["lastName"]) == ("Asha", "Kumari", "Devi")
    assert stand_in.asked("/byDocument")["answer"]["enrolProfile"]["enrolmentNumber"] in shown
    row = record(cast, asha)
    assert (row.abha_number, row.abha_address, row.person_id) == ("", "", None)
    assert len(stand_in.world.accounts) == before
    assert events(asha)["abha.enrolment_made"] == {"new": True}
    assert "abha.consented" in events(asha)
    assert "BR01" not in caplog.text
    assert do(asha, "link").status_code == 422  # there is nothing to link
    assert told(asha).status_code == 422  # and nothing to send twice


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"licence": "BR01"}, "13 अंक"),
        ({"name": "आशा"}, "अंग्रेज़ी अक्षरों में"),
        ({"born": "31-02-1990"}, "23-11-1992"),
        ({"pin": "8230"}, "6 अंकों का पिन"),
        ({"address": ""}, "6 अंकों का पिन"),
        ({"front": ""}, "दोनों तरफ़"),
        ({"back": SimpleUploadedFile("b.jpg", b"not a picture")}, ""),
        ({"front": SimpleUploadedFile("b.pdf", b"%PDF-1.4 x")}, ""),
    ],
)
def test_a_licence_is_checked(asha, stand_in, wrong, says):
    proved(asha)
    no = told(asha, **wrong)
    assert no.status_code == 422
    assert says in text(no)
    assert 'name="licence"' in text(no)  # the form stays, with what was typed
    if "address" not in wrong:
        assert "Demo Tola, Gaya" in text(no)
    assert not [one for one in stand_in.recorder.calls if one["at"].endswith("/byDocument")]


def test_a_wrong_otp_of_the_licence(asha):
    do(asha, "licence", mobile="6000088009", consent="1")
    for _ in range(2):
        assert 'name="otp"' in text(do(asha, "answer", otp="000000"))
    assert 'id="told"' in text(do(asha, "answer", otp="000000"))
    cache.clear()
