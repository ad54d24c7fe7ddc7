"""One row a place and day: what its counters add up to, whoever counts, whatever moves."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Event as Flag

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.ids import uuid7
from apps.facilities.models import Facility
from apps.monitoring import actions, jobs
from apps.monitoring.models import FacilityDay, PlaceDay, Watermark
from apps.monitoring.queries.figures import KEYS

CLERK = Actor(user_id=uuid7())
TODAY = timezone.localdate()


def expected():
    """(day, kind, code) to (figures, last sign, demo), from the counters and the map of now."""
    lies = {f.pk: f for f in Facility.objects.all()}
    found = {}
    for row in FacilityDay.objects.all():
        place = lies.get(row.facility_id)
        if place is None:
            continue
        keys = [("hospital", str(place.pk)), ("district", place.district_code), ("state", "")]
        for kind, code in [*keys, *([("block", place.block_code)] if place.block_code else [])]:
            sums, last, demo = found.get((row.day, kind, code), (Counter(), None, False))
            if row.event in KEYS:
                sums[row.event] += row.n
                demo = demo or row.is_demo
            last = max((at for at in (last, row.last_at) if at), default=None)
            found[row.day, kind, code] = (sums, last, demo)
    return found


def kept():
    return {
        (row.day, row.kind, row.code): (Counter(row.figures), row.last_at, row.is_demo)
        for row in PlaceDay.objects.all()
        if row.figures or row.last_at  # the State has a row of an empty day, too
    }


def note(facility, event=Event.TOKEN_CALLED, **detail):
    record(event, actor=CLERK, facility_id=facility.pk, **detail)


def add(facility, day, n=1, event="encounter.started", **more):
    FacilityDay.objects.create(facility_id=facility.pk, day=day, event=event, n=n, **more)


def clean():
    for model in (FacilityDay, PlaceDay, Watermark):
        model.objects.all().delete()


@pytest.fixture
def two(bare_db):
    """Green and Blue in real transactions: what is counted here is taken away again."""
    clean()
    actions.count()
    yield list(Facility.objects.filter(status="active").order_by("slug"))
    clean()


@pytest.mark.drill
def test_it_works(two):
    for facility in two:
        note(facility, station="doctor", wait=7)
        note(facility, Event.ENCOUNTER_STARTED, abha=True)
    assert actions.count()
    assert kept() == expected() and len(two) == 2
    state = PlaceDay.objects.get(day=TODAY, kind="state")
    assert state.figures == {"wait/005": 2, "encounter.started": 2, "encounter.started/abha": 2}
    assert state.last_at is not None and not state.is_demo


@pytest.mark.drill
def test_two_counters_and_many_writers_are_exact(two):
    """Six hands, 180 events, a third rolled back, two counters in between that end as they like."""
    done = Flag()

    def write(seed):
        chance = Random(seed)
        for _ in range(30):
            try:
                with transaction.atomic():
                    note(chance.choice(two), station="doctor", wait=chance.randrange(90))
                    if chance.random() < 0.33:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
        connection.close()

    def keep_counting(seed):
        chance = Random(seed)
        while not done.is_set():
            try:
                with transaction.atomic():
                    actions.count()
                    if chance.random() < 0.3:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        counting = [pool.submit(keep_counting, seed) for seed in (100, 101)]
        for hand in [pool.submit(write, seed) for seed in range(6)]:
            hand.result()
        done.set()
        for run in counting:
            run.result()
    actions.count()
    state = PlaceDay.objects.get(day=TODAY, kind="state")
    calls = AuditEvent.objects.filter(event="token.called")
    assert 0 < sum(state.figures.values()) == calls.count() < 180
    assert kept() == expected()


@pytest.mark.drill
def test_the_nightly_check_finds_a_wrong_row_and_puts_it_right(two):
    note(two[0], Event.ENCOUNTER_STARTED)
    actions.count()
    assert actions.check(TODAY) == 0
    hospital = PlaceDay.objects.filter(kind="hospital", code=str(two[0].pk))
    hospital.update(figures={"encounter.started": 9})
    assert actions.check(TODAY) == 1
    assert AuditEvent.objects.filter(event=Event.COUNTS_DIFFERED).count() == 1
    PlaceDay.objects.filter(kind="state").delete()
    assert actions.check(TODAY) == 1
    assert kept() == expected() and actions.check(TODAY) == 0


@pytest.fixture
def days(cast):
    """Some figures of four months at Green, of today at Blue."""
    clean()
    for back in (0, 1, 2, 40, 120):
        add(cast.green, TODAY - timedelta(days=back), 10 + back, last_at=timezone.now())
    add(cast.blue, TODAY, 5)
    add(cast.blue, TODAY, 2, "user.seen")  # no figure of a board, but a sign of life
    return cast


def test_days_from_before_are_widened_the_newest_first(days):
    actions.widen([TODAY])
    assert {row.day for row in PlaceDay.objects.all()} == {TODAY}
    for back in (2, 40, 120):
        actions.count()
        oldest = min(row.day for row in PlaceDay.objects.exclude(figures={}))
        assert oldest == TODAY - timedelta(days=back)


def test_widening_again_writes_nothing(days):
    assert actions.widen([TODAY]) == 3  # two hospitals and the State
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ctid::text FROM monitoring_placeday ORDER BY id")
        before = cursor.fetchall()
        assert actions.widen([TODAY, TODAY]) == 0
        cursor.execute("SELECT id, ctid::text FROM monitoring_placeday ORDER BY id")
        assert cursor.fetchall() == before  # not even the same once more
    found = {key: row for key, row in expected().items() if key[0] == TODAY}
    assert kept() == found


def test_a_hospital_that_moved_takes_its_days_along(days):
    actions.widen(row.day for row in FacilityDay.objects.all())
    Facility.objects.filter(pk=days.green.pk).update(district_code="212", block_code="90009")
    actions.widen([TODAY])  # as the next count does
    assert not PlaceDay.objects.filter(kind="district", code="203", day=TODAY).exists()
    both = PlaceDay.objects.get(kind="district", code="212", day=TODAY)
    assert both.figures["encounter.started"] == 15
    jobs.widen_past()
    yesterday = TODAY - timedelta(days=1)
    assert not PlaceDay.objects.filter(kind="district", code="203", day=yesterday).exists()
    block = PlaceDay.objects.get(kind="block", code="90009", day=yesterday)
    assert block.figures == {"encounter.started": 11}


def test_two_years_on_sundays(days):
    actions.widen(row.day for row in FacilityDay.objects.all())
    Facility.objects.filter(pk=days.green.pk).update(district_code="212")
    first = (TODAY - timedelta(days=120)).replace(day=1)
    months = [first + timedelta(days=31 * n) for n in range(4)]
    actions.widen_past([month.replace(day=1) for month in months])
    actions.widen([TODAY])
    assert kept() == expected()


def test_invented_days_have_their_rows_and_say_so(days):
    day = TODAY - timedelta(days=5)
    assert actions.invent(days.blue.pk, {day: {"encounter.finished": 8, "wait/010": 3}}) == 2
    state = PlaceDay.objects.get(kind="state", day=day)
    assert state.is_demo and state.figures == {"encounter.finished": 8, "wait/010": 3}
    assert actions.invent(days.blue.pk, {day: {"encounter.finished": 8}}) == 0


def test_a_hospital_that_is_not_on_board_counts_nowhere(days):
    clean()
    FacilityDay.objects.create(facility_id=uuid7(), day=TODAY, event="encounter.started", n=3)
    actions.widen([TODAY])
    only = PlaceDay.objects.get()
    assert (only.kind, only.figures) == ("state", {})
