"""The phone page of the stand-in: share, token, search and link, consents, own records."""

import copy
import re

import pytest

from apps.abdm_sandbox.consent import YEAR
from apps.abdm_sandbox.courier import stamp
from apps.abdm_sandbox.world import Service, Share, now
from apps.core.tenancy import facility_context
from apps.persons import queries as waiting
from tests.abdm.conftest import BLUE_ID, GREEN_ID
from tests.abdm.consents import SAMPLES
from tests.abdm.phone import Browser
from tests.abdm.test_discover import App, app  # noqa: F401  a fixture

QR = f"/phr/share-profile?hip-id={GREEN_ID}&counter-id=OPD1"


@pytest.fixture
def phone(stand_in, capture):
    """Sunita's phone; `phone(account)` another's."""

    def make(account=None):
        browser = Browser(
            stand_in, capture, account or stand_in.world.accounts["sunita.devi87@sbx"]
        )
        browser.log_in()
        return browser

    return make


@pytest.fixture
def mine(flow, phone):
    """Asha's phone; one visit of hers is linked."""
    return phone(flow.account)


def test_it_works(cast, phone):
    sunita = phone()
    shown = sunita.see(QR)
    assert "91-0000-0000" in shown and "Green" in shown
    assert "आपका नंबर" not in sunita.press("/phr/share") and sunita.waits
    sunita.settle()
    shown = sunita.see()
    assert 'id="token">1<' in shown and "तक हुआ" not in shown
    sunita.settle()  # the phone has asked how far the window is
    assert "अभी नंबर 0 तक हुआ" in sunita.see() and not sunita.waits
    with facility_context(cast.green.pk):
        (row,) = waiting.arrivals()
    assert row.profile.name_en == "Sunita Devi"
    assert "Green" in sunita.see("/phr/")


def test_a_poster_leads_through_the_choice_of_a_person(stand_in, capture):
    stranger = Browser(stand_in, capture, stand_in.world.accounts["irfan45@sbx"])
    assert "यह फ़ोन किसका है?" in stranger.see(QR)
    stranger.press("/phr/person", address="irfan45@sbx")
    assert str(stranger.page.url).endswith(QR) and "irfan45@sbx" in stranger.page.text


def test_a_pasted_qr_is_understood_and_anything_else_is_said(phone):
    sunita = phone()
    sunita.see("/phr/scan")
    sunita.press("/phr/scan", qr=f"https://phrsbx.abdm.gov.in{QR[4:]}")
    assert str(sunita.page.url).endswith(QR)
    for typed in ("hello", "https://example.org/?hip-id=7", '"><script>'):
        shown = sunita.send("/phr/scan", qr=typed)
        assert sunita.page.status_code == 422 and 'role="alert"' in shown
        assert "<script>" not in shown
    sunita.see(QR.replace(GREEN_ID, "IN0000000000"))
    assert sunita.page.status_code == 404


def test_pressed_twice_is_one_share(cast, phone, stand_in):
    sunita = phone()
    sunita.see(QR)
    form = sunita.page
    sunita.press("/phr/share")
    sunita.page = form
    sunita.press("/phr/share")
    sunita.settle()
    assert 'id="token">1<' in sunita.see()
    assert len(stand_in.world.shares) == 1


def test_a_hospital_that_is_silent_is_not_waited_for_for_ever(phone, stand_in):
    sunita = phone()
    sunita.see(QR)
    sunita.press("/phr/share")
    (made,) = stand_in.world.shares.values()
    made.at = now().replace(year=2020)
    shown = sunita.see()
    assert "अस्पताल से नंबर नहीं आया" in shown and not sunita.waits and QR[4:17] in shown


def test_search_choose_and_prove(app, phone):  # noqa: F811
    asha = phone(app.account)
    asha.see("/phr/hospitals")
    asha.press("/phr/find", hip=GREEN_ID)
    assert asha.waits
    asha.settle()
    assert app.visit.number in asha.see()
    at = str(asha.page.url.path)
    asha.press(f"{at}/choose")
    asha.settle()
    assert "6 अंकों का कोड" in asha.see()
    code = app.code()
    asha.press(f"{at}/confirm", code="000000" if code != "000000" else "111111")
    assert asha.waits
    asha.settle()
    assert "कोड सही नहीं है" in asha.see() and app.context() is None
    asha.press(f"{at}/confirm", code=code)
    asha.settle()
    assert "जुड़ गया" in asha.see() and app.context().status == "linked"
    assert app.visit.number in asha.see("/phr/records")


def test_who_is_not_found_is_told_so(cast, phone):
    sunita = phone()
    sunita.see("/phr/hospitals")
    sunita.press("/phr/find", hip=BLUE_ID, mr="BLU-26-1")
    sunita.settle()
    assert "कोई इलाज नहीं मिला" in sunita.see()


def test_own_records_are_fetched_and_read(mine, flow):
    assert "<li>Visit<" in mine.see("/phr/records")
    mine.press("/phr/records/pull")
    assert mine.waits
    mine.settle()
    shown = mine.see()
    assert str(mine.page.url).endswith("/phr/records") and "Green" in shown
    links = re.findall(r'href="(/phr/records/[\w-]+/\d+)"><b>([^<]+)', shown)
    assert len(links) == 3  # the paper is prescription, note of the visit, and what was measured
    (link,) = [to for to, name in links if name == "दवा की पर्ची"]
    shown = mine.see(link)
    assert "दवा की पर्ची" in shown and "Paracetamol 500 mg" in shown and "1 tablet morning" in shown
    assert "Dr Anjali Jha" in shown and "2026" in shown
    (given,) = flow.world.consents.values()
    assert given.own and given.detail["purpose"]["code"] == "PATRQT"


def test_pulled_twice_in_a_row_is_one_consent(mine, flow):
    for _ in range(2):
        mine.see("/phr/records")
        mine.press("/phr/records/pull")
    assert len(flow.world.consents) == 1


def test_consents_are_shown_and_taken_back(mine, flow):
    made = flow.grant()
    assert "Demo Clinic Patna" in mine.see("/phr/consents")
    mine.press(f"/phr/consents/{made}/revoke")
    flow.settle()
    assert flow.consent().status == "revoked"
    assert "आपने वापस ले ली" in mine.see()
    assert f"{made}/revoke" not in mine.page.text


def test_nobody_sees_what_is_anothers(mine, flow, phone):
    mine.see("/phr/records")
    mine.press("/phr/records/pull")
    pulling = str(mine.page.url.path)
    mine.settle()
    paper = re.findall(r"/phr/records/[\w-]+/\d+", mine.see())[0]
    made = flow.grant()
    flow.world.shares["s-1"] = Share(
        "s-1", flow.account.address, GREEN_ID, "OPD1", now(), "T-SECRET"
    )
    sunita = phone()
    for path in (paper, pulling, "/phr/token/s-1", "/phr/find/none"):
        shown = sunita.see(path)
        assert (
            sunita.page.status_code == 404
            and "Paracetamol" not in shown
            and "T-SECRET" not in shown
        )
    assert "<li>Visit<" not in sunita.see("/phr/records")
    sunita.send(f"/phr/consents/{made}/revoke")
    assert flow.world.consents[made].status == "GRANTED"


def test_hindi_first_and_english_on_request(phone):
    sunita = phone()
    assert 'lang="hi"' in sunita.see(QR) and "साझा करें" in sunita.page.text
    sunita.press("/phr/lang", lang="en")
    assert str(sunita.page.url).endswith(QR) and ">Share<" in sunita.page.text


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "/phr//x", "/abha"])
def test_nothing_leads_away_from_the_phone(phone, away):
    sunita = phone()
    answer = sunita.http.post("/phr/lang", data={"next": away}, follow_redirects=False)
    assert answer.headers["location"] == "/phr/"


def test_nothing_comes_from_outside(phone):
    sunita = phone()
    for path in ("/phr/", QR, "/phr/records", "/phr/hospitals", "/phr/consents", "/phr/scan"):
        shown = sunita.see(path)
        assert not re.search(r"<script|https?://|url\((?!/phr/font)", shown), path
        assert "default-src 'none'" in sunita.page.headers["content-security-policy"]
        assert "मनगढ़ंत" in shown
    assert sunita.http.get("/phr/font.woff2").content.startswith(b"wOF2")


@pytest.fixture
def asked(flow):
    """Another hospital asks Asha for leave: the id of its request."""

    def ask():
        flow.world.services.setdefault(BLUE_ID, Service(BLUE_ID, "Blue"))
        told = {"hiu": {"id": BLUE_ID}, "patient": {"id": flow.account.address}}
        span = {"dateRange": {"from": stamp(-YEAR), "to": stamp()}, "dataEraseAt": stamp(YEAR)}
        body = copy.deepcopy(SAMPLES["hiu-consent.init-request"])
        body["consent"] |= told
        body["consent"]["permission"] |= span
        path = "consent/v3/request/init"
        sent = flow.stand_in.gate("POST", path, body, **{"X-HIU-ID": BLUE_ID})
        assert sent.status_code == 202, sent.text
        (letter,) = flow.stand_in.held()
        return letter["body"]["consentRequest"]["id"]

    return ask


def test_a_request_is_allowed_once_and_taken_back(mine, flow, asked):
    asking = asked()
    assert "जवाब बाक़ी: 1" in mine.see("/phr/")
    shown = mine.see("/phr/consents")
    assert "आपसे पूछा गया है" in shown and "Blue" in shown
    mine.press(f"/phr/consents/{asking}/approve")
    assert "आपसे पूछा गया है" not in mine.page.text
    (made,) = flow.world.consents.values()
    assert (made.service_id, made.status) == (GREEN_ID, "GRANTED")
    mine.send(f"/phr/consents/{asking}/approve")
    assert len(flow.world.consents) == 1
    mine.press(f"/phr/consents/{made.id}/revoke")
    assert made.status == "REVOKED"


def test_a_request_is_refused_and_nobody_else_answers_it(mine, flow, asked, phone):
    asking = asked()
    sunita = phone()
    sunita.send(f"/phr/consents/{asking}/approve")
    sunita.send(f"/phr/consents/{asking}/deny")
    assert flow.world.askings[asking].status == "REQUESTED"
    mine.see("/phr/consents")
    mine.press(f"/phr/consents/{asking}/deny")
    assert flow.world.askings[asking].status == "DENIED" and not flow.world.consents


def test_who_has_nothing_linked_can_allow_nothing(mine, flow, asked):
    asking = asked()
    flow.world.contexts.clear()
    mine.see("/phr/consents")
    mine.press(f"/phr/consents/{asking}/approve")
    assert "अनुमति देने को कुछ नहीं है" in mine.page.text
    assert flow.world.askings[asking].status == "REQUESTED"
