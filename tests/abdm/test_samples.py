"""The messages of the integrator's dossier for session, link, discovery, share and records: ours
and the stand-in's have their shape, and what ABDM answers in them is understood."""

import copy
import json
import re

import jwt
import pytest
from django.db import connection
from django.utils import timezone

from apps.abdm import pages, queries
from apps.abdm.models import CareContext
from apps.gateway import client
from apps.gateway.client import Class
from apps.gateway.models import LinkToken
from apps.persons import queries as waiting
from apps.persons.models import Arrival
from tests.abdm.conftest import GREEN_ID
from tests.abdm.consents import SAMPLES, WIRE, shape
from tests.abdm.phone import Browser
from tests.abdm.stand_in import settle
from tests.abdm.test_discover import App, app  # noqa: F401  a fixture
from tests.abdm.test_link import context_of, sign

LINKING = "user-initiated-linking/v3"


def body(name):
    return copy.deepcopy(WIRE[name]["body"])


def heard(stand_in, path):
    """What was sent to the stand-in at `path`, the last."""
    return next(told for at, told in reversed(stand_in.world.heard) if at.endswith(path))


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("scan-share.on-share-response", Class.DONE, ""),
        ("scan-share.duplicate-error", Class.DUPLICATE, "1087"),
        ("scan-share.on-share-refused", Class.FINAL, "1001"),
        ("discovery.on-discover-duplicate", Class.DUPLICATE, "1106"),
        ("link.carecontext-response", Class.DONE, ""),
        ("link.carecontext-error-count", Class.FINAL, "1006"),
        ("link.carecontext-error-display", Class.FINAL, "9999"),
        ("link.carecontext-error-duplicate", Class.DUPLICATE, "9999"),
        ("link.carecontext-error-empty", Class.FINAL, ""),
        ("link-token.generate-response", Class.DONE, ""),
        ("link-token.generate-error-duplicate", Class.COOLDOWN, "1092"),
        ("link-token.generate-error-hip", Class.FINAL, "1035"),
        ("link-token.generate-error-user", Class.FINAL, "9999"),
        ("session.error-expired", Class.AUTH, "900901"),
        ("session.error-headers", Class.FINAL, ""),
        ("session.error-request-id", Class.FINAL, "1030"),
        ("session.error-subscription", Class.FINAL, "900908"),
        ("session.error-suspended", Class.TRANSPORT, "303001"),
    ],
)
def test_every_answer_is_understood(name, kind, code):
    told = WIRE[name]
    sent = told["body"] if isinstance(told["body"], str) else json.dumps(told["body"])
    content = b"" if told["body"] is None else sent.encode()
    answer = client.understood(told["status"], content)
    assert (answer.kind, answer.code) == (kind, code)


# --- session ------------------------------------------------------------------------------


def test_a_session_is_asked_for_and_opened(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    told = heard(stand_in, "gateway/v3/sessions")
    assert shape(told) == shape(body("session.create-request"))
    opened = stand_in.call("POST", "/api/hiecm/gateway/v3/sessions", told, **_own_headers())
    assert opened.status_code == WIRE["session.create-response"]["status"]
    assert shape(opened.json()) == shape(body("session.create-response"))
    (letter,) = stand_in.held()
    token = letter["headers"]["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    sample = body("session.callback-token-claims")
    assert shape(claims) == shape(sample["payload"])
    assert claims["clientId"] == sample["payload"]["clientId"]
    assert set(jwt.get_unverified_header(token)) == set(sample["header"])


def test_keys_are_where_the_discovery_document_says(stand_in):
    told = stand_in.gate("GET", "gateway/v3/.well-known/openid-configuration").json()
    assert shape(told) == shape(body("session.openid-configuration"))
    keys = stand_in.gate("GET", told["jwks_uri"].split("/api/hiecm/")[1]).json()
    assert shape(keys) == shape(body("session.certs-response"))
    assert [one["alg"] for one in keys["keys"]] == ["RS256", "RS512"]


def test_the_stand_in_refuses_as_the_gateway_does(stand_in):
    sessions = "/api/hiecm/gateway/v3/sessions"
    missing = stand_in.call("POST", sessions, {})
    sample = WIRE["session.error-headers"]
    assert (missing.status_code, missing.text) == (sample["status"], sample["body"])
    stand_in.world.faults.down = True
    down = stand_in.call("POST", sessions, {}, **_own_headers())
    assert down.status_code == WIRE["session.error-suspended"]["status"]
    assert down.json()["code"] == body("session.error-suspended")["code"]
    stand_in.world.faults.down = False
    no = stand_in.call("GET", "/api/hiecm/gateway/v3/certs", **_own_headers())
    assert no.status_code == WIRE["session.error-expired"]["status"]
    assert no.json()["code"] == body("session.error-expired")["code"]


def _own_headers():
    return {"REQUEST-ID": str(client.uuid.uuid4()), "TIMESTAMP": client.timestamp(),
            "X-CM-ID": "sbx"}  # fmt: skip


# --- link ---------------------------------------------------------------------------------


def test_linking_speaks_as_the_samples(cast, asha, stand_in, capture):
    letters = {}
    sign(cast, asha, capture)
    for _ in range(4):
        for letter in stand_in.held():
            letters[letter["path"]] = letter["body"]
            with capture(execute=True):
                stand_in.carry(letter)
    asked = heard(stand_in, "v3/token/generate-token")
    assert shape(asked) == shape(body("link-token.generate-request"))
    linked = heard(stand_in, "hip/v3/link/carecontext")
    assert shape(linked) == shape(body("link.carecontext-request"))
    assert re.fullmatch(r"\d{14}", linked["abhaNumber"])
    told = heard(stand_in, "link/context/notify")
    assert shape(told) == shape(body("context-notify.request"))
    for path, name in (
        ("hip/token/on-generate-token", "link-token.result-callback"),
        ("link/on_carecontext", "link.result-callback"),
        ("links/context/on-notify", "context-notify.result-callback"),
    ):
        assert shape(letters[path]) == shape(body(name)), path
    token = letters["hip/token/on-generate-token"]["linkToken"]
    claims = jwt.decode(token, options={"verify_signature": False})
    sample = body("link-token.claims")
    assert shape(claims) == shape(sample["payload"])
    lives = sample["payload"]["exp"] - sample["payload"]["iat"]
    assert claims["exp"] - claims["iat"] == lives
    assert jwt.get_unverified_header(token)["alg"] == sample["header"]["alg"]


def answer_with(stand_in, capture, name):
    """The answer that waits comes with the sample's body instead."""
    (letter,) = stand_in.held()
    told = body(name)
    told["response"] = letter["body"]["response"]
    if "abhaAddress" in told:
        told["abhaAddress"] = letter["body"]["abhaAddress"]
    with capture(execute=True):
        assert stand_in.carry({**letter, "body": told}).status_code == 202


@pytest.mark.parametrize(
    ("name", "state"),
    [("link-token.blocked-callback", "blocked"), ("link-token.mismatch-callback", "refused")],
)
def test_a_token_that_is_refused_puts_the_visit_on_hold(cast, asha, stand_in, capture, name, state):
    sign(cast, asha, capture)
    answer_with(stand_in, capture, name)
    assert LinkToken.objects.get().state == state
    assert context_of(cast, asha).status == "hold"


def test_already_linked_is_linked(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    with capture(execute=True):
        stand_in.carry(stand_in.held()[0])
    answer_with(stand_in, capture, "link.already-linked-callback")
    assert context_of(cast, asha).status == "linked"


def test_a_token_that_does_not_fit_is_asked_for_once_more(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    with capture(execute=True):
        stand_in.carry(stand_in.held()[0])
    answer_with(stand_in, capture, "link.failed-callback")
    settle(stand_in, capture)
    assert context_of(cast, asha).status == "linked"
    asked = [told for at, told in stand_in.world.heard if at.endswith("generate-token")]
    assert len(asked) == 2


def test_news_that_came_too_early_are_told_again(cast, asha, stand_in, capture):
    sign(cast, asha, capture)
    for _ in range(2):
        with capture(execute=True):
            stand_in.carry(stand_in.held()[0])
    answer_with(stand_in, capture, "context-notify.too-early-callback")
    assert context_of(cast, asha).notified_at is None
    settle(stand_in, capture)
    assert context_of(cast, asha).notified_at is not None


# --- discovery ----------------------------------------------------------------------------


def test_discovery_speaks_as_the_samples(app, stand_in, capture):  # noqa: F811
    told = body("discovery.phr-discover-request")
    headers = {"X-AUTH-TOKEN": app.account.address}
    path = f"{LINKING}/patient/care-context/discover"
    started = stand_in.gate("POST", path, told, **headers)
    assert started.status_code == 202
    find = stand_in.world.finds[started.json()["transactionId"]]
    (letter,) = stand_in.held()
    assert shape(letter["body"]) == shape(body("discovery.discover-callback"))
    with capture(execute=True):
        stand_in.carry(letter)
    found = heard(stand_in, "on-discover")
    assert shape(found) == shape(body("discovery.on-discover-request"))
    chosen = {"transactionId": find.transaction_id, "patient": find.blocks}
    app._call("link/care-context/init", chosen, carry=False)
    (letter,) = stand_in.held()
    sample = body("discovery.init-callback")
    assert set(letter["body"]) == set(sample)
    with capture(execute=True):
        stand_in.carry(letter)
    assert shape(heard(stand_in, "on-init")) == shape(body("discovery.on-init-request"))
    code = app.code()
    for typed, name in (
        ("000000" if code != "000000" else "111111", "discovery.on-confirm-wrong-otp-request"),
        (code, "discovery.on-confirm-request"),
    ):
        app.confirm(find, typed, carry=False)
        (letter,) = stand_in.held()
        assert shape(letter["body"]) == shape(body("discovery.confirm-callback"))
        with capture(execute=True):
            stand_in.carry(letter)
        assert shape(heard(stand_in, "on-confirm")) == shape(body(name))
    connection.set_tenant(app.cast.green)
    assert CareContext.objects.get().status == "linked"


def test_who_is_not_here_is_not_found(cast, stand_in, capture):
    """The sample as it stands: nobody of that name, and the answer tells nothing else."""
    (letter,) = _search(stand_in)
    told = body("discovery.discover-callback")
    told["transactionId"] = letter["body"]["transactionId"]
    with capture(execute=True):
        stand_in.carry({**letter, "body": told})
    answer, sample = heard(stand_in, "on-discover"), body("discovery.on-discover-notfound-request")
    assert shape(answer) == shape(sample) and answer["error"]["code"] == sample["error"]["code"]


def _search(stand_in):
    told = {"hip": {"id": GREEN_ID}, "unverifiedIdentifiers": []}
    headers = {"X-AUTH-TOKEN": "irfan45@sbx"}
    stand_in.gate("POST", f"{LINKING}/patient/care-context/discover", told, **headers)
    return stand_in.held()


# --- share --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "born"),
    [("scan-share.share-callback", "1987-06-12"), ("scan-share.share-callback-sparse", "")],
)
def test_a_share_gets_the_answer_of_the_sample(cast, stand_in, capture, name, born):
    stand_in.phr("sunita.devi87@sbx", GREEN_ID, "OPD1")
    (letter,) = stand_in.held()
    told = body(name)
    assert set(letter["body"]) == set(told)
    with capture(execute=True):
        stand_in.carry({**letter, "body": told})
    answer = heard(stand_in, "on-share")
    assert shape(answer) == shape(body("scan-share.on-share-request"))
    assert answer["acknowledgement"]["abhaAddress"] == told["profile"]["patient"]["abhaAddress"]
    connection.set_tenant(cast.green)
    (row,) = waiting.arrivals()
    assert row.profile.born == born


def test_a_share_that_cannot_be_met_says_so(cast, stand_in, capture):
    stand_in.phr("sunita.devi87@sbx", GREEN_ID, "OPD77")
    with capture(execute=True):
        stand_in.carry(stand_in.held()[0])
    assert shape(heard(stand_in, "on-share")) == shape(body("scan-share.on-share-error-request"))


def ask_running(stand_in, capture, told):
    """The app asks how far the window is; what we answered."""
    for one in stand_in.world.shares.values():
        one.asked_at = None  # twenty seconds have passed
    address = {"X-AUTH-TOKEN": "sunita.devi87@sbx"}
    assert stand_in.gate("POST", "patient-share/v3/running-token/status", told, **address)
    (letter,) = stand_in.held()
    assert letter["body"] == told and letter["path"] == "hip/patient/running-token/status"
    with capture(execute=True):
        stand_in.carry(letter)
        stand_in.carry(letter)
    return heard(stand_in, "running-token/on-status")


def test_the_running_token_follows_the_window(cast, stand_in, capture):
    stand_in.phr("sunita.devi87@sbx", GREEN_ID, "OPD1")
    with capture(execute=True):
        stand_in.carry(stand_in.held()[0])
    answer = ask_running(stand_in, capture, body("running-token.status-callback"))
    assert shape(answer) == shape(body("running-token.on-status-request"))
    assert answer["token"]["runningTokenNumber"] == "0"
    connection.set_tenant(cast.green)
    assert cast.ravi.client().post(f"/reg/arrivals/{waiting.arrivals()[0].id}/token").status_code
    answer = ask_running(stand_in, capture, body("running-token.status-callback"))
    told = answer["token"]
    assert (told["runningTokenNumber"], told["averageTokenServiceTimeInMinutes"]) == ("1", 1)
    (share,) = stand_in.world.shares.values()
    assert (share.running, share.minutes) == ("1", 1)


def test_without_anybody_on_the_list_it_says_so(cast, stand_in, capture):
    stand_in.phr("sunita.devi87@sbx", GREEN_ID, "OPD1")
    with capture(execute=True):
        stand_in.carry(stand_in.held()[0])
    Arrival.objects.all().delete()
    answer = ask_running(stand_in, capture, body("running-token.status-callback"))
    assert answer["error"] == body("running-token.on-status-error-request")["error"]


def test_the_apps_own_call_is_taken(cast, stand_in):
    told = body("scan-share.phr-share-request")
    address = told["profile"]["patient"]["abhaAddress"]
    sent = stand_in.gate("POST", "patient-share/v3/share", told, **{"X-AUTH-TOKEN": address})
    assert sent.status_code == 202
    (letter,) = stand_in.held()
    assert letter["body"]["intent"] == told["intent"]
    assert letter["body"]["metaData"]["context"] == told["metaData"]["context"]


def test_both_forms_of_the_qr_are_read(cast, stand_in, capture):
    sample = body("scan-share.qr")
    rows = {row["code"]: row["text"] for row in queries.posters(cast.green)["rows"]}
    assert rows["OPD1"].split("?")[1] == sample["text"].split("?")[1]
    phone = Browser(stand_in, capture, stand_in.world.accounts["irfan45@sbx"])
    phone.log_in()
    for text in (sample["text"], sample["older_form"]):
        phone.send("/phr/scan", qr=text)
        assert phone.page.url.path == "/phr/share-profile" and "OPD1" in phone.page.text


# --- records ------------------------------------------------------------------------------


def test_a_flow_of_records_speaks_as_the_samples(flow):
    made = flow.ask(flow.grant())
    told = heard(flow.stand_in, "health-information/hip/on-request")
    assert shape(told) == shape(body("hip-data.on-request-request"))
    ended = heard(flow.stand_in, "health-information/notify")
    answer = flow.stand_in.gate("POST", "data-flow/v3/health-information/notify", ended)
    assert answer.status_code == WIRE["hip-data.notify-response"]["status"]
    assert answer.json() == body("hip-data.notify-response")
    assert len(made.told) == 2


def test_a_page_that_is_refused_is_told_as_failed(flow):
    """The consent names another visit there than here: a code of the receiver, not of ours."""
    made = flow.stand_in.ask(flow.grant())
    flow.world.consents[made.consent_id].detail["careContexts"].clear()
    flow.settle()
    sample = WIRE["hip-data.push-rejected-response"]
    said = client.understood(sample["status"], json.dumps(sample["body"]).encode())
    assert (said.kind, said.code) == (Class.FINAL, "7727")
    assert flow.transfer().status == "failed" and not made.pages
    assert shape(made.told[0]) == shape(SAMPLES["hip-data.notify-failed-request"]["notification"])


def test_a_page_is_taken_as_the_sample_says(flow):
    made = flow.stand_in.ask(flow.grant())
    flow.settle()
    row = flow.transfer()
    to = {"key": made.keys.public, "nonce": made.keys.nonce}
    page = pages.Page(row.pk, row.transaction_id, 0, 1, flow.paper.pk, "Prescription",
                      flow.visit.number, to, timezone.now())  # fmt: skip
    told = pages.body_of(page)
    assert shape(told["keyMaterial"]) == shape(body("crypto.key-material"))
    bearer = {"Authorization": f"Bearer {client.session_token()}"}
    answer = flow.stand_in.call("POST", f"/sandbox/data/{made.id}", told, **bearer)
    sample = WIRE["hip-data.push-response"]
    assert answer.status_code == sample["status"] and not answer.content and not sample["body"]
