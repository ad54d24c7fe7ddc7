"""Boards when a hospital moves to another block in the middle of a month."""

from datetime import date, timedelta

import pytest
from django.db import connection

from apps.accounts.permissions import Role
from apps.facilities import places
from apps.facilities.models import Facility, Region
from apps.monitoring import queries
from apps.monitoring.models import FacilityDay
from apps.monitoring.period import Period
from tests.monitoring.counted import settle_days

MIDDLE = date(2026, 10, 15)


@pytest.fixture
def blocks(cast):
    """Green in block 90001 of 203; 90002 lies in the same district, and nobody is there."""
    connection.set_schema_to_public()
    for kind, code, above in (("district", "203", ""), ("district", "212", ""),
                              ("block", "90001", "203"), ("block", "90002", "203")):  # fmt: skip
        Region.objects.create(kind=kind, code=code, name_hi=code, name_en=code, parent_code=above)
    places.forget()
    Facility.objects.filter(pk=cast.green.pk).update(block_code="90001")
    for n in range(31):
        FacilityDay.objects.create(facility_id=cast.green.pk, event="encounter.started", n=10,
                                   day=date(2026, 10, 1) + timedelta(days=n))  # fmt: skip
    settle_days()
    cast.state = cast.member("state", Role.SHQ, None)
    return cast


def registered(cast, kind, code, when):
    return queries.board(queries.ground(cast.state.actor, kind, code), when).figures.registered


def test_a_hospital_that_moves_in_mid_month_is_counted_once_at_each_level(blocks):
    """The whole month goes along, so no day is in two blocks or in none, and sums agree."""
    october = Period(date(2026, 10, 1), date(2026, 10, 31), "own")
    half = Period(date(2026, 10, 1), MIDDLE, "own")
    assert registered(blocks, "block", "90001", october) == 310
    Facility.objects.filter(pk=blocks.green.pk).update(block_code="90002")
    settle_days()
    for when, n in ((october, 310), (half, 150)):
        told = [registered(blocks, *place, when) for place in (
            ("block", "90001"), ("block", "90002"), ("district", "203"), ("state", ""),
        )]  # fmt: skip
        assert told == [0, n, n, n]
    board = queries.board(queries.ground(blocks.state.actor, "district", "203"), october)
    assert [(line.code, line.figures.registered) for line in board.lines] == [("90002", 310)]
