"""Held, missed, back with results; two rooms at once; everything in the rows."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from apps.core.errors import Forbidden, Refused
from apps.encounters import actions, queries
from apps.encounters.models import Encounter, QueueToken
from tests.encounters import people


def call(cast, who=None, room="7"):
    return actions.call_next("doctor", queue="MED", room=room, actor=(who or cast.dr_rao).actor)


def waiting(room=""):
    rows = queries.queue("doctor", queue="MED", room=room)
    return [row["number"] for row in rows if row["status"] == "waiting"]


def second(cast):
    return cast.member("dr_das", "MO", cast.green)


def test_a_held_patient_keeps_the_place_and_comes_back_alone(cast):
    first = people.at_the_doctor(cast)
    people.at_the_doctor(cast)
    held = actions.hold(first.token.pk, minutes=30, actor=cast.dr_rao.actor)
    assert held.status == "held"
    assert waiting() == [2]
    assert queries.queue_counts("MED") == {"waiting": 2, "done": 0, "missed": 0}
    QueueToken.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert waiting() == [1, 2]
    assert call(cast).encounter_id == first.pk


def test_a_held_patient_comes_back_by_a_press(cast):
    token = people.at_the_doctor(cast).token
    actions.hold(token.pk, minutes=0, actor=cast.rita.actor)
    assert (waiting(), call(cast)) == ([], None)
    for _ in range(2):
        actions.bring_back(token.pk, actor=cast.ravi.actor)
    assert waiting() == [1]


def test_it_refuses_other_times_and_other_people(cast):
    token = people.at_the_doctor(cast).token
    with pytest.raises(Refused, match=r"token\.hold_time"):
        actions.hold(token.pk, minutes=7, actor=cast.dr_rao.actor)
    with pytest.raises(Forbidden):
        actions.hold(token.pk, minutes=15, actor=cast.neha.actor)


def test_missed_once_lets_three_go_first_missed_twice_all(cast):
    first = people.at_the_doctor(cast)
    for _ in range(5):
        people.at_the_doctor(cast)
    token = call(cast)
    assert token.encounter_id == first.pk
    actions.skip(token.pk, actor=cast.dr_rao.actor)
    actions.bring_back(token.pk, actor=cast.ravi.actor)
    assert waiting() == [2, 3, 4, 1, 5, 6]
    actions.skip(token.pk, actor=cast.dr_rao.actor)
    actions.bring_back(token.pk, actor=cast.ravi.actor)
    assert waiting() == [2, 3, 4, 5, 6, 1]
    assert queries.token_label(QueueToken.objects.get(pk=token.pk)) == "M-001"


def test_with_results_the_same_token_comes_back_before_later_numbers(cast):
    made = people.at_the_doctor(cast)
    for _ in range(4):
        people.at_the_doctor(cast)
    call(cast)
    actions.finish(made.pk, then="lab", actor=cast.dr_rao.actor)
    assert queries.queue_counts("MED") == {"waiting": 4, "done": 1, "missed": 0}
    call(cast)
    for _ in range(2):
        actions.come_back(made.pk, actor=cast.dr_rao.actor)
    rows = queries.queue("doctor", queue="MED")
    assert [row["number"] for row in rows if row["status"] == "waiting"] == [1, 3, 4, 5]
    assert rows[1]["badges"] == ["report"]
    assert QueueToken.objects.count() == 5
    again = call(cast)
    assert again.encounter_id == made.pk
    signed = Encounter.objects.get(pk=made.pk)
    assert signed.status == "finished"  # a look at a report opens no signed visit again
    actions.pass_on(made.pk, to_station="pharmacy", actor=cast.dr_rao.actor)
    token = QueueToken.objects.get(encounter=made)
    assert (token.station, token.status, token.returning, token.number) == (
        "pharmacy", "waiting", "", 1,
    )  # fmt: skip
    assert [stay[0] for stay in token.times["before"]] == ["doctor"]
    assert queries.station_minutes()["doctor"]["called"] == 3


def test_of_two_doctors_one_calls_and_the_other_is_told_where(cast):
    token = people.at_the_doctor(cast).token
    actions.call(token.pk, room="7", actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"token\.taken_room") as no:
        actions.call(token.pk, room="8", actor=second(cast).actor)
    assert "7" in no.value.sentence
    actions.serve(token.encounter_id, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"token\.inside_room"):
        actions.call_visit(token.encounter_id, room="8", actor=second(cast).actor)


def test_a_signed_visit_scanned_again_is_not_called_at_the_next_desk(cast):
    made = people.at_the_doctor(cast)
    call(cast)
    actions.finish(made.pk, then="pharmacy", actor=cast.dr_rao.actor)
    token = actions.serve(made.pk, actor=second(cast).actor)
    assert (token.station, token.status) == ("pharmacy", "waiting")


def test_all_desks_keep_one_number_and_their_own_times(cast):
    made = people.visit(cast)
    actions.skip_vitals(made.pk, reason="device", actor=cast.rita.actor)
    call(cast)
    actions.finish(made.pk, then="lab", actor=cast.dr_rao.actor)
    actions.pass_on(made.pk, to_station="pharmacy", actor=cast.dr_rao.actor)
    actions.call_next("pharmacy", queue=None, actor=cast.meena.actor)
    token = actions.pass_on(made.pk, to_station="none", actor=cast.meena.actor)
    assert (token.status, token.number) == ("done", 1)
    figures = queries.station_minutes()
    assert set(figures) == {"vitals", "doctor", "lab", "pharmacy"}
    assert figures["pharmacy"] == {
        "called": 1, "served": 1, "wait_p50": 0.0, "wait_p90": 0.0, "time_p50": 0.0,
        "time_p90": 0.0,
    }  # fmt: skip


def test_minutes_per_station_come_from_one_query(cast, django_assert_num_queries):
    made = people.at_the_doctor(cast)
    start = timezone.now() - timedelta(minutes=60)
    at = [(start + timedelta(minutes=n)).isoformat() for n in (0, 35, 41)]
    QueueToken.objects.filter(encounter=made).update(times={"doctor": at}, station="none")
    with django_assert_num_queries(1):
        figures = queries.station_minutes()
    assert (figures["doctor"]["wait_p50"], figures["doctor"]["time_p90"]) == (35.0, 6.0)


def test_the_wait_is_told_by_todays_own_pace(cast):
    for n in range(3):
        people.at_the_doctor(cast)
        made = call(cast)
        actions.finish(made.encounter_id, actor=cast.dr_rao.actor)
        start = timezone.now() - timedelta(minutes=9)
        at = [(start + timedelta(minutes=m)).isoformat() for m in (0, 1, 5)]
        times = {**made.times, "doctor": at}
        QueueToken.objects.filter(pk=made.pk).update(times=times)
        expected = queries.paces()["MED", ""]
        assert expected.measured == (n == 2)
    assert expected.minutes == 4.0
    people.at_the_doctor(cast)
    last = people.at_the_doctor(cast)
    place = queries.place_of(queries.visit(last.pk))
    assert (place["state"], place["ahead"], place["minutes"]) == ("waiting", 1, 4)


def test_the_queue_stands_in_the_rows_alone(cast):
    """Power cut: caches empty, connections new. The same list, the same turn, the same holds."""
    for age in (30, 70, 31, 32):
        people.at_the_doctor(cast, age=age)
    call(cast)
    held = QueueToken.objects.get(number=4)
    actions.hold(held.pk, minutes=30, actor=cast.dr_rao.actor)
    before = queries.queue("doctor", queue="MED")
    cache.clear()
    schema = connection.tenant
    connection.set_schema_to_public()
    connection.set_tenant(schema)
    after = queries.queue("doctor", queue="MED")
    keys = ("token", "status", "room", "held_until", "badges")
    assert [[row[k] for k in keys] for row in after] == [[row[k] for k in keys] for row in before]
    assert call(cast).number == 1
