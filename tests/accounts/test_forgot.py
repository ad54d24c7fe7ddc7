"""A forgotten password."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from apps.accounts.models import OneTimeCode
from apps.audit.models import AuditEvent
from apps.notices.models import Notice

ASK, SET = "/accounts/password/reset/", "/accounts/password/reset/code/"
NEW = "a quiet river 9"


@pytest.fixture
def ravi(cast):
    user = cast.ravi.user
    user.mobile = "6000000001"
    user.save()
    return user


def browser():
    return Client(headers={"host": "bhavya.localhost"})


def sent_code():
    return re.match(r"\d{6}", Notice.objects.latest("created_at").body)[0]


@pytest.mark.parametrize("login", ["ravi", "6000000001", "६०००००0001"])
def test_it_works(ravi, login):
    client = browser()
    assert client.post(ASK, {"login": login})["Location"] == SET
    assert client.post(SET, {"code": sent_code(), "password": NEW}).status_code == 302
    ravi.refresh_from_db()
    assert ravi.check_password(NEW) and not ravi.must_change_password
    assert AuditEvent.objects.get(event="password.reset").detail == {"by": "phone"}
    kept = OneTimeCode.objects.get()
    assert kept.used_at and sent_code() not in kept.code_hash


def test_the_answer_is_the_same_for_an_unknown_account(ravi):
    known, unknown = browser(), browser()
    answers = [known.post(ASK, {"login": "ravi"}), unknown.post(ASK, {"login": "nobody"})]
    assert {(a.status_code, a["Location"]) for a in answers} == {(302, SET)}
    pages = [re.sub(r'value="\w{64}"', "", c.get(SET).content.decode()) for c in (known, unknown)]
    assert pages[0] == pages[1]
    assert Notice.objects.count() == 1


def test_five_wrong_codes_spend_it(ravi):
    client = browser()
    client.post(ASK, {"login": "ravi"})
    right = sent_code()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        assert client.post(SET, {"code": wrong, "password": NEW}).status_code == 422
    assert client.post(SET, {"code": right, "password": NEW}).status_code == 422
    ravi.refresh_from_db()
    assert not ravi.check_password(NEW)


def test_an_old_or_used_code_is_refused(ravi):
    client = browser()
    client.post(ASK, {"login": "ravi"})
    OneTimeCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(SET, {"code": sent_code(), "password": NEW}).status_code == 422
    client.post(ASK, {"login": "ravi"})
    code, again = sent_code(), browser()
    session = client.session["reset_code_id"]
    client.post(SET, {"code": code, "password": NEW})
    again.get(ASK)
    other = again.session
    other["reset_code_id"] = session
    other.save()
    assert again.post(SET, {"code": code, "password": "another river 8"}).status_code == 422


def test_a_code_that_is_not_the_newest_no_longer_works(ravi):
    first, second = browser(), browser()
    first.post(ASK, {"login": "ravi"})
    code = sent_code()
    second.post(ASK, {"login": "ravi"})
    assert first.post(SET, {"code": code, "password": NEW}).status_code == 422


def test_a_weak_password_costs_no_try(ravi):
    client = browser()
    client.post(ASK, {"login": "ravi"})
    assert client.post(SET, {"code": sent_code(), "password": "short"}).status_code == 422
    assert OneTimeCode.objects.get().tries_left == 5


def test_asking_again_and_again_is_slowed_down(ravi):
    cache.clear()
    codes = [browser().post(ASK, {"login": "ravi"}).status_code for _ in range(7)]
    assert 429 in codes
    assert Notice.objects.count() == 5


def test_without_asking_first_there_is_nothing_to_fill(db):
    assert browser().get(SET)["Location"] == ASK
