"""The ABHA desk, step by step, against the stand-in: the verbs."""

import pytest
from django.core.cache import cache

from apps.abdm import abha as wire
from apps.abdm import desk
from apps.abdm.actions import abha
from apps.abdm_sandbox.world import Faults
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.gateway import breaker
from apps.patients.models import Patient
from tests.abdm.conftest import verified
from tests.encounters import people

OTP, WRONG = "123456", "654321"


@pytest.fixture
def asha(cast, stand_in):
    """Asha's record, and her ABHA at the stand-in."""
    patient = people.asha(cast)
    year = patient.birth_date.year
    account = stand_in.world.add_account("asha.devi34", "Asha Devi", "F", year, 1, 1, "6000077001")
    patient.account, patient.actor = account, cast.ravi.actor
    return patient


def linked(patient):
    return Patient.objects.values_list("abha_number", "abha_address").get(pk=patient.pk)


def bare(account):
    return account.abha_number.replace("-", "")


def asked(patient, told=None, **more):
    return abha.ask(patient.pk, told or patient.account.abha_number, actor=patient.actor, **more)


def answered(patient, talk, otp=OTP, **more):
    return abha.answer(patient.pk, talk, otp, actor=patient.actor, **more)


def link(patient, talk, sure=False):
    return abha.link(patient.pk, talk, sure=sure, actor=patient.actor)


def forget_the_minute():
    """As a minute later."""
    cache.clear()


def test_it_works(asha):
    talk = answered(asha, asked(asha))
    assert talk.step == "confirm"
    assert link(asha, talk).step == "done"
    assert linked(asha) == (bare(asha.account), asha.account.address)
    noted = AuditEvent.objects.get(event="patient.abha_attached")
    assert noted.detail == {"via": "otp-number", "kyc": True}


@pytest.mark.parametrize("way", ["number", "aadhaar-mobile", "address", "stem", "mobile", "card"])
def test_every_way_leads_to_the_same_abha(asha, way):
    account = asha.account
    told, by = {
        "number": (bare(account), "mobile"),
        "aadhaar-mobile": (account.abha_number, "aadhaar"),
        "address": (account.address.upper(), "mobile"),
        "stem": ("asha.devi34", "mobile"),
        "mobile": ("+91 60000 77001", "mobile"),
        "card": (f'{{"hidn": "{account.abha_number}", "hid": "x@sbx"}}', "mobile"),
    }[way]
    talk = asked(asha, told, by=by)
    assert talk.tail == "7001"
    link(asha, answered(asha, talk))
    assert linked(asha) == (bare(account), account.address)


def test_several_on_one_mobile_are_chosen_from(asha, stand_in):
    child = stand_in.world.add_account("aarav.k19", "Aarav", "M", 2019, 1, 1, "6000077001")
    talk = answered(asha, asked(asha, "6000077001"))
    assert [one["name"] for one in talk.accounts] == ["Asha Devi", "Aarav"]
    with pytest.raises(Refused, match=r"abha\.choose"):
        abha.choose(asha.pk, talk, "91-0000-0000-0000", actor=asha.actor)
    talk = abha.choose(asha.pk, talk, child.abha_number, actor=asha.actor)
    with pytest.raises(Refused, match=r"abha\.differs"):  # a boy of seven is not Asha
        link(asha, talk)
    assert linked(asha) == ("", "")


def test_a_person_decides_when_they_differ(asha):
    asha.account.year -= 9
    talk = answered(asha, asked(asha))
    with pytest.raises(Refused, match=r"abha\.differs"):
        link(asha, talk)
    link(asha, talk, sure=True)
    assert linked(asha)[0] == bare(asha.account)


def test_linking_twice_is_one(asha):
    talk = answered(asha, asked(asha))
    link(asha, link(asha, talk))
    talk.step = "confirm"
    link(asha, talk)
    assert AuditEvent.objects.filter(event="patient.abha_attached").count() == 1


def test_three_wrong_otps_end_it(asha):
    talk, left = asked(asha), []
    for _ in range(2):
        with pytest.raises(Refused, match=r"abha\.otp_wrong") as no:
            answered(asha, talk, WRONG)
        left.append(no.value.values["left"])
    assert left == [2, 1]
    for code in (WRONG, OTP):
        with pytest.raises(Refused, match=r"abha\.otp_spent"):
            answered(asha, talk, code)


def test_an_abha_of_another_record_is_not_taken(cast, asha):
    other = people.asha(cast, name_hi="गीता देवी", mobile="9835022715")
    verified(other.pk, asha.account)
    with pytest.raises(Refused, match=r"abha\.taken"):
        answered(asha, asked(asha))
    assert linked(asha) == ("", "")


def test_a_record_with_another_abha_keeps_it(asha, stand_in):
    first = stand_in.world.accounts["sunita.devi87@sbx"]
    verified(asha.pk, first)
    with pytest.raises(Refused, match=r"abha\.other"):
        answered(asha, asked(asha))
    assert linked(asha)[0] == bare(first)


def test_without_kyc_the_number_is_not_told_on(asha):
    asha.account.kyc = False
    link(asha, answered(asha, asked(asha)))
    assert linked(asha) == ("", asha.account.address)


def test_otps_are_not_asked_for_in_a_row(asha):
    asked(asha)
    with pytest.raises(Refused, match=r"abha\.wait"):
        asked(asha)
    with pytest.raises(Refused, match=r"abha\.none"):  # another way waits for nothing
        asked(asha, "6000077999")
    asked(asha, "6000077001")


@pytest.mark.parametrize(
    ("fault", "no"),
    [({"down": True}, "abha.outage"), ({"error": 1.0}, "abha.outage"),
     ({"throttle": 1.0}, "abha.busy")],
)  # fmt: skip
def test_an_outage_is_a_sentence(asha, stand_in, fault, no):
    asked(asha)  # the session is there already
    forget_the_minute()
    stand_in.world.faults = Faults(**fault)
    with pytest.raises(Refused) as said:
        asked(asha)
    assert said.value.code in (no, "abha.outage")
    assert linked(asha) == ("", "")


def test_the_services_own_limit_is_told(asha):
    for _ in range(5):
        asked(asha)
        forget_the_minute()
    with pytest.raises(Refused, match=r"abha\.limit"):
        asked(asha)


@pytest.mark.parametrize(
    ("told", "no"),
    [("", "abha.unclear"), ("91-0000-0000-0002", "abha.number"), ("12345", "patient.mobile"),
     ("2000 0000 0001", "abha.aadhaar_place"), ('{"a": 1}', "abha.unclear"),
     ('{"hidn": "", "hid": ""}', "abha.card_bare"), ("nobody.here1", "abha.none"),
     ("60000 12345", "abha.none"), ("आशा देवी", "abha.unclear")],
)  # fmt: skip
def test_it_refuses_what_is_no_abha(asha, told, no):
    with pytest.raises(Refused) as said:
        abha.ask(asha.pk, told, actor=asha.actor)
    assert said.value.code == no


def test_a_code_that_we_do_not_know_is_told(stand_in):
    with pytest.raises(Refused, match=r"abha\.refused") as no:
        wire.login_otp("weird", "x", "mobile")
    assert no.value.values == {"said": "1006"}
    assert "1006" in no.value.sentence


def test_it_refuses_a_wrong_role_and_a_strange_record(cast, asha):
    with pytest.raises(Forbidden):
        abha.ask(asha.pk, asha.account.abha_number, actor=cast.meena.actor)
    with pytest.raises(Refused, match=r"patient\.not_found"):
        abha.ask(uuid7(), asha.account.abha_number, actor=asha.actor)


def test_what_is_remembered_opens_for_one_user_one_patient_ten_minutes(cast, asha, monkeypatch):
    talk = asked(asha)
    text = desk.seal(talk, user_id=cast.ravi.user.pk, patient_id=asha.pk)
    assert talk.txn not in text
    mine = {"user_id": cast.ravi.user.pk, "patient_id": asha.pk}
    assert desk.opened(text, **mine) == talk
    for strange in ({"user_id": cast.rita.user.pk}, {"patient_id": uuid7()}):
        assert desk.opened(text, **{**mine, **strange}) is None
    talk.ends -= desk.LIVES_S + 1
    assert desk.opened(desk.seal(talk, **mine), **mine) is None


def test_what_is_down_is_not_waited_for(asha, stand_in):
    stand_in.world.faults = Faults(down=True)
    for _ in range(breaker.IN_A_ROW):
        with pytest.raises(Refused, match=r"abha\.outage"):
            asked(asha)
    asks = len(stand_in.world.seen_requests)
    stand_in.world.faults = Faults()
    with pytest.raises(Refused, match=r"abha\.outage"):
        asked(asha)
    assert len(stand_in.world.seen_requests) == asks  # the desk said so without asking
    forget_the_minute()
    assert asked(asha).step == "otp"


def test_an_outage_of_abha_alone_does_not_stop_the_links(asha, stand_in):
    asked(asha)  # a session is there
    stand_in.world.faults = Faults(down=True)
    for _ in range(breaker.IN_A_ROW):
        with pytest.raises(Refused, match=r"abha\.outage"):
            asked(asha, "6000077001")
    assert breaker.is_open(breaker.ABHA)
    assert not breaker.is_open()
