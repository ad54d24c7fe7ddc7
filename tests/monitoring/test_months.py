"""Whole months: the same sums at every level, agreeing with their days, made once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.accounts.permissions import Role
from apps.core.errors import Refused
from apps.facilities.models import Facility
from apps.monitoring import actions, period, queries
from apps.monitoring.models import FacilityDay, PlaceMonth
from apps.monitoring.period import Period, asked, last_year

RUNNING = timezone.localdate().replace(day=1)
LAST = (RUNNING - timedelta(days=1)).replace(day=1)


def count(facility, day, n, event="encounter.started"):
    FacilityDay.objects.create(facility_id=facility.pk, day=day, event=event, n=n)
    actions.widen([day])


@pytest.fixture
def year(districts, cast):
    """Something in each of the last thirteen months at Green, in the last one at Blue."""
    month = LAST
    for k in range(13):
        count(cast.green, month, 10 + k)
        count(cast.green, month + timedelta(days=20), 5)
        month = (month - timedelta(days=1)).replace(day=1)
    count(cast.blue, LAST, 7)
    count(cast.green, LAST, 3, "no.figure")
    cast.state = cast.member("state", Role.SHQ, None)
    return cast


def board(member, when, kind="", code=""):
    return queries.board(queries.ground(member.actor, kind, code), when)


def all_months():
    found = [RUNNING]
    for _ in range(24):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def test_it_works(year, django_assert_num_queries):
    assert actions.roll_up(all_months()) > 0
    when = last_year()
    state = board(year.state, when)
    assert state.figures.registered == sum(10 + k + 5 for k in range(12)) + 7
    assert {line.code: line.figures.registered for line in state.lines} == {
        "203": state.figures.registered - 7, "212": 7,
    }  # fmt: skip
    assert len([m for m in state.days if m >= when.first.isoformat()]) == 12
    assert state.before.registered == 22 + 5  # the one month before the year
    hospital = board(year.neha, when, "hospital", str(year.green.pk))
    assert hospital.figures.registered == state.figures.registered - 7
    where = queries.ground(year.state.actor)
    with django_assert_num_queries(4):
        queries.board(where, when)


def test_a_month_agrees_with_its_days_and_is_made_anew(year):
    actions.roll_up([LAST])
    days = board(year.state, Period(LAST, RUNNING - timedelta(days=1), "own"))
    row = PlaceMonth.objects.get(kind="state", month=LAST)
    assert days.figures.registered == row.figures["encounter.started"] == 22
    assert "no.figure" not in row.figures
    count(year.blue, LAST + timedelta(days=1), 4)
    actions.roll_up([LAST])
    actions.roll_up([LAST])
    row = PlaceMonth.objects.get(kind="state", month=LAST)
    assert row.figures["encounter.started"] == 26


def test_the_running_month_is_not_made(year):
    count(year.green, RUNNING, 9)
    assert actions.roll_up([RUNNING]) == 0 and not PlaceMonth.objects.exists()


def test_a_hospital_that_moved_takes_its_past_along(year):
    actions.roll_up([LAST])
    Facility.objects.filter(pk=year.green.pk).update(district_code="212")
    actions.roll_up([LAST])
    row = PlaceMonth.objects.get(kind="district", month=LAST, code="212")
    assert row.figures["encounter.started"] == 22
    assert not PlaceMonth.objects.filter(kind="district", code="203").exists()


def test_which_months_are_due(monkeypatch):
    due = actions.months_due()
    assert due[0] == LAST and len(due) == (24 if timezone.localdate().weekday() == 6 else 2)


@pytest.mark.parametrize(
    "told, code",
    [
        ({"from": "1996-01-01", "to": "2025-12-31"}, "period.long"),
        ({"from": "2025-01-01", "to": "2025-12-30"}, "period.months"),
        ({"from": "2025-01-02", "to": "2025-12-31"}, "period.months"),
        ({"from": "2025-12-31", "to": "2025-01-01"}, "period.order"),
    ],
)
def test_it_refuses_days_that_make_no_months(told, code):
    with pytest.raises(Refused) as no:
        asked(told)
    assert no.value.code == code and no.value.sentence != code


def test_months_are_asked_by_their_first_and_last_day():
    when = asked({"from": "2025-01-01", "to": "2025-12-31"})
    assert when.months[0] == date(2025, 1, 1) and len(when.months) == 12
    assert (when.before.first, when.before.last) == (date(2024, 1, 1), date(2024, 12, 31))
    assert asked({"from": "2025-10-01", "to": "2025-12-31"}).months == []  # 92 days: by day
    assert asked({"p": period.YEAR}).query == "p=12m"


def test_the_pages_and_the_file(year):
    actions.roll_up(all_months())
    client = year.neha.client()
    client.cookies["lang"] = "en"
    page = client.get("/board/?p=12m").content.decode()
    assert "Registrations per month" in page and "Green PHC" in page
    rows = b"".join(client.get("/board/csv?p=12m").streaming_content).decode().splitlines()
    assert len(rows) == 2 and f",{sum(15 + k for k in range(12))}," in rows[1]
