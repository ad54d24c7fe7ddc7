"""The trail is append-only and has room for the weeks to come."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from apps.audit import actions
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor

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
