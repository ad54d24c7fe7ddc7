"""The trail is append-only and has room for the weeks to come."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.conf import settings as settings_of_house
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from apps.audit import actions
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from bhavya.local.steps import MANAGE

SOMEBODY = Actor.of_system("test")


def query(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def partitions():
    rows = query(
        "SELECT inhrelid::regclass::text FROM pg_inherits "
        "WHERE inhparent = 'public.audit_event'::regclass"
    )
    return {name.removeprefix("public.") for (name,) in rows}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET event = 'nothing'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE {partition} SET event = 'nothing'",
        "DELETE FROM {partition}",
        "TRUNCATE {partition}",
    ],
)
def test_the_application_may_not_change_or_remove_a_row(db, statement):
    actions.make_partitions()
    actions.record(Event.MASTER_LOADED, actor=SOMEBODY)
    # A test with committed rows may have run before: nobody can take them away, that is the point.
    before = AuditEvent.objects.count()
    for partition in sorted(partitions()):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            query(statement.format(partition=f'public."{partition}"'))
    assert AuditEvent.objects.count() == before >= 1


def test_weeks_ahead_have_their_partition_and_making_them_again_does_nothing(db):
    today = date(2031, 5, 15)
    made = actions.make_partitions(today)
    assert made == [f"audit_event_2031_{day}" for day in
                    ("05_12", "05_19", "05_26", "06_02", "06_09")]  # fmt: skip
    assert set(made) <= partitions()
    assert actions.make_partitions(today) == []
    assert actions.make_partitions(today + timedelta(weeks=1)) == ["audit_event_2031_06_16"]


def test_old_weeks_are_set_aside_with_their_rows(db, settings):
    actions.make_partitions(date(2019, 1, 9))
    AuditEvent.objects.create(event="master.loaded", at="2019-01-10T06:00:00Z")
    settings.AUDIT_KEEP_WEEKS = 4
    aside = actions.retire_partitions(date(2019, 2, 14))  # the week of 11 February less four
    assert aside == ["audit_event_2019_01_07"]
    assert "audit_event_2019_01_14" in partitions()
    assert query("SELECT event FROM public.audit_event_2019_01_07") == [("master.loaded",)]
    assert not AuditEvent.objects.filter(at__lt="2019-02-01T00:00:00Z").exists()
    assert actions.retire_partitions(date(2019, 2, 14)) == []


def test_nothing_of_today_is_set_aside_by_default(db):
    actions.make_partitions()
    call_command("audit_partitions", stdout=(out := StringIO()))
    assert out.getvalue() == "0 weeks made, 0 set aside\n"
    assert actions.missing_partitions() == []


def test_beat_makes_them_by_the_clock_not_a_day_after_its_start():
    plan = settings_of_house.CELERY_BEAT_SCHEDULE["audit.make_partitions"]["schedule"]
    assert plan.minute == {17} and len(plan.hour) == 24


def test_a_new_installation_makes_them_before_its_first_event():
    words = [step.words[0] for step in MANAGE]
    assert words.index("migrate") + 1 == words.index("audit_partitions")


def test_an_event_outside_every_week_is_kept_all_the_same(db):
    AuditEvent.objects.create(event="master.loaded", at="2050-01-01T00:00:00Z")
    rows = query("SELECT tableoid::regclass::text FROM audit_event WHERE at > '2049-01-01'")
    assert [name.removeprefix("public.") for (name,) in rows] == ["audit_event_rest"]


def test_a_week_that_already_has_rows_elsewhere_is_left_alone(db):
    AuditEvent.objects.create(event="master.loaded", at="2031-05-14T00:00:00Z")
    assert "audit_event_2031_05_12" not in actions.make_partitions(date(2031, 5, 15))


def test_every_event_is_a_noun_and_a_past_verb():
    assert all(event.value.count(".") == 1 for event in Event)
    assert len({event.value for event in Event}) == len(list(Event))
