"""Who sits where, who is away, and that nobody signs while on leave."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from apps.accounts import actions, queries, roster
from apps.accounts.models import Leave, PractitionerRole, RosterEntry
from apps.accounts.permissions import Role
from apps.accounts.seats import seated, seats
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.encounters import queries as encounters

TODAY = timezone.localdate()
PIN = "4271"


@pytest.fixture
def rao(cast):
    actions.set_pin(cast.dr_rao.user.pk, PIN, actor=cast.dr_rao.actor)
    return cast.dr_rao


def turn(cast, member, shift="", room="7", first=None, last=None):
    first = first or timezone.localdate()
    return actions.set_roster(
        member.user.pk, first=first, last=last or first, shift=shift, room=room,
        actor=cast.manager.actor,
    )  # fmt: skip


def away(cast, member, first=None, days=2, id=None):
    first = first or timezone.localdate()
    return actions.grant_leave(
        member.user.pk, id=id or uuid7(), first=first, last=first + timedelta(days=days - 1),
        kind="casual", actor=cast.manager.actor,
    )  # fmt: skip


def test_it_works(cast, rao, django_assert_num_queries):
    other = cast.member("dr_sen", Role.MO, cast.green)
    other.user.postings.update(room="")
    assert seated(cast.green.pk) == {"7": rao.user.pk}  # by the posting alone
    turn(cast, rao, shift="1", room="3")
    turn(cast, other, shift="1", room="7")
    turn(cast, other, shift="2", room="3")
    with django_assert_num_queries(1):
        assert seated(cast.green.pk, "1") == {"3": rao.user.pk, "7": other.user.pk}
    assert seated(cast.green.pk, "2") == {"3": other.user.pk}
    assert queries.on_duty(cast.green.pk, session="1") == {rao.user.pk: "3", other.user.pk: "7"}
    told = AuditEvent.objects.filter(event="roster.changed").first()
    assert told.detail["shift"] in ("1", "2") and "name" not in str(told.detail)


def test_a_whole_day_or_a_day_off_takes_the_place_of_sessions(cast, rao):
    turn(cast, rao, shift="1")
    turn(cast, rao, shift="2")
    assert RosterEntry.objects.count() == 2
    turn(cast, rao, shift="off")
    assert [row.shift for row in RosterEntry.objects.all()] == ["off"]
    assert seated(cast.green.pk, "1") == {}
    assert queries.on_duty(cast.green.pk) == {}
    turn(cast, rao, shift="night", room="")
    assert seated(cast.green.pk, "1") == {} and queries.on_duty(cast.green.pk) == {rao.user.pk: ""}
    turn(cast, rao, shift="clear")
    assert seated(cast.green.pk, "1") == {"7": rao.user.pk}


def test_it_is_safe_to_send_twice(cast, rao):
    for _ in range(2):
        turn(cast, rao, last=timezone.localdate() + timedelta(days=3))
    assert RosterEntry.objects.count() == 4
    made = uuid7()
    assert away(cast, rao, id=made).pk == away(cast, rao, id=made).pk
    assert Leave.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"room": "99"}, "roster.room"), ({"room": ""}, "roster.room"),
        ({"shift": "x"}, "roster.shift"),
        ({"first": TODAY - timedelta(days=1)}, "roster.past"),
        ({"last": TODAY - timedelta(days=1)}, "posting.dates"),
        ({"last": TODAY + timedelta(days=40)}, "roster.long"),
    ],
)  # fmt: skip
def test_it_refuses_what_is_no_turn(cast, rao, change, code):
    with pytest.raises(Refused) as no:
        turn(cast, rao, **change)
    assert no.value.code == code


def test_it_refuses_who_is_not_posted_here_and_who_may_not(cast, rao):
    with pytest.raises(Refused) as no:
        turn(cast, cast.dr_khan)
    assert no.value.code == "roster.not_posted"
    with pytest.raises(Forbidden):
        actions.set_roster(rao.user.pk, first=TODAY, last=TODAY, shift="off", actor=cast.ravi.actor)


def test_who_is_on_leave_does_not_sign_and_is_told_why(cast, rao, django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.check_signature(rao.user.pk, PIN, actor=rao.actor)
    leave = away(cast, rao)
    with pytest.raises(Refused) as no:
        actions.check_signature(rao.user.pk, PIN, actor=rao.actor)
    assert no.value.code == "leave.signs"
    assert leave.to_date.strftime("%d-%m-%Y") in no.value.sentence
    actions.check_pin(rao.user.pk, PIN, actor=rao.actor)  # the desk itself stays usable
    plan = seats(cast.green.pk, "1")
    assert plan.seated == {} and plan.vacant == {"7"}
    assert queries.on_leave(cast.green.pk) == {rao.user.pk}
    tomorrow = timezone.localdate() + timedelta(days=2)
    assert queries.on_leave(cast.green.pk, day=tomorrow) == frozenset()


def test_a_leave_here_says_nothing_of_another_hospital(cast, rao):
    PractitionerRole.objects.create(
        user=rao.user, role="MO", scope="facility", facility=cast.blue, from_date=TODAY
    )
    away(cast, rao)
    elsewhere = type(rao.actor)(
        user_id=rao.user.pk, facility_id=cast.blue.pk, grants=rao.actor.grants
    )
    actions.check_signature(rao.user.pk, PIN, actor=elsewhere)


def test_in_an_emergency_a_reason_opens_the_signature_for_today(cast, rao):
    away(cast, rao)
    with pytest.raises(Refused) as no:
        actions.work_on_leave(reason="because", actor=rao.actor)
    assert no.value.code == "leave.reason"
    for _ in range(2):
        actions.work_on_leave(reason="emergency", actor=rao.actor)
    actions.check_signature(rao.user.pk, PIN, actor=rao.actor)
    told = AuditEvent.objects.get(event="leave.overridden")
    assert told.detail == {"reason": "emergency"} and told.user_id == rao.user.pk
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert queries.on_leave(cast.green.pk, day=tomorrow) == {rao.user.pk}
    with pytest.raises(Forbidden):
        actions.work_on_leave(reason="emergency", actor=cast.ravi.actor)


def test_two_leaves_do_not_overlap_and_one_ends_early(cast, rao):
    leave = away(cast, rao, days=5)
    with pytest.raises(Refused) as no:
        away(cast, rao, first=timezone.localdate() + timedelta(days=4))
    assert no.value.code == "leave.overlaps"
    actions.end_leave(leave.pk, actor=cast.manager.actor)
    actions.check_signature(rao.user.pk, PIN, actor=rao.actor)
    away(cast, rao, first=timezone.localdate() + timedelta(days=4))
    khan = cast.member("blue_manager", Role.HM, cast.blue)
    with pytest.raises(Unseen):
        actions.end_leave(leave.pk, actor=khan.actor)


def test_last_week_is_copied_into_empty_days_of_who_may_work(cast, rao):
    monday = roster.monday_of(timezone.localdate()) + timedelta(days=7)
    wednesday = monday + timedelta(days=2)
    turn(cast, rao, shift="1", first=monday, last=monday + timedelta(days=3))
    turn(cast, rao, shift="off", first=wednesday + timedelta(days=7))
    away(cast, rao, first=monday + timedelta(days=7), days=1)
    n = actions.copy_week(monday + timedelta(days=7), actor=cast.manager.actor)
    assert n == 2  # Monday is a leave, Wednesday is filled
    assert actions.copy_week(monday + timedelta(days=7), actor=cast.manager.actor) == 0
    with pytest.raises(Refused):
        actions.copy_week(monday - timedelta(days=21), actor=cast.manager.actor)


def test_queues_screens_and_the_window_say_that_no_doctor_is_there(cast, rao):
    assert not any(d["off"] for d in encounters.department_waits())
    away(cast, rao)
    cache.clear()  # the window's plan is half a minute old at most
    off = {d["code"]: d["off"] for d in encounters.department_waits()}
    assert off == {"MED": True, "GYN": False}
    row = next(row for row in encounters.rooms_now() if row["code"] == "7")
    assert row["vacant"] and row["doctor"] is None
    shown = {row["r"]: row["off"] for row in encounters.board(["7", "3"])["rooms"]}
    assert shown == {"7": True, "3": False}
    assert "no doctor now" in page(cast.ravi, "/reg/")


def page(member, path, **data):
    client = member.client()
    client.cookies["bhavya_language"] = "en"
    answer = client.post(path, data) if data else client.get(path, {"lang": "en"})
    return answer.content.decode()


def test_the_page_of_the_week(cast, rao, django_assert_max_num_queries):
    turn(cast, rao, shift="1", room="3")
    away(cast, cast.meena)
    client = cast.manager.client()
    with django_assert_max_num_queries(16):
        html = client.get("/admin/roster?lang=en").content.decode()
    assert "Casual leave" in html and "Day off" in html and "08:00" in html
    week = roster.week(cast.green.pk, roster.monday_of(timezone.localdate()))
    assert {line.user.username for line in week.lines} >= {"dr_rao", "meena", "manager"}
    sent = {
        "user": str(rao.user.pk), "first": TODAY.isoformat(), "last": "", "shift": "off",
        "room": "", "week": TODAY.isoformat(),
    }  # fmt: skip
    assert client.post("/admin/roster/turn", sent).status_code == 302
    assert RosterEntry.objects.get(user=rao.user).shift == "off"
    refused = client.post("/admin/roster/turn?lang=en", sent | {"shift": "1", "room": ""})
    assert refused.status_code == 422 and "Choose a room" in refused.content.decode()
    assert client.post("/admin/roster/leave", {"week": "rubbish"}).status_code == 422


def test_the_doctor_is_led_from_the_refusal_to_the_reason(cast, rao):
    away(cast, rao)
    client = rao.client()
    html = client.get("/me/leave?lang=en&next=https://evil.example/").content.decode()
    assert "Emergency" in html and 'href="https://evil' not in html
    assert client.post("/me/leave", {}).status_code == 422
    assert client.post("/me/leave", {"reason": "called_back", "next": "/opd/"}).url == "/opd/"
    assert "You are not on leave" in client.get("/me/leave?lang=en").content.decode()
