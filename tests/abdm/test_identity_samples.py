"""Every message of ABHA, bridge, SMS and account status: our calls and the stand-in's answers have
the shape of the samples, and answers as in the samples are read."""

import json
from pathlib import Path

import pytest

from apps.abdm import abha, abha_account, abha_ways
from apps.abdm.abha import WrongOtp
from apps.core.errors import Refused
from apps.gateway import client
from tests.abdm.consents import shape
from tests.abdm.samples import IDENTITY

OTP, AADHAAR = "123456", "000000009003"


def check(stand_in, request="", response=""):
    """The last call and its answer against their samples; what is encrypted is only a text."""
    sample = IDENTITY[request]
    asked = stand_in.asked(sample["at"].partition("/abha/api")[2])
    assert (asked["method"], asked["at"]) == (sample["method"], sample["at"])
    assert shape(asked["body"]) == shape(sample["body"])
    for name in sample.get("headers", {}):
        assert asked["headers"][name.lower()]
    for key in ("scope", "loginHint", "otpSystem"):
        assert (asked["body"] or {}).get(key) == (sample["body"] or {}).get(key)
    if response:
        within(asked["answer"], IDENTITY[response]["body"])


def within(told, sample):
    """Ours is a part of the sample: photo, e-mail and the like are nothing a test needs."""
    for key, value in told.items():
        assert key in sample, key
        if isinstance(value, dict):
            within(value, sample[key])
        elif isinstance(value, list):
            assert isinstance(sample[key], list) or sample[key] is None, key
        elif None not in (value, sample[key]):
            assert type(value) is type(sample[key]), key


@pytest.fixture
def sunita(stand_in):
    return stand_in.world.accounts["sunita.devi87@sbx"]


def test_log_in_by_number(stand_in, sunita):
    txn, tail = abha.login_otp("abha-number", sunita.abha_number, "mobile")
    check(stand_in, "m1-login.otp-request-abha-mobile", "m1-login.otp-response")
    assert tail == sunita.mobile[-4:]
    with pytest.raises(WrongOtp):
        abha.login_verify(txn, "000000", "mobile")
    check(stand_in, "m1-login.verify-request", "m1-login.verify-response-failed")
    told = abha.login_verify(txn, OTP, "mobile")
    check(stand_in, "m1-login.verify-request", "m1-login.verify-response-final")
    assert abha.profile(told["token"]).number == sunita.abha_number
    answer = stand_in.asked("/v3/profile/account")["answer"]
    within(answer, IDENTITY["m1-login.profile-response"]["body"])
    abha.card(told["token"], by_address=False)
    check(stand_in, "m1-enrol.card-request")
    assert "PNG" in IDENTITY["m1-enrol.card-response"]["body"]


def test_log_in_by_aadhaar(stand_in, sunita):
    abha.login_otp("abha-number", sunita.abha_number, "aadhaar")
    check(stand_in, "m1-login.otp-request-abha-aadhaar", "m1-login.otp-response")
    abha.login_otp("aadhaar", sunita.aadhaar, "aadhaar")
    check(stand_in, "m1-login.otp-request-aadhaar", "m1-login.otp-response")


def test_log_in_by_mobile(stand_in, sunita):
    txn, _ = abha.login_otp("mobile", sunita.mobile, "mobile")
    check(stand_in, "m1-login.otp-request-mobile", "m1-login.otp-response")
    told = abha.login_verify(txn, OTP, "mobile")
    check(stand_in, "m1-login.verify-request", "m1-login.verify-response-mobile-multi")
    assert not told["final"]
    with pytest.raises(Refused, match=r"abha\.over"):
        abha.login_user("another", sunita.abha_number, txn)
    answer = stand_in.asked("/verify/user")["answer"]
    assert shape(answer) == shape(IDENTITY["m1-login.verify-user-error"]["body"])
    token = abha.login_user(told["token"], sunita.abha_number, txn)
    check(stand_in, "m1-login.verify-user-request", "m1-login.verify-user-response")
    assert token


def test_log_in_by_address(stand_in, sunita):
    txn, _ = abha.address_otp(sunita.address)
    check(stand_in, "m1-login.address-search-request", "m1-login.address-search-response")
    check(stand_in, "m1-login.address-otp-request", "m1-login.otp-response")
    token, _ = abha.address_verify(txn, OTP)
    check(stand_in, "m1-login.address-verify-request", "m1-login.address-verify-response")
    answer = stand_in.asked("/abha-profile")["answer"]
    within(answer, IDENTITY["m1-login.address-profile-response"]["body"])
    with pytest.raises(Refused, match=r"abha\.over"):
        abha.profile(token)  # a token of the address service is none of the profile's
    answer = stand_in.asked("/v3/profile/account")["answer"]
    assert shape(answer) == shape(IDENTITY["m1-login.profile-error-xtoken"]["body"])
    with pytest.raises(Refused):
        abha.address_verify("mobile:nothing", OTP)
    answer = stand_in.asked("/login/abha/verify")["answer"]
    assert shape(answer) == shape(IDENTITY["m1-login.address-error"]["body"])


def test_enrol(stand_in):
    txn, _ = abha.enrol_otp(AADHAAR)
    check(stand_in, "m1-enrol.otp-request", "m1-enrol.otp-response")
    with pytest.raises(WrongOtp):
        abha.enrol(txn, "000000", "6000088001")
    answer = stand_in.asked("byAadhaar")["answer"]
    assert shape(answer) == shape(IDENTITY["m1-enrol.by-aadhaar-error-otp"]["body"])
    made = abha.enrol(txn, OTP, "6000088001")  # another mobile than Aadhaar's
    check(stand_in, "m1-enrol.by-aadhaar-request", "m1-enrol.by-aadhaar-response-mobile-null")
    assert made["new"] and not made["mobile"]
    txn, _ = abha.mobile_otp(made["txn"], "6000088001")
    check(stand_in, "m1-enrol.mobile-otp-request", "m1-enrol.mobile-otp-response")
    with pytest.raises(WrongOtp):
        abha.mobile_verify(txn, "000000")
    check(stand_in, "m1-enrol.mobile-verify-request", "m1-enrol.mobile-verify-failed")
    txn = abha.mobile_verify(txn, OTP)
    check(stand_in, "m1-enrol.mobile-verify-request", "m1-enrol.mobile-verify-response")
    abha.suggestions(txn)
    check(stand_in, "m1-enrol.suggestion-request", "m1-enrol.suggestion-response")
    abha.new_address(txn, "asha.devi92")
    check(stand_in, "m1-enrol.address-request", "m1-enrol.address-response")
    with pytest.raises(Refused, match=r"abha\.over"):
        abha.new_address("nothing", "asha.devi93")
    answer = stand_in.asked("abha-address")["answer"]
    assert shape(answer) == shape(IDENTITY["m1-enrol.address-error-txn"]["body"])
    key = stand_in.asked("certificate")["answer"]
    sample = IDENTITY["m1-enrol.certificate-response"]["body"]
    assert shape(key) == shape(sample)
    assert key["encryptionAlgorithm"] == sample["encryptionAlgorithm"]


@pytest.mark.parametrize(
    ("name", "new", "mobile"),
    [
        ("m1-enrol.by-aadhaar-response-new", True, True),
        ("m1-enrol.by-aadhaar-response-existing", False, True),
        ("m1-enrol.by-aadhaar-response-mobile-null", True, False),
    ],
)
def test_what_a_way_by_aadhaar_answers_is_read(name, new, mobile):
    made = abha.made(IDENTITY[name]["body"])
    assert (made["new"], made["mobile"]) == (new, mobile)
    owner = made["owner"]
    assert (owner.number, owner.name) == ("91-0000-0000-1016", "Sunita Devi")
    assert (owner.day, owner.month, owner.year, owner.kyc) == (12, 6, 1987, True)


def test_what_a_childs_answer_says_is_read():
    made = abha.made(IDENTITY["m1-enrol.child-response"]["body"])
    assert (made["owner"].address, made["owner"].kyc) == ("", False)
    (one,) = IDENTITY["m1-enrol.children-response"]["body"]["children"]
    child = abha_ways._child(one)
    assert (child.name, child.day, child.month, child.year) == ("Aarav Kumar", 2, 11, 2019)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("m1-enrol.address-error-txn", "abha.over"),
        ("m1-enrol.client-limit-error", "abha.client_full"),
        ("m1-enrol.otp-error-loginid", "abha.login_id"),
        ("m1-login.profile-error-xtoken", "abha.over"),
        ("m1-login.verify-user-error", "abha.over"),
        ("m1-login.address-error", "abha.over"),
        ("m1-enrol.by-aadhaar-error-otp", ""),
    ],
)
def test_a_no_of_the_samples_is_a_sentence(name, code):
    sample = IDENTITY[name]
    told = client.understood(sample["status"], json.dumps(sample["body"]).encode())
    no = abha._no(told)
    if not code:
        assert isinstance(no, WrongOtp)
        return
    assert isinstance(no, Refused)
    assert no.code == code


def test_a_face_that_waits_as_in_the_sample():
    """m1-enrol.face-capture-response"""
    body = IDENTITY["m1-enrol.face-capture-response"]["body"]
    assert (body["status"], body["rdPidData"]) == ("PENDING", None)


def test_find_by_mobile(stand_in, sunita):
    txn, rows = abha_account.search(sunita.mobile)
    check(stand_in, "m1-login.find-abha-search-request")
    answer = stand_in.asked("/abha/search")["answer"]
    assert shape(answer[0]["ABHA"][:1]) == shape(
        IDENTITY["m1-login.find-abha-search-response"]["body"][0]["ABHA"]
    )
    assert [row["index"] for row in rows] == ["1"]
    assert rows[0]["number"] == f"xx-xxxx-xxxx-xx{sunita.abha_number[-2:]}"
    txn, tail = abha_account.found_otp(txn, "1", "mobile")
    check(stand_in, "m1-login.find-abha-otp-request", "m1-login.otp-response")
    assert tail == sunita.mobile[-4:]
    told = abha.login_verify(txn, OTP, "mobile")
    check(stand_in, "m1-login.verify-request", "m1-login.verify-response-final")
    assert abha.profile(told["token"]).number == sunita.abha_number


def test_what_a_search_answers_is_read():
    body = IDENTITY["m1-login.find-abha-search-response"]["body"]
    (one,) = [abha_account._masked(row) for row in body[0]["ABHA"]]
    assert (one["index"], one["number"]) == ("1", "xx-xxxx-xxxx-xx16")
    assert (one["name"], one["by"]) == ("Sunita Devi", "MOBILE_OTP AADHAAR_OTP")


def test_an_account_is_changed(stand_in, sunita):
    txn, _ = abha.login_otp("abha-number", sunita.abha_number, "aadhaar")
    token = abha.login_verify(txn, OTP, "aadhaar")["token"]
    txn, tail = abha_account.mobile_otp(token, "6000088009")
    check(stand_in, "m1-login.update-mobile-request", "m1-login.otp-response")
    assert tail == "8009"
    with pytest.raises(WrongOtp):
        abha_account.mobile_verify(token, txn, "000000")
    abha_account.mobile_verify(token, txn, OTP)
    assert sunita.mobile == "6000088009"
    abha_account.email_link(token, "sunita@example.in")
    check(stand_in, "m1-enrol.email-link-request")


def test_enrolment_by_licence(stand_in):
    txn, _ = abha_account.licence_otp("6000000202")
    with pytest.raises(WrongOtp):
        abha_account.licence_verify(txn, "000000")
    txn = abha_account.licence_verify(txn, OTP)
    licence = abha_account.Licence(
        "BR0120260000001", "Ramesh", "Kumar", "Yadav", "1979-02-20", "M", "AAAA", "AAAA",
        "Demo Tola, Gaya", "BIHAR", "GAYA", "823001",
    )  # fmt: skip
    made = abha_account.enrol_licence(txn, licence)
    check(stand_in, "m1-enrol.dl-request", "m1-enrol.dl-response")
    sent = {**stand_in.asked("/byDocument")["body"], "txnId": "", "frontSidePhoto": "",
            "backSidePhoto": ""}  # fmt: skip
    wanted = IDENTITY["m1-enrol.dl-request"]["body"]
    assert sent == {**wanted, "txnId": "", "frontSidePhoto": "", "backSidePhoto": ""}
    answer = dict(stand_in.asked("/byDocument")["answer"]["enrolProfile"])
    sample = IDENTITY["m1-enrol.dl-response"]["body"]["enrolProfile"]
    assert {**answer, "enrolmentNumber": ""} == {**sample, "enrolmentNumber": ""}
    assert made["number"] == answer["enrolmentNumber"]
    read = abha_account.enrolled(IDENTITY["m1-enrol.dl-response"]["body"])
    assert read == {"number": "91-0000-0000-2022", "name": "Ramesh Kumar Yadav", "new": True}


def test_no_sample_is_forgotten():
    """Each is named by a test of this folder."""
    named = "".join(
        path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("test_*.py"))
    )
    assert [name for name in IDENTITY if f'"{name}"' not in named] == []
