"""Another person on a shared computer, by PIN or badge."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts import actions, sessions
from apps.accounts.models import LogIn, User
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from tests.accounts.shared import HOST, PIN, counter, switch, who


def test_it_works(cast):
    cast.ravi.user.language = "en"
    cast.ravi.user.save()
    client, _ = counter(cast, "Counter 2", cast.ravi, cast.rita)
    first = client.session.session_key
    answer = switch(client, cast.ravi)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == str(cast.ravi.user.pk)
    assert answer.cookies["lang"].value == "en"
    assert client.session.session_key != first
    assert client.get("/vitals/").status_code == 403  # the clerk's rights, not the nurse's
    assert client.get("/reg/").status_code == 200
    events = AuditEvent.objects.filter(user_id=cast.ravi.user.pk, event="session.started")
    assert events.last().detail == {"how": "pin"}


def test_it_works_with_a_badge(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi, cast.rita)
    secret = actions.issue_badge(cast.ravi.user.pk, id=uuid7(), actor=cast.manager.actor)
    assert client.post("/switch", {"badge": secret.lower()}).status_code == 302
    assert who(client) == str(cast.ravi.user.pk)


def test_the_page_shows_who_logged_in_here_today(cast):
    client, made = counter(cast, "Counter 2", cast.ravi, cast.rita)
    assert [face.name_en for face in sessions.faces(made)] == ["Rita", "Ravi"]
    page = client.get("/switch").content.decode()
    assert str(cast.rita.user.pk) in page
    assert str(cast.meena.user.pk) not in page


def test_faces_cost_two_queries(cast, django_assert_num_queries):
    _, made = counter(cast, "Counter 2", cast.ravi, cast.rita)
    sessions.faces(made)  # the search path is set with the first query
    with django_assert_num_queries(2):
        sessions.faces(made)


def test_it_refuses_a_wrong_pin_and_counts_it(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    for left in (4, 3, 2, 1):
        answer = switch(client, cast.ravi, "0000")
        assert answer.status_code == 422
        assert f"{left} " in answer.content.decode()
    switch(client, cast.ravi, "0000")
    assert switch(client, cast.ravi).status_code == 422  # locked, though right
    refused = AuditEvent.objects.filter(event="pin.refused", facility_id=cast.green.pk)
    assert refused.count() == 5


def test_it_refuses_guessing_over_many_people(cast):
    four = (cast.ravi, cast.rita, cast.meena, cast.manager)
    client, made = counter(cast, "Counter 2", *four)
    for member in four:
        for _ in range(4):
            switch(client, member, "0000")
    with pytest.raises(Refused, match=r"pin\.device"):
        actions.come_back(made, cast.ravi.user.pk, pin=PIN)


def test_it_refuses_who_never_logged_in_here(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    actions.set_pin(cast.meena.user.pk, "4827", actor=cast.meena.actor)
    assert switch(client, cast.meena).status_code == 422
    assert who(client) == str(cast.ravi.user.pk)


@pytest.mark.parametrize("change", ["password", "hours", "closed", "posting", "signed out"])
def test_a_face_goes(cast, change):
    client, made = counter(cast, "Counter 2", cast.ravi, cast.rita)
    ravi = cast.ravi.user
    if change == "password":
        ravi.set_password("another-long-one")
        ravi.save()
    elif change == "hours":
        LogIn.objects.filter(user=ravi).update(face_until=timezone.now() - timedelta(seconds=1))
    elif change == "closed":
        User.objects.filter(pk=ravi.pk).update(is_active=False)
    elif change == "posting":
        ravi.postings.update(to_date=timezone.localdate() - timedelta(days=1))
    else:
        actions.end_all_sessions(ravi.pk, actor=cast.manager.actor)
    assert [face.name_en for face in sessions.faces(made)] == ["Rita"]
    assert switch(client, cast.ravi).status_code == 422


def test_logging_out_takes_the_face_away_switching_does_not(cast):
    client, made = counter(cast, "Counter 2", cast.ravi, cast.rita)
    assert len(sessions.faces(made)) == 2  # Ravi made room for Rita
    client.post("/accounts/logout/")
    assert [face.name_en for face in sessions.faces(made)] == ["Ravi"]


def test_a_pin_is_worth_nothing_elsewhere(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    blue = Client(headers={"host": "blue-chc.bhavya.localhost"})
    blue.cookies[sessions.COOKIE] = client.cookies[sessions.COOKIE].value
    for stranger in (blue, Client(headers={"host": HOST})):
        answer = switch(stranger, cast.ravi)
        assert "/accounts/login/" in answer["Location"]
        assert who(stranger) == ""


def test_a_forged_cookie_is_no_computer(cast):
    client, made = counter(cast)
    client.cookies[sessions.COOKIE] = f"{made.pk}.{'0' * 40}:x"
    assert client.get("/switch")["Location"].startswith("/accounts/login/")


def test_a_badge_that_is_void_or_strange_is_refused(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi, cast.rita)
    old = actions.issue_badge(cast.ravi.user.pk, id=uuid7(), actor=cast.manager.actor)
    new = actions.issue_badge(cast.ravi.user.pk, id=uuid7(), actor=cast.manager.actor)
    for bad in (old, "BHV-0000000000000000"):
        assert client.post("/switch", {"badge": bad}).status_code == 422
    actions.revoke_badge(cast.ravi.user.pk, actor=cast.ravi.actor)
    assert client.post("/switch", {"badge": new}).status_code == 422
    assert AuditEvent.objects.filter(event="badge.refused").count() == 3


def test_a_badge_sent_twice_is_one(cast):
    form = uuid7()
    first = actions.issue_badge(cast.ravi.user.pk, id=form, actor=cast.manager.actor)
    assert actions.issue_badge(cast.ravi.user.pk, id=form, actor=cast.manager.actor) == first
    assert AuditEvent.objects.filter(event="badge.issued").count() == 1


def test_a_clerk_may_not_enrol_or_print_badges(cast):
    with pytest.raises(Forbidden):
        actions.enrol_workstation(id=uuid7(), name="X", actor=cast.ravi.actor)
    with pytest.raises(Forbidden):
        actions.issue_badge(cast.rita.user.pk, id=uuid7(), actor=cast.ravi.actor)
    with pytest.raises(Forbidden):
        actions.issue_badge(cast.rita.user.pk, id=uuid7(), actor=cast.dr_khan.actor)


def test_enrolling_gives_this_hospitals_host_a_cookie(cast):
    client = cast.manager.client()
    answer = client.post("/devices/enrol", {"id": uuid7(), "name": "काउंटर 2"})
    assert answer.status_code == 302
    assert answer.cookies[sessions.COOKIE]["domain"] == ""
    assert answer.cookies[sessions.COOKIE]["httponly"]
    assert "काउंटर 2" in client.get("/devices/").content.decode()
    assert client.post("/devices/enrol", {"id": uuid7(), "name": ""}).status_code == 422
