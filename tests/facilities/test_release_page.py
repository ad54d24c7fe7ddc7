"""How far a release has come: seen by the office, tried again by a press."""

import time

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection

from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core import health
from apps.core.errors import Forbidden, Unseen
from apps.facilities import actions, releases, schema
from apps.facilities.models import Facility
from bhavya import queues
from tests.facilities.routes import green

OLD = "0" * 12


@pytest.fixture
def release(tmp_path, monkeypatch, cast):
    """One release that adds a table; Green is behind, parked with a reason."""
    sql = ["-- patients.0009_note\nCREATE TABLE note (id uuid PRIMARY KEY);"]
    releases.write("note", OLD, schema.version(), sql, folder=tmp_path)
    known = releases.chain(tmp_path)
    monkeypatch.setattr(releases, "chain", lambda folder=None: known)
    green(cast)
    connection.set_schema_to_public()
    Facility.objects.update(schema_version=schema.version())
    Facility.objects.filter(pk=cast.green.pk).update(schema_version=OLD, failure="LockNotAvailable")


@pytest.fixture
def state(cast):
    return cast.member("shq", Role.SHQ, None)


def version(cast):
    return Facility.objects.get(pk=cast.green.pk).schema_version


def test_it_works(release, cast, state, django_capture_on_commit_callbacks):
    client = state.client()
    html = client.get("/releases/?lang=en").content.decode()
    assert "1 of 2 hospitals" in html and "LockNotAvailable" in html and "Try again" in html
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/releases/{cast.green.register_code}").status_code == 302
    assert version(cast) == schema.version()
    assert "2 of 2 hospitals" in client.get("/releases/?lang=en").content.decode()
    asked = AuditEvent.objects.get(event="release.asked")
    assert asked.facility_id == cast.green.pk and asked.user_id == state.user.pk


def test_it_is_safe_to_send_twice(release, cast, state, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.ask_roll_out(actor=state.actor) == 1
        assert actions.ask_roll_out(actor=state.actor) == 1  # still queued: asked again
    assert actions.ask_roll_out(actor=state.actor) == 0
    assert AuditEvent.objects.filter(event="facility.upgraded").count() == 1
    assert actions.upgrade(cast.green.pk) == ""


def test_while_it_waits_the_page_asks_again_and_then_no_more(release, cast, state):
    client = state.client()
    assert "every 4s" not in client.get("/releases/").content.decode()  # parked: nothing moves
    actions.ask_roll_out(actor=state.actor)
    html = client.get("/releases/?lang=en").content.decode()
    assert "every 4s" in html and "LockNotAvailable" not in html


def test_a_district_sees_and_tries_its_own_alone(release, cast):
    assert (
        "LockNotAvailable"
        not in cast.other_admin.client().get("/releases/?lang=en").content.decode()
    )
    assert "0 of 1 hospitals" in cast.neha.client().get("/releases/?lang=en").content.decode()
    with pytest.raises(Unseen):
        actions.ask_upgrade(cast.green.pk, actor=cast.other_admin.actor)
    with pytest.raises(Forbidden):
        actions.ask_roll_out(actor=cast.ravi.actor)
    assert version(cast) == OLD


def test_the_page_costs_one_query_beside_who_asks(cast, state, django_assert_max_num_queries):
    client = state.client()
    client.get("/releases/")
    with django_assert_max_num_queries(5):
        client.get("/releases/")


def test_the_command_shows_how_far_it_is(release, cast, capsys):
    call_command("roll_out")
    assert "[##############################] 1 of 1" in capsys.readouterr().err


def test_jobs_that_wait_are_shown_as_a_worker_saw_them(cast, state):
    page = state.client().get("/releases/?lang=en").content.decode()
    assert "No worker has been heard for an hour" in page
    seen = {"at": time.time(), "queues": {"papers": 7, "reports": 0}}
    cache.set("health:queues", seen)
    page = state.client().get("/releases/?lang=en").content.decode()
    assert (
        "Papers that a patient waits for" in page and ">7<" in page and "told nothing" not in page
    )
    cache.set("health:queues", {**seen, "at": time.time() - 300})
    assert (
        "told nothing for 300 seconds" in state.client().get("/releases/?lang=en").content.decode()
    )
    health.note_depths()  # what the clock's job does
    assert set(cache.get("health:queues")["queues"]) >= set(queues.NAMES)
