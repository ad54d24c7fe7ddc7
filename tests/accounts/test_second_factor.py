"""The second factor of wider roles."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from apps.audit.models import AuditEvent
from tests.cast import PASSWORD

STATE = "bhavya.localhost"


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED_FROM = "block"


def proven(member):
    """A browser whose owner wrote the password a moment ago."""
    client = Client(headers={"host": STATE})
    client.post("/accounts/login/", {"login": member.user.username, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def switch_on(client):
    page = client.get("/accounts/2fa/app/on/").content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)[1]
    code = totp.format_hotp_value(
        totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time()))
    )
    return secret, client.post("/accounts/2fa/app/on/", {"code": code})


def test_district_and_state_must_set_one_up_first(
    cast, required, django_capture_on_commit_callbacks
):
    client = proven(cast.neha)
    assert client.get("/staff/")["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        secret, answer = switch_on(client)
    assert answer["Location"] == "/accounts/2fa/codes/"
    assert client.get("/staff/").status_code == 200
    kept = Authenticator.objects.get(user=cast.neha.user, type="totp")
    assert secret not in str(kept.data)
    kinds = AuditEvent.objects.filter(event="factor.added").values_list("detail__kind", flat=True)
    assert "totp" in kinds


def test_a_hospital_s_people_need_none(cast, required):
    assert cast.dr_rao.client().get("/me").status_code == 200


def test_the_demo_may_ask_nobody(cast, settings):
    settings.MFA_REQUIRED_FROM = ""
    assert proven(cast.neha).get("/staff/").status_code == 200


def test_after_the_password_the_code_is_asked(cast, required):
    switch_on(proven(cast.neha))
    client = proven(cast.neha)
    assert client.get("/staff/").status_code == 302  # not in yet
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 422
    codes = Authenticator.objects.get(user=cast.neha.user, type="recovery_codes").wrap()
    answer = client.post("/accounts/2fa/authenticate/", {"code": codes.get_unused_codes()[0]})
    assert answer["Location"] == "/"
    assert client.get("/staff/").status_code == 200


def test_recovery_codes_alone_do_not_count(cast, required):
    client = proven(cast.neha)
    switch_on(client)
    Authenticator.objects.filter(user=cast.neha.user, type="totp").delete()
    assert proven(cast.neha).get("/staff/")["Location"] == "/accounts/2fa/"


def test_every_page_of_factors_opens(cast):
    client = proven(cast.neha)
    switch_on(client)
    for path in ("", "app/off/", "codes/", "codes/new/", "codes/download/", "passkeys/",
                 "passkeys/new/"):  # fmt: skip
        assert client.get(f"/accounts/2fa/{path}").status_code == 200, path
    assert client.post("/accounts/2fa/app/off/")["Location"] == "/accounts/2fa/"
    assert AuditEvent.objects.filter(event="factor.removed").exists()


def test_a_change_of_factors_asks_for_the_password_once_more(cast):
    client = Client(headers={"host": STATE})
    client.post("/accounts/login/", {"login": cast.neha.user.username, "password": PASSWORD})
    assert client.get("/accounts/2fa/app/on/")["Location"].startswith("/accounts/reauthenticate/")
    wrong = client.post("/accounts/reauthenticate/", {"password": "wrong-password"})
    assert wrong.status_code == 422


def test_one_passkey_serves_every_host(cast):
    page = proven(cast.neha).get("/accounts/2fa/passkeys/new/").content.decode()
    assert '"id": "bhavya.localhost"' in page
