"""Who is next, who is called, who comes back."""

import pytest
from django.utils import timezone

from apps.core.errors import Forbidden, Refused
from apps.core.tenancy import facility_context
from apps.encounters import actions, queries
from apps.encounters.models import Encounter, QueueToken
from tests.encounters import people


def call(cast, **more):
    return actions.call_next("doctor", queue="MED", room="7", actor=cast.dr_rao.actor, **more)


def test_it_works(cast, django_assert_max_num_queries):
    made = people.at_the_doctor(cast)
    assert cast.dr_rao
    with django_assert_max_num_queries(11):
        token = call(cast)
    assert (token.encounter_id, token.status, token.room) == (made.pk, "called", "7")
    seen = Encounter.objects.get(pk=made.pk)
    assert (seen.status, seen.doctor_id) == ("in-progress", cast.dr_rao.user.pk)
    assert call(cast) is None


def test_calls_follow_the_list_whatever_happens_between(cast):
    ages = [30, 31, 70, 32, 33, 80, 34]
    for age in ages:
        people.at_the_doctor(cast, age=age)
    people.at_the_doctor(cast, reason="emergency", age=5)
    expected = [row["number"] for row in queries.queue("doctor", queue="MED")]
    called = []
    while token := call(cast):
        called.append(token.number)
        if len(called) == 3:  # the rule has no memory of its own: the list says the same
            rest = [r["number"] for r in queries.queue("doctor", queue="MED")
                    if r["status"] == "waiting"]  # fmt: skip
            assert rest == expected[3:]
    assert called == expected == [8, 3, 1, 2, 6, 4, 5, 7]


def test_nobody_waits_for_ever_behind_priorities(cast):
    people.at_the_doctor(cast, age=30)
    for _ in range(5):
        people.at_the_doctor(cast, age=70)
    assert 1 in [call(cast).number for _ in range(2)]


def test_the_queue_costs_few_queries(cast, django_assert_num_queries):
    for age in (30, 70, 40):
        people.at_the_doctor(cast, age=age)
    with django_assert_num_queries(3):
        rows = queries.queue("doctor", queue="MED")
    assert [row["token"] for row in rows] == ["M-002", "M-001", "M-003"]
    assert rows[0]["badges"] == ["senior"]


def test_a_missed_patient_comes_back_with_the_old_number(cast):
    first, second = people.at_the_doctor(cast), people.at_the_doctor(cast)
    token = call(cast)
    actions.skip(token.pk, actor=cast.dr_rao.actor)
    actions.skip(token.pk, actor=cast.dr_rao.actor)
    assert call(cast).encounter_id == second.pk
    actions.bring_back(token.pk, actor=cast.ravi.actor)
    actions.bring_back(token.pk, actor=cast.ravi.actor)
    assert call(cast).encounter_id == first.pk


def test_it_refuses_to_bring_back_who_is_not_missed(cast):
    people.at_the_doctor(cast)
    token = call(cast)
    with pytest.raises(Refused, match=r"token\.not_missed"):
        actions.bring_back(token.pk, actor=cast.dr_rao.actor)
    actions.finish(token.encounter_id, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"token\.not_waiting"):
        actions.skip(token.pk, actor=cast.dr_rao.actor)


def test_one_may_call_again_but_not_away_from_another_room(cast):
    people.at_the_doctor(cast)
    token = call(cast)
    again = actions.call(token.pk, room="7", actor=cast.dr_rao.actor)
    assert again.times["doctor"][1] == token.times["doctor"][1]
    with pytest.raises(Refused, match=r"token\.taken"):
        actions.call(token.pk, room="1", actor=cast.manager.actor)


def test_a_doctor_calls_only_the_own_department(cast):
    people.at_the_doctor(cast, "GYN")
    with pytest.raises(Forbidden):
        actions.call_next("doctor", queue="GYN", actor=cast.dr_rao.actor)
    assert actions.call_next("doctor", queue="GYN", actor=cast.manager.actor)


def test_a_clerk_may_not_call(cast):
    with pytest.raises(Forbidden):
        actions.call_next("doctor", queue="MED", actor=cast.ravi.actor)


def test_times_of_each_station_are_kept_without_a_click(cast):
    made = people.visit(cast)
    actions.call_next("vitals", queue=None, actor=cast.rita.actor)
    actions.skip_vitals(made.pk, reason="device", actor=cast.rita.actor)
    call(cast)
    actions.serve(made.pk, actor=cast.dr_rao.actor)
    actions.finish(made.pk, actor=cast.dr_rao.actor)
    times = QueueToken.objects.get(encounter=made).times
    for station in ("vitals", "doctor"):
        assert len(times[station]) == 3
        assert times[station] == sorted(times[station])


def test_the_token_travels_on_with_its_number(cast):
    made = people.at_the_doctor(cast)
    token = actions.pass_on(made.pk, to_station="lab", actor=cast.dr_rao.actor)
    assert (token.station, token.status, token.number) == ("lab", "waiting", 1)
    assert actions.pass_on(made.pk, to_station="lab", actor=cast.dr_rao.actor).times == token.times
    back = actions.pass_on(made.pk, to_station="doctor", actor=cast.dr_rao.actor)
    assert (back.station, back.status) == ("doctor", "waiting")
    assert actions.pass_on(made.pk, to_station="none", actor=cast.dr_rao.actor).status == "done"


def test_a_night_knows_no_midnight(cast, monkeypatch):
    """Who came in the evening stays in line until six, before all of the new day."""
    seen, waits = people.at_the_doctor(cast), people.at_the_doctor(cast)
    actions.pass_on(seen.pk, to_station="none", actor=cast.dr_rao.actor)
    people.next_day(monkeypatch, waits, hour=1)
    QueueToken.objects.filter(encounter=seen).update(day=waits.token.day)
    later = people.at_the_doctor(cast)
    assert [row["slip"] for row in queries.queue("doctor", queue="MED")] == [
        waits.number, later.number,
    ]  # fmt: skip
    assert queries.place_of(waits)["state"] == "waiting"
    assert call(cast).encounter_id == waits.pk


def test_yesterday_is_not_in_todays_queue(cast, monkeypatch):
    made = people.visit(cast)
    people.next_day(monkeypatch, made, hour=6)
    assert queries.queue("vitals") == []
    assert actions.call_next("vitals", queue=None, actor=cast.rita.actor) is None


def test_another_hospital_sees_and_calls_nobody(cast):
    people.at_the_doctor(cast)
    with facility_context(cast.blue.pk):
        assert queries.queue("doctor") == []
        assert actions.call_next("doctor", queue="MED", actor=cast.dr_khan.actor) is None


def test_the_desk_counts_real_rows(cast):
    people.visit(cast)
    made = people.at_the_doctor(cast)
    call(cast)
    actions.finish(made.pk, actor=cast.dr_rao.actor)
    counts = queries.today_counts()
    assert (counts["slips"], counts["new"], counts["scans"], counts["wait_min"]) == (2, 2, 0, 0)
    assert queries.queue_counts("MED") == {"waiting": 1, "done": 1, "missed": 0}
    assert [d["waiting"] for d in queries.department_waits()] == [1, 0]
    assert queries.last_token()["token"] == "M-002"
    assert [row["token"] for row in queries.slips(timezone.localdate(), text="m-2")] == ["M-002"]
