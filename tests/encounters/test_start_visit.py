"""The slip and the token."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions, queries
from apps.encounters.models import Encounter, QueueToken
from apps.patients.models import Patient
from tests.encounters import people


def test_it_works(cast, django_assert_max_num_queries):
    asha = people.asha(cast)
    with django_assert_max_num_queries(12):
        made = actions.start_visit(asha.pk, id=uuid7(), department="MED", actor=cast.ravi.actor)
    year = timezone.localdate().year % 100
    assert made.number == f"GRN-{year:02d}-000001"
    assert queries.token_label(made.token) == "M-001"
    assert (made.token.station, made.token.status) == ("vitals", "waiting")
    events = AuditEvent.objects.filter(subject_id__in=(made.pk, made.token.pk))
    assert sorted(event.event for event in events) == ["encounter.started", "token.issued"]


def test_it_is_safe_to_send_twice(cast):
    asha, same = people.asha(cast), uuid7()
    first, second = (
        actions.start_visit(asha.pk, id=same, department="MED", actor=cast.ravi.actor)
        for _ in range(2)
    )
    assert first.pk == second.pk
    assert QueueToken.objects.count() == 1


def test_each_department_counts_for_itself(cast):
    made = [people.visit(cast, code) for code in ("MED", "GYN", "MED")]
    assert [queries.token_label(visit.token) for visit in made] == ["M-001", "G-001", "M-002"]
    assert len({visit.number for visit in made}) == len({visit.code for visit in made}) == 3


@pytest.mark.parametrize(
    "told, reason, group",
    [
        ({"age": 60}, "senior", 1),
        ({"age": 59}, "", 0),
        ({"age": 11, "age_unit": "months"}, "infant", 1),
        ({"age": 70, "reason": "emergency"}, "emergency", 9),
        ({"reason": "pregnant"}, "pregnant", 1),
    ],
)
def test_age_and_need_give_a_priority(cast, told, reason, group):
    token = people.visit(cast, **told).token
    assert (token.priority_reason, token.priority) == (reason, group)


def test_pregnancy_told_at_the_window_is_known_to_the_nurse(cast):
    assert people.visit(cast, reason="pregnant").pregnant is True


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"department": "XXX"}, "visit.department"),
        ({"department": ""}, "visit.department"),
        ({"priority_reason": "vip"}, "visit.priority"),
    ],
)
def test_it_refuses(cast, wrong, code):
    asha = people.asha(cast)
    with pytest.raises(Refused) as refused:
        actions.start_visit(
            asha.pk, **{"id": uuid7(), "department": "MED", **wrong}, actor=cast.ravi.actor
        )
    assert refused.value.code == code


def test_it_refuses_a_second_token_in_the_same_queue(cast):
    first = people.visit(cast)
    with pytest.raises(Refused) as refused:
        actions.start_visit(first.patient_id, id=uuid7(), department="MED", actor=cast.ravi.actor)
    assert refused.value.values == {"token": "M-001"}
    assert actions.start_visit(
        first.patient_id, id=uuid7(), department="GYN", actor=cast.ravi.actor
    )


def test_it_refuses_a_patient_of_another_hospital(cast):
    asha = people.asha(cast)
    with facility_context(cast.blue.pk), pytest.raises(Refused, match=r"patient\.not_found"):
        clerk = cast.member("blue_clerk", "REG", cast.blue)
        actions.start_visit(asha.pk, id=uuid7(), department="MED", actor=clerk.actor)


def test_a_doctor_may_not(cast):
    asha = people.asha(cast)
    with pytest.raises(Forbidden):
        actions.start_visit(asha.pk, id=uuid7(), department="MED", actor=cast.dr_rao.actor)


def test_registering_and_token_are_both_or_nothing(cast):
    with pytest.raises(Refused):
        actions.register_visit(
            patient={"id": uuid7(), "name_hi": "आशा", "sex": "female", "age": 34},
            visit={"id": uuid7(), "department": "XXX"},
            actor=cast.ravi.actor,
        )
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    "clock, session", [("07:00", "1"), ("13:59", "1"), ("14:00", "2"), ("18:00", "2")]
)
def test_two_sessions_a_day(cast, clock, session):
    hour, minute = map(int, clock.split(":"))
    at = datetime(2026, 11, 23, hour, minute, tzinfo=ZoneInfo("Asia/Kolkata"))
    assert queries.session_now(queries.visits.settings_here(), at) == session


def test_a_cancelled_slip_leaves_the_queue_and_keeps_its_number(cast):
    first = people.visit(cast)
    actions.cancel(first.pk, actor=cast.ravi.actor)
    actions.cancel(first.pk, actor=cast.ravi.actor)
    assert queries.queue("vitals") == []
    again = actions.start_visit(
        first.patient_id, id=uuid7(), department="MED", actor=cast.ravi.actor
    )
    assert again.token.number == 2
    actions.finish(again.pk, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"visit\.closed"):
        actions.cancel(again.pk, actor=cast.ravi.actor)
    assert Encounter.objects.get(pk=again.pk).status == "finished"


def test_the_slip_is_found_by_all_it_says(cast):
    made = people.visit(cast)
    said = [
        made.number, made.number.lower(), f" {made.number} ", "1", "००००००१"[1:], "M-001", "m1",
        "M001", f"https://green-phc.example/s/{made.code}", f"http://x/s/{made.code.lower()}?a=1",
    ]  # fmt: skip
    assert {queries.by_number(text).pk for text in said} == {made.pk}
    for text in ("", "M-002", "X-001", "GRN-26-999999", "BLU-26-000001", "/s/", "नमस्ते", "9" * 40):
        assert queries.by_number(text) is None
    with facility_context(cast.blue.pk):
        assert queries.by_number(made.number) is None
