"""Alarms: one row for each cause, closed by itself, taken in hand once; numbers for who rings."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters.models import QueueToken
from apps.facilities import places
from apps.facilities.models import Facility, Region
from apps.monitoring import actions, queries
from apps.monitoring.actions.watching import Cause, settle
from apps.monitoring.models import Alarm, FacilityDay, HospitalNow, Watermark
from apps.supply.models import StockLevel
from tests.encounters import people
from tests.monitoring.clock import stand_at
from tests.monitoring.counted import settle_days

SILENT = (Alarm.Rule.SILENT,)


@pytest.fixture(autouse=True)
def districts(request):
    """The districts of the two hospitals, where the test has a database of its own."""
    if "cast" in request.fixturenames:
        request.getfixturevalue("cast")
        for code in ("203", "212"):
            Region.objects.create(kind="district", code=code, name_hi=code, name_en=code)
        places.forget()


@pytest.fixture
def morning(cast, monkeypatch):
    """Half past ten on a Wednesday, counted to the second; both hospitals began at nine."""
    now = stand_at(monkeypatch)
    connection.set_schema_to_public()
    sessions = [{"code": "1", "starts": "09:00", "ends": "14:00"}]
    for facility in Facility.objects.filter(pk__in=[cast.green.pk, cast.blue.pk]):
        facility.config = {**facility.config, "sessions": sessions}
        facility.save(update_fields=["config"])
    Watermark.objects.update_or_create(name="audit", defaults={"data_to": now, "ran_at": now})
    cast.now = now
    return cast


def sign_of_life(cast, facility, minutes_ago):
    FacilityDay.objects.create(
        facility_id=facility.pk, day=timezone.localdate(), event="token.issued", n=1,
        last_at=cast.now - timedelta(minutes=minutes_ago),
    )  # fmt: skip
    settle_days()


def open_alarms(facility, rule=Alarm.Rule.SILENT):
    return Alarm.objects.filter(facility_id=facility.pk, rule=rule, closed_at=None)


def silent_at(facility):
    settle({facility.pk: [Cause("silent", "", 30, timezone.now() - timedelta(minutes=30))]}, SILENT)
    return open_alarms(facility).get()


def test_it_works(morning, monkeypatch):
    sign_of_life(morning, morning.green, 25)
    sign_of_life(morning, morning.blue, 3)
    actions.watch()
    assert open_alarms(morning.green).count() == 1
    assert not open_alarms(morning.blue).exists()
    actions.watch()
    assert Alarm.objects.filter(rule="silent").count() == 1  # the same cause, the same row
    FacilityDay.objects.update(last_at=timezone.now())
    settle_days()
    actions.watch()
    assert not open_alarms(morning.green).exists()
    told = AuditEvent.objects.filter(facility_id=morning.green.pk, event__startswith="alarm.")
    assert sorted(told.values_list("event", flat=True)) == ["alarm.closed", "alarm.opened"]


def test_outside_hours_nobody_is_silent_and_what_stood_open_is_closed(morning, monkeypatch):
    silent_at(morning.green)
    stand_at(monkeypatch, morning.now.replace(hour=15))
    Watermark.objects.update(data_to=timezone.now(), ran_at=timezone.now())
    actions.watch()
    assert not Alarm.objects.filter(closed_at=None).exists()


def test_late_counting_raises_no_alarm_of_silence(morning):
    Watermark.objects.update(data_to=morning.now - timedelta(minutes=5))
    actions.watch()
    assert not Alarm.objects.exists()


def test_a_long_wait_opens_an_alarm_of_its_room_and_tells_the_district(morning):
    with facility_context(morning.green.pk):
        people.at_the_doctor(morning)
        QueueToken.objects.update(
            day=timezone.localdate(), waiting_since=morning.now - timedelta(minutes=70)
        )
        actions.look()
    row = Alarm.objects.get(facility_id=morning.green.pk, rule="wait")
    assert (row.subject, row.n) == ("7", 70)
    now = HospitalNow.objects.get(facility_id=morning.green.pk)
    assert (now.waiting, now.longest) == (1, 70)
    assert now.departments[0]["code"] == "MED" and now.departments[0]["waiting"] == 1
    with facility_context(morning.green.pk):
        QueueToken.objects.update(status="done", station="none")
        actions.look()
    assert not open_alarms(morning.green, "wait").exists()


def test_expired_medicine_is_an_alarm_until_it_is_gone(morning):
    level = StockLevel.objects.create(
        facility=morning.green, district_code="203", medication_code="X", expired=4
    )
    with facility_context(morning.green.pk):
        actions.look()
        assert open_alarms(morning.green, "expired").get().n == 1
        level.delete()
        actions.look()
    assert not open_alarms(morning.green, "expired").exists()


def test_the_table_holds_one_open_row_for_a_cause(cast):
    silent_at(cast.green)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.create(facility_id=cast.green.pk, rule="silent")


def test_two_workers_open_one_row(bare_db):
    here = uuid7()

    def work():
        try:
            return settle({here: [Cause("silent", "", 12)]}, SILENT)
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(4) as pool:
            made = [run.result() for run in [pool.submit(work) for _ in range(4)]]
        assert sorted(made) == [0, 0, 0, 1]
        assert Alarm.objects.filter(facility_id=here).count() == 1
    finally:
        Alarm.objects.filter(facility_id=here).delete()


def test_it_is_taken_in_hand_with_a_note(cast):
    row = silent_at(cast.green)
    actions.acknowledge(row.pk, note="लाइनमैन रास्ते में", actor=cast.manager.actor)
    actions.acknowledge(row.pk, note="लाइनमैन रास्ते में", actor=cast.manager.actor)
    row.refresh_from_db()
    assert (row.acked_by, row.ack_note) == (cast.manager.user.pk, "लाइनमैन रास्ते में")
    assert AuditEvent.objects.filter(event="alarm.acknowledged").count() == 1
    with pytest.raises(Refused, match=r"alarm\.acked"):
        actions.acknowledge(row.pk, note="I do it", actor=cast.neha.actor)


@pytest.mark.parametrize("note", ["", " x ", "x" * 201, "रोगी 2345 6789 0124"])
def test_it_refuses_a_note_that_says_nothing_or_too_much(cast, note):
    row = silent_at(cast.green)
    with pytest.raises(Refused):
        actions.acknowledge(row.pk, note=note, actor=cast.manager.actor)


def test_a_clerk_may_not_and_another_district_sees_nothing(cast):
    row = silent_at(cast.green)
    for member, no in (
        (cast.ravi, Forbidden), (cast.district_store, Forbidden), (cast.other_admin, Unseen),
    ):  # fmt: skip
        with pytest.raises(no):
            actions.acknowledge(row.pk, note="on the way", actor=member.actor)
    page = cast.other_admin.client().get("/board/alarms/").content.decode()
    assert f"a-{row.pk}" not in page


def test_the_page_of_a_district_takes_it_in_hand(cast):
    row = silent_at(cast.green)
    client = cast.neha.client()
    client.cookies["lang"] = "en"
    page = client.get("/board/alarms/").content.decode()
    assert "Green PHC" in page and "Nothing has come from this hospital" in page
    path = f"/board/alarms/{row.pk}/ack"
    wrong = client.post(path, {"note": "x"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.content.decode()
    assert client.post(path, {"note": "rang the manager"}).status_code == 302
    assert "in hand: Neha" in client.get("/board/alarms/").content.decode()
    settle({cast.green.pk: []}, SILENT)
    assert "rang the manager" in client.get("/board/alarms/?d=7").content.decode()


def test_the_hospital_takes_its_own_in_hand(cast):
    row = silent_at(cast.green)
    client = cast.manager.client()
    assert client.get("/board/alarms").status_code == 200
    assert client.post(f"/board/alarms/{row.pk}/ack", {"note": "on it"}).status_code == 302
    row.refresh_from_db()
    assert row.acked_by == cast.manager.user.pk


def test_numbers_are_for_those_who_ring(cast):
    silent_at(cast.green)
    User.objects.filter(pk=cast.manager.user.pk).update(mobile="6000012345")
    centre = cast.member("centre", Role.CCC, None)
    magistrate = cast.member("magistrate", Role.DM, None, "203")
    assert "6000012345" in centre.client().get("/board/alarms/?wall=1").content.decode()
    page = magistrate.client().get("/board/alarms/").content.decode()
    assert "6000012345" not in page and cast.manager.user.name_hi in page


def test_a_page_of_alarms_is_five_queries(cast, django_assert_num_queries):
    silent_at(cast.green)
    actions.acknowledge(silent_at(cast.blue).pk, note="on it", actor=cast.other_admin.actor)
    where, neha = queries.ground(cast.member("state", Role.SHQ, None).actor), cast.neha.actor
    with django_assert_num_queries(5):
        board = queries.alarm_board(where, actor=neha, days=7)
    assert [one.row.acked_at is None for one in board.standing] == [True, False]
    assert [call.place.id for call in board.calls] == [cast.green.pk]


def at_night(cast, monkeypatch, *, department="MED", reason="", waited=60, vitals=False):
    """Eleven in the evening of a Sunday; one patient waits for so many minutes."""
    night = datetime.fromisoformat("2026-11-29T23:00:00+05:30")
    stand_at(monkeypatch, night)
    Watermark.objects.update(data_to=night, ran_at=night)
    with facility_context(cast.green.pk):
        (people.visit if vitals else people.at_the_doctor)(cast, department, reason=reason)
        began = night - timedelta(minutes=waited)
        QueueToken.objects.update(day=timezone.localdate(), waiting_since=began)
    cast.now = night
    sign_of_life(cast, cast.green, waited)


@pytest.mark.parametrize("vitals", [False, True])
def test_an_emergency_that_waits_at_night_rings(morning, monkeypatch, vitals):
    at_night(morning, monkeypatch, reason="emergency", vitals=vitals)
    assert actions.watch() == 1  # a hospital where somebody worked is looked at
    with facility_context(morning.green.pk):
        actions.look()
    row = open_alarms(morning.green, "wait").get()
    assert (row.subject, row.n) == ("@vitals" if vitals else "7", 60)
    page = morning.manager.client().get("/board/").content.decode()
    said = "नर्सिंग डेस्क" if vitals else "कमरा 7"
    assert said in page.split('class="mo-alarms"')[1].split("</ul>")[0]
    assert said in morning.neha.client().get("/board/alarms/").content.decode()


def test_an_outdoor_line_at_night_rings_nobody_unless_it_is_late_since_the_session(
    morning, monkeypatch
):
    at_night(morning, monkeypatch)
    with facility_context(morning.green.pk):
        actions.look()
    assert not open_alarms(morning.green, "wait").exists()
    settle({morning.green.pk: [Cause("wait", "7", 50)]}, ("wait",))
    with facility_context(morning.green.pk):
        actions.look()
    assert open_alarms(morning.green, "wait").get().n == 60


def test_an_emergency_within_the_target_and_a_hospital_asleep_ring_nobody(morning, monkeypatch):
    at_night(morning, monkeypatch, reason="emergency", waited=45)
    with facility_context(morning.green.pk):
        actions.look()
    assert not open_alarms(morning.green, "wait").exists()
    FacilityDay.objects.update(last_at=morning.now - timedelta(hours=4))
    settle_days()
    assert actions.watch() == 0
