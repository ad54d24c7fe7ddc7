"""A new ABHA with Aadhaar: log-in first, consent, mobile, address. The number stays nowhere."""

import pytest

from apps.abdm.actions import abha
from apps.audit.models import AuditEvent
from apps.core.errors import Refused
from apps.patients.models import Patient
from tests.encounters import people

OTP = "123456"
NEW, KNOWN, UNKNOWN = "0000 0000 9003", "000000000001", "0000-0000-8888"


@pytest.fixture
def asha(cast, stand_in):
    patient = people.asha(cast)
    patient.actor = cast.ravi.actor
    return patient


def asked(patient, told=NEW, consent=True):
    return abha.ask_with_aadhaar(patient.pk, told, consent=consent, actor=patient.actor)


def answered(patient, talk, mobile="6000009003", otp=OTP):
    return abha.answer(patient.pk, talk, otp, mobile=mobile, actor=patient.actor)


def test_it_works(asha, stand_in):
    talk = answered(asha, asked(asha))
    assert (talk.way, talk.step, talk.new) == ("enrol", "address", True)
    assert len(talk.stems) == 3
    talk = abha.take_address(asha.pk, talk, "asha_devi.92", actor=asha.actor)
    abha.link(asha.pk, talk, sure=False, actor=asha.actor)
    account = stand_in.world.accounts["asha_devi.92@sbx"]
    row = Patient.objects.get(pk=asha.pk)
    assert row.abha_address == account.address
    assert row.abha_number == account.abha_number.replace("-", "")
    drawn, kind = abha.card(asha.pk, talk, actor=asha.actor)
    assert drawn.startswith(b"\x89PNG")
    assert kind == "image/png"
    events = list(AuditEvent.objects.filter(patient_id=asha.pk).order_by("at").values_list("event"))
    assert ("abha.created",) in events
    assert ("abha.card_given",) in events


def test_whoever_has_an_abha_is_logged_in_and_gets_no_second_one(asha, stand_in):
    before = len(stand_in.world.accounts)
    talk = answered(asha, asked(asha, KNOWN))
    assert (talk.way, talk.step) == ("aadhaar", "confirm")
    assert talk.owner["address"] == "sunita.devi87@sbx"
    assert len(stand_in.world.accounts) == before


def test_another_mobile_gets_an_otp_of_its_own(asha, stand_in):
    talk = answered(asha, asked(asha), mobile="6000088001")
    assert (talk.step, talk.tail) == ("mobile", "8001")
    with pytest.raises(Refused, match=r"abha\.otp_wrong"):
        answered(asha, talk, otp="000000")
    talk = answered(asha, talk)
    assert talk.step == "address"
    assert "6000088001" in {one.mobile for one in stand_in.world.accounts.values()}


def test_mobile_and_address_can_wait(asha):
    talk = answered(asha, asked(asha), mobile="6000088001")
    for step in ("address", "confirm"):
        talk = abha.skip(asha.pk, talk, actor=asha.actor)
        assert talk.step == step
    abha.link(asha.pk, talk, sure=False, actor=asha.actor)
    row = Patient.objects.get(pk=asha.pk)
    assert row.abha_address == f"{row.abha_number}@sbx"


def test_a_mobile_with_six_abha_does_not_stop_the_new_one(asha, stand_in):
    for n in range(6):
        stand_in.world.add_account(f"house{n}", "Somebody", "F", 1990, 1, 1, "6000088001")
    assert answered(asha, asked(asha), mobile="6000088001").step == "address"


def test_nothing_is_asked_without_consent(asha, stand_in):
    with pytest.raises(Refused, match=r"abha\.consent"):
        asked(asha, consent=False)
    assert not stand_in.world.talks
    asked(asha)
    noted = AuditEvent.objects.get(event="abha.consented")
    assert noted.detail == {"code": "abha-enrollment", "version": "1.4"}


@pytest.mark.parametrize(
    ("told", "no"),
    [("0000 0000 900", "abha.aadhaar"), ("2000 0000 0001", "abha.aadhaar_demo"),
     (UNKNOWN, "abha.aadhaar_unknown"), ("", "abha.aadhaar")],
)  # fmt: skip
def test_it_refuses(asha, told, no):
    with pytest.raises(Refused) as said:
        asked(asha, told)
    assert said.value.code == no


def test_a_wrong_otp_comes_as_a_422_there(asha):
    talk = asked(asha)
    with pytest.raises(Refused, match=r"abha\.otp_wrong"):
        answered(asha, talk, otp="000000")
    assert answered(asha, talk).step == "address"


@pytest.mark.parametrize(
    ("stem", "no"),
    [("asha", "abha.address_form"), ("asha..devi", "abha.address_form"),
     (".ashadevi1", "abha.address_form"), ("sunita.devi87", "abha.address_taken")],
)  # fmt: skip
def test_an_address_is_checked(asha, stand_in, stem, no):
    talk = answered(asha, asked(asha))
    with pytest.raises(Refused) as said:
        abha.take_address(asha.pk, talk, stem, actor=asha.actor)
    assert said.value.code == no


def test_the_trial_limit_is_told(asha, stand_in):
    stand_in.world.enrolled = 100
    talk = asked(asha)
    with pytest.raises(Refused, match=r"abha\.client_full"):
        answered(asha, talk)
