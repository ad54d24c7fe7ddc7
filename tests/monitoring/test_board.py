"""The boards: the same numbers at each level, within reach, worst first, and never too few."""

import io
import re
import zipfile
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Leave, PractitionerRole
from apps.accounts.permissions import Role
from apps.core.actor import Scope
from apps.core.errors import Unseen
from apps.core.ids import uuid7
from apps.facilities import live, places
from apps.facilities.live import Place
from apps.facilities.models import Facility, Region
from apps.monitoring import actions, period, queries
from apps.monitoring.models import FacilityDay, HospitalNow, Watermark
from apps.monitoring.period import Period
from apps.monitoring.queries import holidays
from apps.monitoring.queries.board import session_began
from apps.supply import queries as supply
from apps.supply.models import StockLevel
from tests.monitoring.clock import stand_at
from tests.monitoring.counted import settle_days

TODAY = "/board/"
DAY = {
    "encounter.started": 40, "encounter.finished": 30, "prescription.signed/first": 24,
    "token.issued": 40, "token.issued/scan": 10, "medication.dispensed/closed": 20,
    "medication.dispensed/whole": 15, "report.verified/tests": 8, "wait/010": 9, "wait/060": 1,
}  # fmt: skip


def count(facility, day=None, **scaled):
    figures = {**DAY, **scaled.get("figures", {})}
    for event, n in figures.items():
        FacilityDay.objects.create(
            facility_id=facility.pk, day=day or timezone.localdate(), event=event, n=n,
            last_at=timezone.now(),
        )  # fmt: skip
    settle_days()


@pytest.fixture
def town(cast):
    """Green and a second hospital in two blocks of one district, Blue in another."""
    blocks = ["90001", "90002"]
    for code in ("203", "212"):
        Region.objects.create(kind="district", code=code, name_hi=f"ज़िला {code}", name_en=code)
    for code in blocks:
        Region.objects.create(
            kind="block", code=code, name_hi=code, name_en=code, parent_code="203"
        )
    places.forget()
    Facility.objects.filter(pk=cast.green.pk).update(block_code=blocks[0])
    config = {"slug": "red-phc", "prefix": "RED", "name_en": "Red PHC", "name_hi": "लाल"}
    connection.set_schema_to_public()
    cast.red = Facility.objects.create(
        schema_name="f_test_red", register_code="TEST-RED", facility_type="PHC",
        district_code="203", block_code=blocks[1], status="active", **config,
    )  # fmt: skip
    cast.blocks = blocks
    now = timezone.now()
    Watermark.objects.update_or_create(name="audit", defaults={"data_to": now, "ran_at": now})
    for facility in (cast.green, cast.red, cast.blue):
        count(facility)
    cast.state = cast.member("state", Role.SHQ, None)
    return cast


def figures(member, kind="", code="", when=None):
    where = queries.ground(member.actor, kind, code)
    return queries.board(where, when or period.last_days("today")).figures


def english(member):
    client = member.client()
    client.cookies["lang"] = "en"
    return client


def text(member, path=TODAY):
    answer = english(member).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(town):
    page = text(town.neha)
    assert "80" in page and "75%" in page  # 2 × 40 registrations, 15 of 20 got all
    assert "Red PHC" not in page  # blocks first, hospitals below


@pytest.mark.parametrize(
    "at, began",
    [
        ("2026-11-25T10:00", "09:00"),  # a Wednesday
        ("2026-11-25T08:59", None),
        ("2026-11-25T15:00", None),  # between two sessions
        ("2026-11-25T16:30", "16:00"),
        ("2026-11-25T20:00", None),
        ("2026-11-29T10:00", None),  # a Sunday
    ],
)
def test_a_sign_of_life_is_asked_for_within_hours_only(db, at, began):
    sessions = (
        {"code": "1", "starts": "09:00", "ends": "14:00"},
        {"code": "2", "starts": "16:00", "ends": "18:00"},
    )
    place = Place(uuid7(), "x", "x", "x", "203", "", "active", sessions=sessions)
    found = session_began(place, timezone.make_aware(datetime.fromisoformat(at)))
    assert (found and f"{timezone.localtime(found):%H:%M}") == began


def test_a_place_without_hospitals_does_not_say_that_all_report(town):
    Region.objects.create(kind="district", code="299", name_hi="ख़ाली", name_en="Empty")
    places.forget()
    page = english(town.state).get("/board/district/299/").content.decode()
    assert "No hospital here is on board" in page
    assert "No hospital is silent" not in page


def test_blocks_add_up_to_the_district_and_districts_to_the_state(town):
    state, district = figures(town.state), figures(town.neha)
    blocks = [figures(town.neha, "block", code) for code in town.blocks]
    hospitals = [figures(town.neha, "hospital", str(f.pk)) for f in (town.green, town.red)]
    other = figures(town.other_admin)
    for name in ("registered", "seen", "e_rx", "closed", "whole", "tests", "waited"):
        told = getattr(district, name)
        assert told == sum(getattr(block, name) for block in blocks)
        assert told == sum(getattr(hospital, name) for hospital in hospitals)
        assert getattr(state, name) == told + getattr(other, name)
    assert figures(town.manager) == hospitals[0]
    assert district.wait == state.wait == 15  # 9 of 10 within the bucket of 10 to 14 minutes


def test_another_office_s_places_are_not_there(town):
    for kind, code in (
        ("state", ""), ("district", "212"), ("hospital", str(town.blue.pk)), ("hospital", "x"),
        ("block", "none"), ("ward", "1"),
    ):  # fmt: skip
        with pytest.raises(Unseen):
            queries.ground(town.neha.actor, kind, code)
    client = town.neha.client()
    assert client.get("/board/district/212/").status_code == 404
    assert client.get(f"/board/hospital/{town.blue.pk}/csv").status_code == 404
    assert client.get(f"/board/hospital/{town.red.pk}/").status_code == 200
    with pytest.raises(Unseen):
        queries.ground(town.manager.actor, "hospital", str(town.red.pk))


def test_a_block_office_sees_its_block_alone(town):
    bhm = town.member("bhm", Role.BHM, None, town.blocks[0])
    PractitionerRole.objects.filter(user=bhm.user).update(scope=Scope.BLOCK)
    client = english(bhm)
    assert "Green PHC" in client.get(TODAY).content.decode()
    assert client.get(f"/board/block/{town.blocks[1]}/").status_code == 404
    assert client.get("/board/district/203/").status_code == 404


def test_few_patients_are_not_told_outside_the_hospital(town):
    FacilityDay.objects.filter(facility_id=town.red.pk).exclude(event="encounter.started").delete()
    FacilityDay.objects.filter(facility_id=town.red.pk).update(n=3)
    settle_days()
    outside = text(town.neha, f"/board/hospital/{town.red.pk}/")
    assert "&lt;5" in outside and "<b>3</b>" not in outside
    rows = b"".join(town.neha.client().get("/board/csv").streaming_content).decode().splitlines()
    assert any(",<5," in row for row in rows)
    sheet = town.neha.client().get("/board/csv?as=xlsx")
    assert sheet["Content-Disposition"].endswith('.xlsx"')
    with zipfile.ZipFile(io.BytesIO(sheet.content)) as file:
        texts = file.read("xl/sharedStrings.xml").decode()
        assert (
            "<t>&lt;5</t>" in texts
            and "<v>20</v>" in file.read("xl/worksheets/sheet1.xml").decode()
        )
    FacilityDay.objects.filter(facility_id=town.green.pk, event="encounter.started").update(n=3)
    settle_days()
    assert "<b>3</b>" in text(town.manager, "/board/days")


def test_who_waits_longest_stands_first(town):
    FacilityDay.objects.filter(facility_id=town.red.pk, event="wait/060").update(n=20)
    settle_days()
    board = queries.board(queries.ground(town.neha.actor), period.last_days("today"))
    assert [line.code for line in board.lines] == [town.blocks[1], town.blocks[0]]
    assert board.lines[0].figures.wait == 65


def test_days_are_chosen_and_compared(town):
    today = timezone.localdate()
    count(town.green, today - timedelta(days=1))
    assert figures(town.neha, when=period.last_days("7")).registered == 120
    yesterday = Period(today - timedelta(days=1), today - timedelta(days=1), "own")
    assert figures(town.neha, when=yesterday).registered == 40
    assert "120" in text(town.neha, "/board/?p=7")


@pytest.mark.parametrize(
    "asked",
    [
        "from=2026-11-05&to=2026-11-01",
        "from=x&to=2026-11-01",
        "from=2020-01-01&to=2026-01-01",
        "from=1996-01-01&to=2026-01-01",
        "from=0001-01-01&to=9999-12-31",
        "from=2026-01-01&to=2999-01-01",
    ],
)
def test_it_refuses_days_that_make_no_period(town, asked):
    answer = town.neha.client().get(f"/board/?{asked}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert town.neha.client().get(f"/board/csv?{asked}").status_code == 422


def test_a_late_counter_and_invented_days_are_said(town):
    assert "Data up to" in text(town.neha)
    cache.clear()
    Watermark.objects.update(data_to=timezone.now() - timedelta(minutes=5))
    FacilityDay.objects.filter(facility_id=town.red.pk).update(is_demo=True)
    settle_days()
    page = text(town.neha)
    assert "counting is late" in page and "invented demo" in page


def test_an_empty_place_says_so(town):
    FacilityDay.objects.all().delete()
    settle_days()
    assert "Nothing was counted" in text(town.neha)


def test_stock_outs_are_shown_for_today(town):
    StockLevel.objects.create(facility=town.green, district_code="203", medication_code="X",
                              usable=0, weekly_use=5)  # fmt: skip
    board = queries.board(queries.ground(town.neha.actor), period.last_days("today"))
    assert sorted(len(line.outs) for line in board.lines) == [0, 1]


def test_a_board_is_six_queries_and_drawn_once_in_five_seconds(
    town, django_assert_num_queries, django_assert_max_num_queries
):
    queries.ground(town.neha.actor)  # the map of regions is warm on a server, holidays too
    holidays.holidays()
    live.everywhere()
    where = queries.ground(town.state.actor)
    for key in ("today", "30"):
        with django_assert_num_queries(6):
            queries.board(where, period.last_days(key))
    with django_assert_num_queries(6):
        queries.board(queries.ground(town.neha.actor), period.last_days("today"))
    yesterday = timezone.localdate() - timedelta(days=1)
    with django_assert_num_queries(3):
        queries.board(where, Period(yesterday, yesterday, "own"))
    Facility.objects.filter(pk=town.red.pk).update(name_en="Red CHC")
    with django_assert_num_queries(7):  # a hospital is another, so all are read anew
        queries.board(where, period.last_days("today"))
    client = town.neha.client()
    client.get(TODAY)
    with django_assert_max_num_queries(4) as seen:  # session, user, posting: none of the board
        client.get(TODAY)
    assert not any("monitoring_" in query["sql"] for query in seen.captured_queries)


def test_hospitals_in_memory_are_never_old(town):
    """Made, renamed twice in one transaction, moved, closed, deleted: each is seen at once."""

    def known():
        return {p.name_en: (p.block_code, p.is_open) for p in live.everywhere() if p.id == new.pk}

    new = Facility(schema_name="f_test_new", register_code="TEST-NEW", facility_type="PHC",
                   district_code="203", block_code="90001", status="active", slug="new-phc",
                   prefix="NEW", name_en="New PHC", name_hi="नया")  # fmt: skip
    assert known() == {}
    Facility.objects.bulk_create([new])
    assert known() == {"New PHC": ("90001", True)}
    for told in (
        {"name_en": "A"},
        {"name_en": "B"},
        {"block_code": "90002"},
        {"status": "retired"},
    ):
        Facility.objects.filter(pk=new.pk).update(**told)
        known()
    assert known() == {"B": ("90002", False)}
    Facility.objects.filter(pk=new.pk).delete()
    assert known() == {}


def test_silence_last_signs_and_doctors_of_each_level_agree(town, monkeypatch):
    """Half past ten: Green was heard a minute ago, Red at five past nine, Blue never today."""
    now = stand_at(monkeypatch)
    connection.set_schema_to_public()
    sessions = [{"code": "1", "starts": "09:00", "ends": "14:00"}]
    Facility.objects.filter(pk__in=[town.green.pk, town.red.pk, town.blue.pk]).update(
        config={"sessions": sessions}
    )
    FacilityDay.objects.all().delete()
    for facility, minutes in ((town.green, 1), (town.red, 85)):
        FacilityDay.objects.create(facility_id=facility.pk, day=now.date(), event="token.issued",
                                   n=9, last_at=now - timedelta(minutes=minutes))  # fmt: skip
        HospitalNow.objects.create(facility_id=facility.pk, at=now, seated=1, posted=3)
    settle_days()
    board = queries.board(queries.ground(town.state.actor), period.last_days("today"))
    told = {one.code: (one.hospitals, one.at_work, one.silent, one.never, one.seated, one.posted)
            for one in board.lines}  # fmt: skip
    assert told == {"203": (2, 2, 1, 0, 2, 6), "212": (1, 1, 1, 1, 0, 0)}
    assert {line.code: line.last_at for line in board.lines}["203"] == now - timedelta(minutes=1)
    assert [(one.name_en, one.never, one.last_at) for one in board.missing] == [
        ("Blue CHC", 1, None), ("Red PHC", 0, now - timedelta(minutes=85)),
    ]  # fmt: skip
    block = queries.board(queries.ground(town.neha.actor, "block", town.blocks[1]),
                          period.last_days("today"))  # fmt: skip
    assert [(one.silent, one.last_at) for one in block.lines] == [(1, now - timedelta(minutes=85))]


def test_medicines_that_are_out_or_expired_since_are_counted_once(town):
    today = timezone.localdate()
    level = {"facility": town.green, "district_code": "203", "weekly_use": 5}
    for code, usable, expiry in (("A", 0, None), ("B", 4, today - timedelta(days=1)),
                                 ("C", 0, today - timedelta(days=9)), ("D", 4, today)):  # fmt: skip
        StockLevel.objects.create(medication_code=code, usable=usable, nearest_expiry=expiry,
                                  **level)  # fmt: skip
    StockLevel.objects.create(facility=town.green, district_code="203", medication_code="E",
                              usable=0, weekly_use=0)  # fmt: skip  # nobody uses it
    StockLevel.objects.filter(medication_code="B").update(weekly_use=50)
    assert supply.out_at({town.green.pk}) == {str(town.green.pk): ["B", "A", "C"]}
    every = supply.out_at(None)
    assert sorted(every[str(town.green.pk)]) == ["A", "B", "C"] and len(every) == 1


def test_the_table_is_a_file_of_hospitals(town):
    answer = english(town.neha).get("/board/csv?p=7")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert "attachment" in answer["Content-Disposition"]
    assert len(rows) == 3 and "Registrations" in rows[0]
    assert all(",40,30,15,24,80%,75%,8," in row for row in rows[1:])


def test_the_live_board_says_what_needs_somebody(cast):
    page = text(cast.manager)
    assert "Hospital right now" in page and "Nothing that is used is out of stock" in page
    assert "mo-wall" in text(cast.manager, "/board/?wall=1")


def test_a_day_that_is_counted_anew_is_on_the_board_at_once(town):
    day = timezone.localdate() - timedelta(days=3)
    count(town.green, day)
    when = period.last_days("7")
    before = figures(town.neha, when=when).registered
    assert actions.recount(day, day) > 0
    assert figures(town.neha, when=when).registered == before - 40  # the trail knows nothing of it


def test_a_room_whose_doctor_is_on_leave_has_no_doctor_now(cast):
    cast.dr_rao.user.postings.update(room="7")
    page = text(cast.manager)
    assert "no doctor now" not in page
    today = timezone.localdate()
    Leave.objects.create(
        facility=cast.green, user=cast.dr_rao.user, kind="casual", from_date=today, to_date=today
    )
    page = text(cast.manager)
    assert "no doctor now" in page and "on leave or off today" in page
    row = page.split("no doctor now")[1].split("</tr>")[0]
    assert row.count(">–<") == 4  # its line stands at the rooms that work
    assert "अभी डॉक्टर नहीं" in cast.manager.client().get(TODAY).content.decode()


@pytest.mark.parametrize("path", ["/p/enter", "/accounts/login/"])
def test_the_open_pages_are_found_from_the_first_pages(db, path):
    client = Client(headers={"host": "bhavya.localhost"})
    client.cookies["lang"] = "en"
    page = client.get(path, follow=True).content.decode()
    found = re.search(r'href="([^"]*/h/\?lang=en)"[^>]*>.*?Hospitals now', page, re.S)
    assert found and client.get("/h/?lang=en").status_code == 200
    client.cookies["lang"] = "hi"
    assert re.search(r'href="[^"]*/h/"', client.get(path, follow=True).content.decode())


def test_a_hospital_s_log_in_page_leads_to_the_state_s_open_pages(cast):
    page = Client(headers={"host": "green-phc.bhavya.localhost"}).get("/accounts/login/")
    assert re.search(r'href="https?://bhavya\.localhost[^"]*/h/"', page.content.decode())
