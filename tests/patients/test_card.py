"""An ABHA card under the scanner: finds its patient, or fills in the window's form."""

import json

import pytest
from django.db import connection

from apps.patients import actions, queries
from apps.patients.models import Patient
from tests.encounters import people

# Both shapes that are about; the number is of the stand-in's labelled range.
CARD = {
    "hidn": "91-0000-0000-0011", "hid": "Asha@sbx", "name": "Asha Devi", "gender": "F",
    "statelgd": "10", "distlgd": "203", "dob": "14/2/1992", "state name": "BIHAR",
    "district_name": "PURNIA", "mobile": "6000077001", "address": "Majeli",
}  # fmt: skip
APP = {"hidn": "", "phr": "asha@sbx", "name": "आशा देवी", "gender": "F", "dob": "14-2-1992"}


def scanned(told):
    return json.dumps(told, ensure_ascii=False)


def post(client, path, told):
    return client.post(path, {"q": scanned(told)}, follow=True)


def test_it_works():
    card = queries.read_card(scanned(CARD))
    assert (card.number, card.address) == ("91000000000011", "asha@sbx")
    assert (card.sex, card.mobile, card.village) == ("female", "6000077001", "Majeli")
    assert card.born.isoformat() == "1992-02-14"
    app = queries.read_card(scanned(APP))
    assert (app.asked, app.born) == ("asha@sbx", card.born)


@pytest.mark.parametrize(
    "text", ["", "Asha", "{", "[]", '{"a": 1}', '{"hid"}', "{" + "x" * 5000, '"hidn"']
)
def test_it_is_no_card(text):
    assert queries.read_card(text) is None


@pytest.mark.parametrize(
    "told",
    [{"hidn": 7, "dob": "x"}, {"hid": None, "dob": "31/2/1990"}, {"phr": [], "mobile": "12"},
     {"hidn": "", "dob": "1990", "gender": ""}],
)  # fmt: skip
def test_odd_parts_are_left_out(told):
    card = queries.read_card(scanned(told))
    assert (card.number, card.born, card.mobile, card.sex) == ("", None, "", "")


def test_a_known_card_opens_its_patient(cast):
    asha = people.asha(cast)
    actions.attach_abha(
        asha.pk, number="91000000000011", address="asha@sbx", via="scan", actor=cast.ravi.actor
    )
    client = cast.ravi.client()
    at_the_window = client.post("/reg/find", {"q": scanned(CARD)})
    assert at_the_window["Location"] == f"/reg/again/{asha.pk}/"
    anywhere = client.post("/scan", {"q": scanned(CARD)})  # a scanner, on any other page
    assert anywhere["Location"] == f"/reg/again/{asha.pk}/"
    connection.set_tenant(cast.green)
    top = client.post("/patients/search", {"q": scanned(APP)})
    assert asha.mrn in top.content.decode()


def test_a_strangers_card_fills_in_the_form_and_writes_nothing(cast):
    client = cast.ravi.client()
    sent_on = client.post("/patients/search", {"q": scanned(CARD)})
    assert (sent_on.status_code, sent_on["Location"]) == (307, "/reg/find")
    sent_on = client.post("/scan", {"q": scanned(CARD)})
    assert (sent_on.status_code, sent_on["Location"]) == (307, "/reg/find")
    assert cast.meena.client().post("/scan", {"q": scanned(CARD)}).status_code == 422
    form = client.post("/reg/find", {"q": scanned(CARD)})
    shown = form.content.decode()
    assert form.status_code == 200
    for value in ("Asha Devi", "14-02-1992", "6000077001", "Majeli"):
        assert f'value="{value}"' in shown
    assert "91-0000" not in shown  # nobody proved it: the ABHA desk does
    connection.set_tenant(cast.green)
    assert not Patient.objects.exists()


def test_an_abha_number_is_no_aadhaar():
    """One ABHA number in ten holds twelve digits that pass Aadhaar's check."""
    assert not queries.is_aadhaar("91-2000-0000-0009")
    assert not queries.is_aadhaar("91200000000009")
