"""ABHA without an OTP: by name and birth date, finger, iris, face; for a child by its parent."""

import json
import logging
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection

from apps.abdm import abha_ways as wire
from apps.abdm import devices
from apps.abdm.actions import abha, abha_ways
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.patients.models import Patient
from tests.abdm.consents import shape
from tests.abdm.samples import IDENTITY
from tests.encounters import people

OTP = "123456"
NEW, KNOWN = "0000 0000 9003", "0000 0000 0001"  # Asha Devi, 1-1-1992; Sunita Devi, who has one
BENEFIT = "DEMO-PROGRAMME"


@pytest.fixture
def asha(cast, stand_in, settings):
    settings.ABDM_BENEFIT_NAME = BENEFIT
    settings.ABHA_BIOMETRIC_ADAPTER = "demo"
    patient = people.asha(cast, name_en="Asha Devi")
    patient.actor = cast.ravi.actor
    return patient


@pytest.fixture
def child(cast, asha, stand_in):
    """Aarav, seven years old, and his mother, who has an ABHA."""
    born = date(2019, 11, 2)
    patient = people.asha(cast, name_hi="आरव कुमार", name_en="Aarav Kumar", sex="male", age=7)
    Patient.objects.filter(pk=patient.pk).update(birth_date=born, birth_estimated=False)
    patient.refresh_from_db()
    patient.actor = cast.ravi.actor
    patient.parent = stand_in.world.add_account(
        "maa.87", "Asha Devi", "F", 1992, 1, 1, "6000077001"
    )
    return patient


def row(cast, patient):
    connection.set_tenant(cast.green)
    return Patient.objects.get(pk=patient.pk)


def demographics(patient, aadhaar=NEW, **told):
    told = {"name": "Asha Devi", "born": "1-1-1992", "mobile": "", "consent": True, **told}
    return abha_ways.by_demographics(patient.pk, aadhaar, actor=patient.actor, **told)


def scan(patient, kind="finger", aadhaar=NEW, **told):
    told = {"mobile": "6000009003", "consent": True, **told}
    return abha_ways.by_scan(patient.pk, kind, aadhaar, actor=patient.actor, **told)


def link(patient, talk):
    if talk.step == "address":
        talk = abha.skip(patient.pk, talk, actor=patient.actor)
    return abha.link(patient.pk, talk, sure=True, actor=patient.actor)


def last_via():
    return AuditEvent.objects.get(event="patient.abha_attached").detail["via"]


def test_by_demographics_finds_or_makes_without_a_phone(cast, asha, stand_in):
    before = len(stand_in.world.accounts)
    talk = demographics(asha, KNOWN, name="Sunita Devi", born="12.06.1987")
    assert (talk.step, talk.new, talk.owner["address"]) == ("confirm", False, "sunita.devi87@sbx")
    talk = demographics(asha)
    assert (talk.step, talk.new) == ("confirm", True)
    link(asha, talk)
    account = next(one for one in stand_in.world.accounts.values() if one.aadhaar.endswith("9003"))
    assert len(stand_in.world.accounts) == before + 1
    assert row(cast, asha).abha_number == account.abha_number.replace("-", "")
    assert last_via() == "demographics"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"name": "Usha Devi"}, "abha.demographics"),
        ({"born": "2-1-1992"}, "abha.demographics"),
        ({"born": "31-2-1992"}, "abha.born"),
        ({"born": "1992"}, "abha.born"),
        ({"name": "आशा देवी"}, "abha.name_latin"),
        ({"consent": False}, "abha.consent"),
        ({"aadhaar": "1234"}, "abha.aadhaar"),
        ({"mobile": "12"}, "patient.mobile"),
    ],
)
def test_a_no_is_a_sentence(asha, told, code):
    with pytest.raises(Refused) as no:
        demographics(asha, **told)
    assert no.value.code == code
    assert str(no.value.sentence)


def test_nobody_guesses_a_birth_date(asha):
    for day in range(2, 5):
        with pytest.raises(Refused, match=r"abha\.demographics"):
            demographics(asha, born=f"{day}-1-1992")
    with pytest.raises(Refused, match=r"abha\.too_many"):
        demographics(asha)


@pytest.mark.parametrize("kind", ["finger", "iris"])
def test_by_a_scan(cast, asha, stand_in, kind):
    talk = scan(asha, kind)
    assert (talk.way, talk.step, talk.new) == (kind, "address", True)
    assert len(talk.stems) == 3
    link(asha, talk)
    assert row(cast, asha).abha_number
    assert last_via() == kind


def test_without_a_device_nothing_is_asked(asha, settings, stand_in):
    settings.ABHA_BIOMETRIC_ADAPTER = "none"
    calls = len(stand_in.recorder.calls)
    with pytest.raises(Refused, match=r"abha\.no_device"):
        scan(asha)
    with pytest.raises(Refused, match=r"abha\.no_device"):
        abha_ways.face_begin(asha.pk, actor=asha.actor)
    settings.ABDM_BENEFIT_NAME = ""
    with pytest.raises(Refused, match=r"abha\.no_benefit"):
        demographics(asha)
    sent = [one["at"] for one in stand_in.recorder.calls[calls:]]
    assert not any(at.endswith("byAadhaar") for at in sent)


def test_a_pretended_device_works_beside_the_stand_in_only(settings):
    settings.ABDM_ENVIRONMENT, settings.ABHA_BIOMETRIC_ADAPTER = "production", "demo"
    with pytest.raises(Refused, match=r"abha\.no_device"):
        devices.scanned("finger", "", "")


def test_by_face_on_the_patients_phone(cast, asha, stand_in):
    talk = abha_ways.face_begin(asha.pk, actor=asha.actor)
    assert wire.face_link(talk.txn) == f"{stand_in.url}/phr/face-auth?txnId={talk.txn}"
    told = {"mobile": "6000009003", "consent": True, "actor": asha.actor}
    with pytest.raises(Refused, match=r"abha\.face_waits"):
        abha_ways.face_done(asha.pk, talk, NEW, **told)
    talk = abha_ways.face_done(asha.pk, talk, NEW, **told)
    link(asha, talk)
    assert last_via() == "face"


# --- children -----------------------------------------------------------------------------


def parent_proved(child, told=None):
    talk = abha.ask(child.pk, told or child.parent.abha_number, child=True, actor=child.actor)
    return abha.answer(child.pk, talk, OTP, actor=child.actor)


def take(child, talk, number="", consent=True):
    return abha_ways.take_child(child.pk, talk, number, consent=consent, actor=child.actor)


@pytest.mark.parametrize("by", ["number", "mobile"])
def test_a_child_gets_an_abha_on_the_parents_word(cast, child, stand_in, by):
    told = child.parent.abha_number if by == "number" else child.parent.mobile
    talk = parent_proved(child, told)
    assert (talk.step, talk.accounts) == ("child", [])
    with pytest.raises(Refused, match=r"abha\.child_consent"):
        take(child, talk, consent=False)
    talk = take(child, talk)
    assert (talk.owner["name"], talk.owner["kyc"], talk.owner["year"]) == (
        "Aarav Kumar",
        False,
        2019,
    )
    link(child, talk)
    made = next(one for one in stand_in.world.accounts.values() if one.parent)
    saved = row(cast, child)
    assert (saved.abha_address, saved.abha_number) == (made.address, "")  # a number needs KYC
    assert last_via() == "child"


def test_a_child_that_has_one_is_chosen(cast, child, stand_in):
    first = take(child, parent_proved(child))
    cache.clear()
    talk = parent_proved(child)
    (known,) = talk.accounts
    assert known["number"] == first.owner["number"]
    with pytest.raises(Refused, match=r"abha\.choose"):
        take(child, talk, "91-0000-0000-0001")
    link(child, take(child, talk, known["number"]))
    assert row(cast, child).abha_address == first.owner["address"]
    assert sum(bool(one.parent) for one in stand_in.world.accounts.values()) == 1


def test_no_child(child, asha):
    with pytest.raises(Refused, match=r"abha\.child_way"):
        abha.ask(child.pk, child.parent.address, child=True, actor=child.actor)
    with pytest.raises(Refused, match=r"abha\.child_age"):
        abha.ask(asha.pk, child.parent.abha_number, child=True, actor=asha.actor)


def test_a_parent_has_so_many(child, stand_in):
    for n in range(5):
        one = stand_in.world.add_account(f"kid{n}", f"Kid {n}", "F", 2018, 1, 1)
        one.parent = child.parent.abha_number
    with pytest.raises(Refused, match=r"abha\.child_full"):
        take(child, parent_proved(child))


# --- the messages -------------------------------------------------------------------------


def test_the_calls_are_those_of_the_samples(asha, child, stand_in):
    """m1-enrol.demo-auth-request, bio-request, child-request, face-init-request, face-capture-
    request. What is encrypted is only told by its kind."""
    demographics(asha, mobile="6000000202")
    _same(stand_in, "m1-enrol.demo-auth-request", without=("pinCode",))
    scan(asha, aadhaar=KNOWN)
    _same(stand_in, "m1-enrol.bio-request")
    take(child, parent_proved(child))
    _same(stand_in, "m1-enrol.child-request")
    talk = abha_ways.face_begin(asha.pk, actor=asha.actor)
    _same(stand_in, "m1-enrol.face-init-request")
    wire.face_seen(talk.txn)
    _same(stand_in, "m1-enrol.face-capture-request")


def _same(stand_in, name, without=()):
    sample = IDENTITY[name]
    asked = stand_in.asked(sample["at"].rpartition("/")[2])
    wanted = json.loads(json.dumps(sample["body"]))
    for key in without:
        wanted["authData"]["demo_auth"].pop(key)
    assert (asked["method"], asked["at"]) == (sample["method"], sample["at"])
    assert shape(asked["body"]) == shape(wanted)
    if "authData" in wanted:
        assert asked["body"]["authData"]["authMethods"] == wanted["authData"]["authMethods"]
    for header in sample.get("headers", {}):
        assert asked["headers"][header.lower()]


@pytest.mark.parametrize(
    "name",
    [
        "m1-enrol.demo-auth-response",
        "m1-enrol.child-response",
        "m1-enrol.children-response",
        "m1-enrol.face-init-response",
    ],
)
def test_the_stand_in_answers_as_the_samples(asha, child, stand_in, name):
    """Every key of ours stands in the sample with the same kind; photo and e-mail are not ours."""
    if name.startswith("m1-enrol.demo"):
        demographics(asha)
    elif "face" in name:
        abha_ways.face_begin(asha.pk, actor=asha.actor)
    else:
        take(child, parent_proved(child))
        if "children" in name:
            cache.clear()
            parent_proved(child)
    at = {"m1-enrol.face-init-response": "auth/init", "m1-enrol.children-response": "children"}
    answer = stand_in.asked(at.get(name, "byAadhaar"))["answer"]
    _within(answer, IDENTITY[name]["body"])


def _within(told, sample):
    for key, value in told.items():
        assert key in sample, key
        if isinstance(value, dict):
            _within(value, sample[key])
        elif isinstance(value, list):
            assert isinstance(sample[key], list) or sample[key] is None
        elif sample[key] is not None and value is not None:
            assert type(value) is type(sample[key]), key


def test_the_number_and_the_scan_stay_nowhere(cast, asha, child, stand_in, caplog):
    caplog.set_level(logging.DEBUG)
    client = cast.ravi.client()
    at = f"/patients/{asha.pk}/abha/"
    told = {"aadhaar": NEW, "name": "Asha Devi", "born": "1-1-1992", "consent": "1", "mobile": ""}
    client.post(at, {"do": "demographics", **told})
    client.post(at, {"do": "again"})
    client.post(at, {"do": "scan", "kind": "finger", "pid": "SECRET-SCAN", **told,
                     "mobile": "6000009003"})  # fmt: skip
    everywhere = caplog.text + json.dumps(list(AuditEvent.objects.values_list("detail", flat=True)))
    for secret in ("000000009003", NEW, "SECRET-SCAN"):
        assert secret not in everywhere
    sent = json.dumps([one["body"] for one in stand_in.recorder.calls])
    assert "000000009003" not in sent


# --- the page -----------------------------------------------------------------------------


def test_only_what_is_possible_is_offered(cast, asha, child, settings):
    client = cast.ravi.client()
    grown, small = f"/patients/{asha.pk}/abha/", f"/patients/{child.pk}/abha/"
    page = client.get(grown).content.decode()
    assert 'value="demographics"' in page and 'value="iris"' in page and 'value="face"' in page
    assert 'name="child"' not in page
    assert 'name="child"' in client.get(small).content.decode()
    settings.ABDM_BENEFIT_NAME, settings.ABHA_BIOMETRIC_ADAPTER = "", "none"
    page = client.get(small).content.decode()
    for field in ('value="demographics"', 'value="iris"', 'value="face"', 'name="child"'):
        assert field not in page


def test_every_way_by_page(cast, asha, child, stand_in):
    client = cast.ravi.client()

    def do(patient, step, **told):
        return client.post(f"/patients/{patient.pk}/abha/", {"do": step, **told}, follow=True)

    assert do(asha, "demographics", aadhaar=NEW).status_code == 422
    assert do(asha, "scan", kind="tongue", aadhaar=NEW, consent="1").status_code == 422
    page = do(asha, "face").content.decode()
    assert 'name="do" value="face-done"' in page and "<svg" in page
    waits = do(asha, "face-done", aadhaar=NEW, mobile="6000009003", consent="1")
    assert waits.status_code == 422 and 'value="face-done"' in waits.content.decode()
    done = do(asha, "face-done", aadhaar=NEW, mobile="6000009003", consent="1")
    assert 'value="address"' in done.content.decode()
    do(child, "ask", told=child.parent.abha_number, child="1")
    page = do(child, "answer", otp=OTP).content.decode()
    assert 'value="new"' in page
    assert do(child, "child", account="7", consent="1").status_code == 422
    page = do(child, "child", account="new", consent="1").content.decode()
    assert "Aarav Kumar" in page
    assert do(child, "link", sure="1").status_code == 200
    assert row(cast, child).abha_address


def test_a_pharmacist_may_not(cast, asha):
    for verb in (
        lambda: abha_ways.by_demographics(
            asha.pk, NEW, name="x", born="x", mobile="", consent=True, actor=cast.meena.actor
        ),
        lambda: abha_ways.face_begin(asha.pk, actor=cast.meena.actor),
    ):
        with pytest.raises(Forbidden):
            verb()
