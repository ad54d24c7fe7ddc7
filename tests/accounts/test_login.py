"""Coming in."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from apps.accounts.models import PractitionerRole
from apps.audit.models import AuditEvent
from tests.cast import PASSWORD

LOGIN = "/accounts/login/"


def browser(host="green-phc.bhavya.localhost"):
    return Client(headers={"host": host})


def log_in(client, login, password=PASSWORD, **more):
    return client.post(LOGIN, {"login": login, "password": password, **more})


@pytest.mark.parametrize("login", ["ravi", " RAVI ", "6000000001", "६००००००००१"])
def test_it_works_by_user_name_and_by_mobile(cast, login):
    cast.ravi.user.mobile = "6000000001"
    cast.ravi.user.save()
    client = browser()
    answer = log_in(client, login)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/me").status_code == 200
    assert AuditEvent.objects.filter(event="session.started", user_id=cast.ravi.user.pk).exists()


def test_one_log_in_counts_on_every_host(cast):
    client = browser()
    assert (
        log_in(client, cast.ravi.user.username).cookies["bhavya"]["domain"] == ".bhavya.localhost"
    )


def test_a_wrong_password_says_how_many_tries_are_left(cast):
    client, said = browser(), []
    client.cookies["lang"] = "en"
    for _ in range(4):
        answer = log_in(client, cast.ravi.user.username, "wrong-password")
        assert answer.status_code == 422
        said += re.findall(r"(\d) (?:try|tries) left", answer.content.decode())
    assert said == ["4", "3", "2", "1"]
    assert AuditEvent.objects.filter(event="session.failed").count() == 4


def test_five_wrong_ones_lock_the_name_and_say_until_when(cast):
    client = browser()
    for _ in range(4):
        log_in(client, cast.ravi.user.username, "wrong-password")
    for password in ("wrong-password", PASSWORD):
        answer = log_in(client, cast.ravi.user.username, password)
        assert answer.status_code == 429
        assert re.search(r"\d\d:\d\d", answer.content.decode())
    assert log_in(client, cast.rita.user.username).status_code == 302  # others are not locked


def test_an_unknown_name_gets_the_same_answer(cast):
    known = log_in(browser(), cast.ravi.user.username, "wrong-password").content.decode()
    unknown = log_in(browser(), "nobody-at-all", "wrong-password").content.decode()
    sentence = re.compile(r'role="alert">.*?</div></div>', re.S)
    assert sentence.search(known)[0] == sentence.search(unknown)[0]


@pytest.mark.parametrize("missing", ["login", "password"])
def test_an_empty_field_is_422_with_its_sentence(cast, missing):
    data = {"login": cast.ravi.user.username, "password": PASSWORD, missing: ""}
    answer = browser().post(LOGIN, data)
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()


def test_a_closed_account_stays_outside(cast):
    cast.ravi.user.is_active = False
    cast.ravi.user.save()
    client = browser()
    log_in(client, cast.ravi.user.username)
    assert client.get("/me").status_code == 302


def test_a_shared_computer_forgets_after_ten_idle_minutes(cast):
    shared, own = browser(), browser()
    log_in(shared, cast.ravi.user.username, shared="on")
    log_in(own, cast.ravi.user.username)
    assert shared.session.get_expiry_age() == 600
    assert own.session.get_expiry_age() == 12 * 3600


def test_a_page_that_refreshes_itself_does_not_keep_a_shared_computer_awake(cast):
    client = browser()
    log_in(client, cast.ravi.user.username, shared="on")
    session = client.session
    session["seen_at"] = 1
    session.save()
    client.get("/me", headers={"hx-request": "true"})
    assert client.session["seen_at"] == 1
    client.get("/me")
    assert client.session["seen_at"] > 1


def test_a_new_password_ends_the_other_sessions(cast):
    here, there = cast.ravi.client(), cast.ravi.client()
    new = {"oldpassword": PASSWORD, "password1": "a quiet river 9"}
    assert here.post("/accounts/password/change/", new)["Location"] == "/"
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302
    assert AuditEvent.objects.filter(event="password.changed").count() == 1


def test_the_first_password_must_be_changed_before_anything_else(cast):
    cast.ravi.user.must_change_password = True
    cast.ravi.user.save()
    client = cast.ravi.client()
    for path in ("/", "/me", "/staff/"):
        assert client.get(path)["Location"] == reverse("account_change_password")
    weak = client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "kurz"})
    assert weak.status_code == 422
    new = {"oldpassword": PASSWORD, "password1": "a quiet river 9"}
    client.post("/accounts/password/change/", new)
    assert client.get("/me").status_code == 200


def test_the_profile_s_language_comes_with_the_log_in(cast):
    cast.ravi.user.language = "en"
    cast.ravi.user.save()
    assert log_in(browser(), cast.ravi.user.username).cookies["lang"].value == "en"


def test_the_switch_is_kept_in_the_profile_and_leads_nowhere_else(cast):
    client = cast.ravi.client()
    answer = client.post("/language", {"language": "en", "next": "//evil.example/x"})
    assert answer["Location"] == "/"
    cast.ravi.user.refresh_from_db()
    assert cast.ravi.user.language == "en"


@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/reset/", "/accounts/inactive/"])
def test_the_door_stands_open_in_both_languages(db, path, language):
    client = browser("bhavya.localhost")
    client.cookies["lang"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.content.decode()


def test_log_out_is_noted(cast):
    client = cast.ravi.client()
    client.post("/accounts/logout/")
    assert client.get("/me").status_code == 302
    assert AuditEvent.objects.filter(event="session.ended").count() == 1


@pytest.mark.parametrize("host", ["green-phc.bhavya.localhost", "bhavya.localhost"])
def test_nobody_signs_up(db, host):
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/password/set/"):
        assert browser(host).get(path).status_code == 404


def test_too_many_requests_are_told_to_wait(cast):
    cache.clear()
    limits = {**settings.ACCOUNT_RATE_LIMITS, "login": "2/m/ip"}
    with override_settings(ACCOUNT_RATE_LIMITS=limits):
        client = browser()
        codes = [log_in(client, "nobody-here", "wrong").status_code for _ in range(4)]
    assert codes[-1] == 429


def test_an_ended_posting_is_told_and_noted(cast):
    PractitionerRole.objects.filter(user=cast.ravi.user).update(to_date="2026-01-31")
    client = cast.ravi.client()
    client.cookies["lang"] = "hi"
    answer = client.get("/")
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "31 जनवरी 2026" in text and "प्रभारी" in text
    assert AuditEvent.objects.get(event="access.refused").detail["permission"] == "posting"
    assert "31 जनवरी 2026" in client.get("/staff/").content.decode()
