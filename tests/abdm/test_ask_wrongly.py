"""Answers that are not ours, not signed, or not what we asked: nothing is believed or told."""

import copy

import pytest

from apps.abdm.models import ConsentArtefact
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.gateway.models import InboundMessage
from tests.abdm.askers import MEDICINE, document
from tests.abdm.consents import BLUE_ID
from tests.abdm.test_ask_others import sample


def test_a_notice_for_another_hospital_changes_nothing(asker):
    """Our request, named to Blue: taken like any other, and waits there for a row that never comes.
    The same for a request of nobody."""
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    (notice,) = asker.until("hiu/consent/request/notify")
    stranger = copy.deepcopy(notice)
    stranger["body"]["notification"]["consentRequestId"] = str(uuid7())
    notice["headers"]["X-HIU-ID"] = BLUE_ID
    for letter in (notice, stranger):
        with asker.capture(execute=True):
            assert asker.stand_in.carry(letter).status_code == 202
    for _ in range(12):
        asker.settle()
    assert {one.status for one in InboundMessage.objects.filter(answers=None)} == {"parked"}
    assert asker.request().status == "asked" and not asker.artefacts()
    (asking_,) = asker.world.askings.values()
    assert not asking_.heard
    with facility_context(asker.cast.blue.pk):
        assert not ConsentArtefact.objects.exists()


def test_an_answer_to_another_hospitals_call_is_put_aside(asker):
    """On-fetch with our artefact, but told to Blue."""
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    (letter,) = asker.until("hiu/consent/on-fetch")
    letter["headers"]["X-HIU-ID"] = BLUE_ID
    with asker.capture(execute=True):
        assert asker.stand_in.carry(letter).status_code == 202
    message = InboundMessage.objects.get(kind="hiu/consent/on-fetch")
    assert (message.status, message.error) == ("parked", "answers another hospital's request")
    asker.in_green()
    assert [one.status for one in asker.artefacts()] == ["asked"]


@pytest.mark.parametrize("fault", ["wrong_key", "unsigned"])
def test_a_callback_that_the_gateway_did_not_sign_is_refused(asker, fault):
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.world.faults.wrong_key = fault == "wrong_key"
    asker.approve()
    letters = [one for one in asker.stand_in.held() if one["path"].startswith("hiu/")]
    for letter in letters:
        if fault == "unsigned":
            letter["headers"].pop("Authorization")
        assert asker.stand_in.carry(letter).status_code == 401
    asker.in_green()
    assert letters and asker.request().status == "asked" and not asker.artefacts()


WRONG = {
    "unsigned": ("unsigned", {"signature": ""}, {}),
    "another artefact": ("foreign", {}, {"consentId": str(uuid7())}),
    "another person": ("foreign", {}, {"patient": {"id": "x@sbx"}}),
    "another asker": ("foreign", {}, {"hiu": {"id": BLUE_ID}}),
    "another purpose": ("malformed", {}, {"purpose": {"code": "BTG"}}),
    "no kinds": ("malformed", {}, {"hiTypes": None}),
    "no time": ("malformed", {}, {"permission": None}),
    "over": ("ended", {"status": "EXPIRED"}, {}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_artefact_that_is_not_ours_is_not_used(asker, wrong):
    code, around, inside = WRONG[wrong]
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    (letter,) = asker.until("hiu/consent/on-fetch")
    body = copy.deepcopy(letter["body"])
    body["consent"] |= around
    body["consent"]["consentDetail"] |= inside
    asker.handle(letter, body)
    (row,) = asker.artefacts()
    assert (row.status, row.error_code) == ("failed", code) and not asker.flows()


def test_an_artefact_that_is_refused(asker):
    asker.foreign(document(MEDICINE))
    asker.ask()
    asker.approve()
    (letter,) = asker.until("hiu/consent/on-fetch")
    answers = letter["body"]["response"]["requestId"]
    asker.handle(letter, sample("hiu-consent.on-fetch-error-callback", answers=answers))
    (row,) = asker.artefacts()
    assert (row.status, row.error_code) == ("failed", "1112")
    assert "1112" in asker.text()
