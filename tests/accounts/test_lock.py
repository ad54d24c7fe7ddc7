"""The lock of a shared computer, and the end of sessions from afar."""

import time

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts import actions, sessions
from apps.accounts.models import LogIn
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Unseen
from tests.accounts.shared import PIN, counter, switch, who
from tests.cast import PASSWORD


def leave_alone(client, seconds):
    session = client.session
    session["seen_at"] = int(time.time()) - seconds
    session.save()


def test_it_works(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    assert client.post("/lock", {"hand": 1}).status_code == 302
    assert client.get("/reg/slips")["Location"] == "/lock?next=/reg/slips"
    page = client.get("/lock?next=/reg/slips")
    assert page.status_code == 200
    answer = client.post("/unlock", {"pin": PIN, "next": "/reg/slips"})
    assert answer["Location"] == "/reg/slips"
    assert client.get("/reg/slips").status_code == 200
    events = AuditEvent.objects.filter(user_id=cast.ravi.user.pk).values_list("event", flat=True)
    assert {"session.locked", "session.unlocked"} <= set(events)


def test_a_session_left_alone_locks_itself(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    leave_alone(client, 200)
    assert client.get("/reg/").status_code == 200  # within the grace
    leave_alone(client, 300)
    assert "/lock" in client.get("/reg/")["Location"]


def test_a_page_that_asks_by_itself_keeps_nobody_awake(cast):
    client, _ = counter(cast, "Counter 2", cast.rita)
    session = client.session
    session["noted_at"] = 0
    session.save()
    leave_alone(client, 100)
    before = client.session["seen_at"]
    client.get("/vitals/", headers={"HX-Request": "true"})
    client.post("/reg/", {}, headers={"X-Outbox": "auto"})
    assert client.session["seen_at"] == before
    client.post("/awake")
    assert client.session["seen_at"] > before


def test_a_locked_session_is_shown_and_does_nothing(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    client.post("/lock")
    for answer in (
        client.get("/reg/", headers={"HX-Request": "true"}),
        client.post("/reg/", {}, headers={"X-Outbox": "1"}),
        client.get("/api/queues/vitals"),
    ):
        assert (answer.status_code, answer["X-Locked"]) == (401, "pin")
    assert "/lock" in client.post("/reg/", {})["Location"]
    assert client.get("/online").status_code == 204


def test_a_wrong_pin_opens_nothing(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    client.post("/lock")
    answer = client.post("/unlock", {"pin": "0000"}, headers={"X-Outbox": "1"})
    assert answer.status_code == 422
    assert "4" in answer.content.decode()
    assert client.post("/unlock", {"pin": "0000"}).status_code == 422
    assert "/lock" in client.get("/reg/")["Location"]


def test_another_person_takes_over_a_locked_computer(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi, cast.rita)
    client.post("/lock")
    assert switch(client, cast.ravi).status_code == 302
    assert client.get("/reg/").status_code == 200


def test_a_tab_of_the_person_before_does_nothing_in_a_new_name(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi, cast.rita)
    answer = client.post("/reg/match/", {}, headers={"X-Who": str(cast.ravi.user.pk)})
    assert (answer.status_code, answer["X-Locked"]) == (401, "other")


def test_an_own_computer_is_never_locked(cast):
    client = Client(headers={"host": "green-phc.bhavya.localhost"})
    client.post("/accounts/login/", {"login": cast.ravi.user.username, "password": PASSWORD})
    client.post("/lock")
    assert client.get("/reg/").status_code == 200


def test_signing_out_from_afar_works_at_once_on_every_host(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    phone = Client(headers={"host": "green-phc.bhavya.localhost"})
    phone.post("/accounts/login/", {"login": "ravi", "password": PASSWORD})
    rows = sessions.open_sessions(cast.ravi.user.pk)
    assert [row.where for row in rows] == ["", "Counter 2"]
    phone.post("/me/sessions/end")
    assert phone.get("/me").status_code == 200
    for host in ("green-phc.bhavya.localhost", "bhavya.localhost"):
        assert "/login/" in client.get("/me", headers={"host": host})["Location"]
    assert who(client) == ""
    assert AuditEvent.objects.get(event="session.closed").detail == {"count": 1}


def test_the_office_signs_somebody_out(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    row = LogIn.objects.get(user=cast.ravi.user, ended_at=None)
    office = cast.manager.client()
    page = office.get(f"/staff/{cast.ravi.user.pk}/").content.decode()
    assert "Counter 2" in page
    office.post(f"/staff/{cast.ravi.user.pk}/sessions/{row.pk}/end")
    assert "/login/" in client.get("/reg/")["Location"]


def test_a_session_gone_from_the_cache_alone_stays_out(cast):
    client, _ = counter(cast, "Counter 2", cast.ravi)
    actions.end_all_sessions(cast.ravi.user.pk, actor=cast.manager.actor)
    cache.clear()
    assert "/login/" in client.get("/reg/")["Location"]


def test_revoking_a_computer_puts_everybody_out(cast):
    client, made = counter(cast, "Counter 2", cast.ravi)
    with pytest.raises(Unseen):
        actions.revoke_workstation(made.pk, actor=cast.other_admin.actor)
    assert client.get("/reg/").status_code == 200
    actions.revoke_workstation(made.pk, actor=cast.neha.actor)
    assert "/login/" in client.get("/reg/")["Location"]
    assert client.get("/switch")["Location"].startswith("/accounts/login/")


def test_a_colleague_may_not_sign_me_out(cast):
    counter(cast, "Counter 2", cast.ravi)
    row = LogIn.objects.get(user=cast.ravi.user, ended_at=None)
    with pytest.raises(Forbidden):
        actions.end_session(row.pk, user_id=cast.ravi.user.pk, actor=cast.rita.actor)
    with pytest.raises(Forbidden):
        actions.end_all_sessions(cast.ravi.user.pk, actor=cast.dr_khan.actor)
