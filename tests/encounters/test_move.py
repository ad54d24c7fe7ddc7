"""Moving one patient, and sharing out the line of a doctor who was called away (J12)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions, queries
from apps.encounters.models import Encounter, QueueToken
from apps.facilities.config import Department, FacilityConfig, Room
from apps.notices.models import Notice
from tests.encounters import people

HOUSE = FacilityConfig(
    departments=(
        Department("MED", "सामान्य चिकित्सा", "General Medicine", "M"),
        Department("GYN", "स्त्री एवं प्रसूति", "Women's Health", "G"),
        Department("SUR", "सर्जरी", "Surgery", "S"),
    ),
    rooms=(Room("7", "MED"), Room("8", "MED"), Room("3", "GYN"), Room("5", "SUR")),
)


@pytest.fixture
def house(cast):
    cast.green.config = HOUSE.as_json()
    cast.green.save()
    from django.db import connection

    connection.set_tenant(cast.green)
    return cast


def crowd(cast, count, department="MED", first=1):
    """Rows as the desk leaves them: every third a priority, all waiting at the doctor's."""
    patient = people.asha(cast)
    visits = [
        Encounter(
            id=uuid7(), patient=patient, number=f"X-{department}-{n}", code=f"{department}{n:09d}",
            department=department,
        )
        for n in range(first, first + count)
    ]  # fmt: skip
    Encounter.objects.bulk_create(visits)
    QueueToken.objects.bulk_create(
        QueueToken(
            encounter=visit, queue=department, day=timezone.localdate(), number=n,
            station="doctor", priority=int(n % 3 == 0),
            priority_reason="senior" if n % 3 == 0 else "",
        )
        for n, visit in enumerate(visits, first)
    )  # fmt: skip


def line(department, room):
    rows = queries.queue("doctor", queue=department, room=room)
    return [row["token_id"] for row in rows if row["status"] == "waiting"]


def token_of(number, queue="MED"):
    return QueueToken.objects.get(queue=queue, number=number)


def test_one_patient_moves_and_keeps_number_and_place(house):
    crowd(house, 6)
    crowd(house, 4, "GYN")
    token, turn = token_of(5), line("MED", "7").index(token_of(5).pk)
    for _ in range(2):
        actions.move(token.pk, room="3", actor=house.manager.actor)
    moved = token_of(5)
    assert (moved.moved_to, moved.for_room, moved.number, moved.queue) == ("GYN", "3", 5, "MED")
    assert queries.token_label(moved) == "M-005"
    assert token.pk not in line("MED", "7")
    assert line("GYN", "3").index(token.pk) <= turn + 5
    assert AuditEvent.objects.filter(event="token.moved").count() == 1
    actions.move(token.pk, department="MED", actor=house.manager.actor)
    back = token_of(5)
    assert (back.moved_to, back.for_room, "place" in back.times) == ("", "", False)
    assert line("MED", "7").index(token.pk) == turn


def test_who_is_bound_to_a_room_is_called_there_only(house):
    crowd(house, 2)
    actions.move(token_of(1).pk, room="8", actor=house.manager.actor)
    first = actions.call_next("doctor", queue="MED", room="7", actor=house.dr_rao.actor)
    assert first.number == 2
    assert actions.call_next("doctor", queue="MED", room="7", actor=house.dr_rao.actor) is None
    other = house.member("dr_das", "MO", house.green)
    assert actions.call_next("doctor", queue="MED", room="8", actor=other.actor).number == 1


def test_numbers_stay_unique_when_lines_are_mixed(house):
    crowd(house, 3)
    crowd(house, 3, "GYN")
    for n in (1, 2, 3):
        actions.move(token_of(n).pk, department="GYN", actor=house.manager.actor)
    labels = [row["token"] for row in queries.queue("doctor", queue="GYN")]
    assert sorted(labels) == ["G-001", "G-002", "G-003", "M-001", "M-002", "M-003"]


def test_it_refuses_closed_rooms_and_who_is_inside(house):
    crowd(house, 1)
    with pytest.raises(Refused, match=r"token\.target"):
        actions.move(token_of(1).pk, room="99", actor=house.manager.actor)
    actions.serve(token_of(1).encounter_id, actor=house.dr_rao.actor)
    with pytest.raises(Refused, match=r"token\.gone_on"):
        actions.move(token_of(1).pk, room="3", actor=house.manager.actor)


def test_a_doctor_moves_only_the_own_line_and_no_whole_line(house):
    crowd(house, 1)
    crowd(house, 1, "GYN")
    actions.move(token_of(1).pk, room="8", actor=house.dr_rao.actor)
    with pytest.raises(Refused, match=r"token\.not_yours"):
        actions.move(token_of(1, "GYN").pk, room="8", actor=house.dr_rao.actor)
    with pytest.raises(Refused, match=r"token\.not_yours"):
        actions.spread("7", to=["3"], actor=house.dr_rao.actor)


def test_a_pharmacist_may_not(house):
    crowd(house, 1)
    with pytest.raises(Forbidden):
        actions.move(token_of(1).pk, room="8", actor=house.meena.actor)
    with pytest.raises(Forbidden):
        actions.spread("7", to=["8"], actor=house.meena.actor)


def test_j12_sixty_three_in_two_taps(house):
    crowd(house, 63)
    crowd(house, 5, "GYN")
    crowd(house, 4, "SUR")
    before = {key: n for n, key in enumerate(line("MED", "7"))}
    there = {room: line(queue, room) for queue, room in (("GYN", "3"), ("SUR", "5"))}
    moved = actions.spread("7", to=["3", "5"], actor=house.manager.actor)
    assert len(moved) == 63
    assert line("MED", "7") == []
    after = {"3": line("GYN", "3"), "5": line("SUR", "5")}
    assert sum(map(len, after.values())) == 63 + 5 + 4
    assert abs(len(after["3"]) - len(after["5"])) <= 10
    for room, keys in after.items():
        for n, key in enumerate(keys):
            old = before[key] if key in before else there[room].index(key)
            assert n - old <= 5
    assert QueueToken.objects.filter(queue="MED").values("number").distinct().count() == 63
    assert Notice.objects.filter(template="token-moved").count() == 63
    with pytest.raises(Refused, match=r"queue\.nobody"):
        actions.spread("7", to=["3", "5"], actor=house.manager.actor)


def test_j12_nobody_is_lost_whatever_they_were_doing(house):
    people.visit(house)  # still at the nursing desk, with the number 1
    crowd(house, 5, first=2)
    called = actions.call_next("doctor", queue="MED", room="7", actor=house.dr_rao.actor)
    actions.hold(token_of(5).pk, minutes=30, actor=house.dr_rao.actor)
    actions.skip(token_of(6).pk, actor=house.dr_rao.actor)
    actions.spread("7", to=["8", "3"], actor=house.manager.actor)
    rows = QueueToken.objects.filter(queue="MED")
    assert sorted(set(rows.values_list("for_room", flat=True))) == ["3", "8"]
    assert token_of(called.number).status == "waiting"
    assert (token_of(5).status, token_of(6).status) == ("held", "no-show")
    measured = token_of(1)
    actions.skip_vitals(measured.encounter_id, reason="device", actor=house.rita.actor)
    measured.refresh_from_db()
    assert measured.pk in line(measured.line, measured.for_room)


def test_rooms_that_are_too_full_are_told_first(house):
    crowd(house, 30)
    crowd(house, 30, "GYN")
    with pytest.raises(Refused, match=r"queue\.unfair") as no:
        actions.spread("7", to=["3"], actor=house.manager.actor)
    assert int(no.value.values["places"]) > 5
    assert QueueToken.objects.exclude(for_room="").count() == 0
    assert len(actions.spread("7", to=["3"], anyway=True, actor=house.manager.actor)) == 30


def test_the_house_at_a_glance(house, django_assert_max_num_queries):
    crowd(house, 3)
    token = actions.call_next("doctor", queue="MED", room="7", actor=house.dr_rao.actor)
    earlier = timezone.now() - timedelta(minutes=6)
    QueueToken.objects.filter(pk=token.pk).update(called_at=earlier)
    with django_assert_max_num_queries(4):
        rows = queries.rooms_now()
    room = rows[0]
    assert (room["code"], room["silent"], room["since_call"], room["waiting"]) == ("7", True, 6, 2)
    assert room["here"][0]["token"] == queries.token_label(token)
    assert room["doctor"]["en"] == "Dr Rao"
    assert [row["code"] for row in rows[1:]] == ["8", "3", "5"]
