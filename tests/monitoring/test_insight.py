"""Fair comparison, minutes of doctors, who was reachable."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts.permissions import Role
from apps.core.ids import uuid7
from apps.facilities.models import Device, Facility
from apps.monitoring import queries
from apps.monitoring.doubts import BUCKETS
from apps.monitoring.models import Alarm, DoctorDay, FacilityDay, PlaceMonth
from apps.monitoring.queries.fair import fair
from tests.monitoring.clock import stand_at

MONTH = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def english(member):
    client = member.client()
    client.cookies["lang"] = "en"
    return client


def hospital(n, *, patients, days, e_rx, whole, late, kind="PHC"):
    """A PHC of Green's district with one month behind it."""
    connection.set_schema_to_public()
    made = Facility.objects.create(
        schema_name=f"f_fair_{n}", register_code=f"FAIR{n}", facility_type=kind, slug=f"fair-{n}",
        prefix=f"F{n}", name_en=f"Fair {n}", name_hi=f"मेला {n}", district_code="203",
        status="active",
    )  # fmt: skip
    month(made.pk, patients=patients, days=days, e_rx=e_rx, whole=whole, late=late)
    return made


def month(facility_id, *, patients, days, e_rx, whole, late):
    figures = {
        "encounter.finished": patients, "prescription.signed/first": patients * e_rx // 100,
        "medication.dispensed/closed": 200, "medication.dispensed/whole": 2 * whole,
        "wait/010": 100 - late, "wait/060": late,
    }  # fmt: skip
    PlaceMonth.objects.create(kind="hospital", code=str(facility_id), month=MONTH, figures=figures)
    for n in range(days):
        DoctorDay.objects.create(
            facility_id=facility_id, day=MONTH + timedelta(days=n), user_id=uuid7(),
            patients=patients // days, minutes=[0] * BUCKETS,
        )  # fmt: skip


@pytest.fixture
def peers(districts, cast):
    """Six PHCs with about fifty patients a doctor's day: 60 %, 70 %, 20 of 100 late."""
    for n in range(6):
        hospital(n, patients=1000, days=20, e_rx=60, whole=70, late=20)
    return cast


def ground(cast):
    return queries.ground(cast.neha.actor)


def test_it_compares_with_its_like(peers):
    month(peers.green.pk, patients=1100, days=20, e_rx=80, whole=60, late=20)
    found, left = fair(ground(peers), MONTH)
    assert left == []
    own = next(one for one in found if one.place.id == peers.green.pk)
    assert own.apart == {"wait": 0, "e_rx": 20, "whole": -10}
    assert (own.peers, own.load, own.hint) == (6, 55.0, "whole")
    assert round(own.score, 1) == 3.3 and found[0] is own  # best first


def test_a_crowded_house_is_no_peer_of_quiet_ones(peers):
    month(peers.green.pk, patients=2000, days=20, e_rx=40, whole=50, late=50)
    found, left = fair(ground(peers), MONTH)
    assert [one.why for one in left] == ["peers"]  # a hundred a day against fifty
    assert peers.green.pk not in {one.place.id for one in found}


def test_too_few_patients_or_no_doctors_are_left_out(peers):
    month(peers.green.pk, patients=80, days=2, e_rx=40, whole=50, late=50)
    bare = hospital(7, patients=1000, days=0, e_rx=60, whole=70, late=20)
    _, left = fair(ground(peers), MONTH)
    assert {one.place.id: one.why for one in left} == {
        peers.green.pk: "few", bare.pk: "doctors",
    }  # fmt: skip


def test_another_kind_is_no_peer(districts, cast):
    month(cast.green.pk, patients=1000, days=20, e_rx=60, whole=70, late=20)
    for n in range(6):
        hospital(n, patients=1000, days=20, e_rx=60, whole=70, late=20, kind="DH")
    found, _ = fair(ground(cast), MONTH)
    assert cast.green.pk not in {one.place.id for one in found}


def test_the_page_says_how_and_what_to_do(peers):
    month(peers.green.pk, patients=1100, days=20, e_rx=50, whole=70, late=20)
    page = english(peers.neha).get(f"/board/fair/?m={MONTH:%Y-%m}").content.decode()
    assert "How this is reckoned" in page and "favourites and sets" in page
    inside = english(peers.manager).get("/board/fair").content.decode()
    assert "Green PHC" in inside and "Fair 1" not in inside
    assert (
        "Nothing can be compared" in english(peers.other_admin).get("/board/fair/").content.decode()
    )
    assert english(peers.neha).get("/board/fair/?m=nonsense").status_code == 200


def seen_by(cast, doctor, minutes):
    counts = [0] * BUCKETS
    for n in minutes:
        counts[n // 2] += 1
    DoctorDay.objects.create(
        facility_id=cast.green.pk, day=timezone.localdate() - timedelta(days=1),
        user_id=doctor.user.pk, patients=len(minutes), minutes=counts,
    )  # fmt: skip


def test_minutes_are_spread_by_doctor_inside_and_by_hospital_outside(districts, cast):
    second = cast.member("second_doctor", Role.MO, cast.green)
    seen_by(cast, cast.dr_rao, [1] * 5 + [5] * 13 + [20] * 2)
    seen_by(cast, second, [9] * 3)
    inside = english(cast.manager).get("/board/doctors").content.decode()
    assert "Dr Rao" in inside and "25%" in inside  # five of twenty under two minutes
    outside = english(cast.neha).get("/board/doctors/").content.decode()
    assert "Green PHC" in outside and "Dr Rao" not in outside
    spread = queries.minutes_by_place(ground(cast), period(1))[0]
    assert (spread.doctors, spread.patients, spread.half, spread.most) == (2, 23, 6, 10)


def period(days):
    last = timezone.localdate() - timedelta(days=1)
    return queries.minutes.Period(last - timedelta(days=days - 1), last, "own")


def test_few_visits_of_a_hospital_are_not_told_outside(districts, cast):
    seen_by(cast, cast.dr_rao, [4] * 3)
    page = english(cast.neha).get("/board/doctors/").content.decode()
    assert "&lt;5" in page and '<td class="n">3</td>' not in page


@pytest.fixture
def wednesday(districts, cast, monkeypatch):
    cast.now = stand_at(monkeypatch)
    connection.set_schema_to_public()
    config = {**cast.green.config, "sessions": [{"code": "1", "starts": "09:00", "ends": "14:00"}]}
    Facility.objects.filter(pk=cast.green.pk).update(config=config)
    return cast


def outage(cast, first, last):
    def at(text):
        return timezone.make_aware(datetime.fromisoformat(text)) if text else None

    Alarm.objects.create(
        facility_id=cast.green.pk, rule="silent", since=at(first), opened_at=at(first),
        closed_at=at(last),
    )  # fmt: skip


def test_outages_are_counted_within_hours_and_by_day(wednesday):
    outage(wednesday, "2026-11-24T13:30", "2026-11-24T15:00")  # half an hour of it within hours
    outage(wednesday, "2026-11-24T09:00", "2026-11-24T10:00")
    outage(wednesday, "2026-11-25T10:00", None)
    FacilityDay.objects.create(
        facility_id=wednesday.green.pk, day=date(2026, 11, 23), event="token.issued",
        n=1, last_at=wednesday.now,
    )  # fmt: skip
    found, late = queries.uptime(ground(wednesday), days=7)
    up = next(one for one in found if one.place.id == wednesday.green.pk)
    days = {day.day.day: (day.open_min, day.silent_min, day.outages) for day in up.days}
    assert days[24] == (300, 90, 2) and days[25] == (90, 30, 1)
    assert days[22] == (0, 0, 0)  # a Sunday
    assert days[23] == (300, 0, 0)  # heard of, never silent
    assert days[20] == (0, 0, 0)  # nobody did anything, nothing was watched
    assert (up.silent_now, up.outages, late) == (30, 3, True)  # nothing is counted: said so
    assert up.up_pct == round(100 * (1 - 120 / (2 * 300 + 90)))


def test_the_page_of_a_hospital_shows_its_screens(wednesday):
    outage(wednesday, "2026-11-25T10:00", None)
    for n, minutes in enumerate((1, 90)):
        Device.objects.create(
            facility=wednesday.green, kind="tv", name=f"Hall {n}", code_hash=str(n),
            bound_hash="x", seen_at=wednesday.now - timedelta(minutes=minutes),
        )  # fmt: skip
    page = english(wednesday.manager).get("/board/uptime").content.decode()
    assert "silent for 30 min" in page and ">on<" in page and ">not seen<" in page
    support = wednesday.member("support", Role.SUP, None)
    path = f"/board/hospital/{wednesday.green.pk}/uptime"
    assert "Hall 1" in english(support).get(path).content.decode()
    assert english(wednesday.other_admin).get(path).status_code == 404
