"""Counting the trail: exact while others write, roll back, and count as well."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Event as Flag

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.monitoring import actions, period
from apps.monitoring.models import FacilityDay, Watermark

# Transaction ids are the whole server's: another process's open one would hold the count back.
pytestmark = pytest.mark.drill
CLERK = Actor(user_id=uuid7())


@pytest.fixture
def counters(bare_db):
    """Real transactions: what is counted here is taken away again."""
    clean()
    actions.count()
    yield
    clean()


def clean():
    FacilityDay.objects.all().delete()
    Watermark.objects.all().delete()


def elsewhere(work, *args):
    """`work` in a thread with a connection of its own."""

    def run():
        try:
            return work(*args)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def note(facility, event=Event.TOKEN_CALLED, **detail):
    record(event, actor=CLERK, facility_id=facility, **detail)


def figures(*facilities):
    rows = FacilityDay.objects.filter(facility_id__in=facilities)
    found = Counter()
    for row in rows:
        found[row.event] += row.n
    return dict(found)


def test_it_works(counters):
    here = uuid7()
    note(here, station="doctor", wait=7)
    note(here, station="doctor", wait=9999)
    note(here, station="vitals")
    note(here, Event.ENCOUNTER_STARTED, abha=True)
    note(here, Event.TOKEN_ISSUED, source="scan-and-share")
    note(here, Event.REPORT_VERIFIED, reports=4)
    note(here, Event.MEDICATION_DISPENSED, lines=1, whole=False)
    note(here, Event.PRESCRIPTION_SIGNED, lines=2, later=True)
    record(Event.MASTER_LOADED, actor=CLERK)  # of no hospital
    assert actions.count()
    assert figures(here) == {
        "token.called": 3, "wait/005": 1, "wait/240": 1, "encounter.started": 1,
        "encounter.started/abha": 1, "token.issued": 1, "token.issued/scan": 1,
        "report.verified": 1, "report.verified/tests": 4, "medication.dispensed": 1,
        "medication.dispensed/closed": 1, "prescription.signed": 1,
    }  # fmt: skip
    assert actions.count() == 0
    assert figures(here)["token.called"] == 3
    mark = Watermark.objects.get()
    assert mark.data_to is not None and mark.behind == 0


def test_a_detail_that_is_no_number_stops_nothing(counters):
    here = uuid7()
    note(here, station="doctor", wait="long")
    note(here, Event.REPORT_VERIFIED, reports="many")
    actions.count()
    assert figures(here) == {"token.called": 1, "report.verified": 1, "report.verified/tests": 1}


def test_an_open_transaction_is_waited_for_and_said(counters):
    here, opened, go = uuid7(), Flag(), Flag()

    def slow():
        with transaction.atomic():
            note(here)
            opened.set()
            assert go.wait(20)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(slow)
        assert opened.wait(20)
        note(here)
        actions.count()
        behind = Watermark.objects.get()
        go.set()
        writing.result()
    assert behind.behind > 0
    assert figures(here) == {}  # neither is counted yet, and the page says up to when
    actions.count()
    assert figures(here) == {"token.called": 2}


def test_two_counters_and_many_writers_are_exact(counters):
    """Eight hands, 400 events, a third rolled back, two counters in between."""
    places = [uuid7() for _ in range(8)]
    done = Flag()

    def write(place):
        chance = Random(str(place))
        for _ in range(50):
            try:
                with transaction.atomic():
                    note(place, station="doctor", wait=chance.randrange(90))
                    if chance.random() < 0.33:
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
        connection.close()

    def keep_counting():
        runs = 0
        while not done.is_set():
            runs += actions.count() is not None
        connection.close()
        return runs

    with ThreadPoolExecutor(10) as pool:
        counting = [pool.submit(keep_counting) for _ in range(2)]
        for hand in [pool.submit(write, place) for place in places]:
            hand.result()
        done.set()
        assert sum(run.result() for run in counting) > 1
    actions.count()
    written = AuditEvent.objects.filter(facility_id__in=places).count()
    found = figures(*places)
    assert 0 < written < 400
    assert found.pop("token.called") == written
    assert sum(found.values()) == written  # every call has its wait


def test_one_counter_at_a_time(counters):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock({actions.LOCK})")
        assert elsewhere(actions.count) is None


def test_recounting_brings_back_what_was_lost_and_raises_the_alarm(counters):
    here, today = uuid7(), timezone.localdate()
    note(here)
    actions.count()
    assert actions.check(today) == 0
    assert not AuditEvent.objects.filter(event=Event.COUNTS_DIFFERED).exists()
    FacilityDay.objects.filter(facility_id=here).update(n=7)
    assert actions.check(today) == 2  # the wrong figure and the right one
    assert AuditEvent.objects.get(event=Event.COUNTS_DIFFERED).detail["figures"] == 2
    assert figures(here) == {"token.called": 1}
    actions.count()
    assert figures(here) == {"token.called": 1}


def test_recounting_leaves_the_newest_to_the_counter(counters):
    here = uuid7()
    note(here)
    call_command("recount_days", "--from", str(timezone.localdate()), verbosity=0)
    assert figures(here) == {}  # above the mark: counting it here would count it twice
    actions.count()
    assert figures(here) == {"token.called": 1}


def test_after_a_restore_old_rows_are_counted_once(counters):
    """Rows of another cluster carry high transaction ids; the mark begins low again."""
    here = uuid7()
    note(here)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_event (id, at, event, facility_id, system, subject_type, detail, "
            "xid) VALUES (gen_random_uuid(), now(), 'token.called', %s, '', '', '{}', "
            "(pg_current_xact_id()::text::bigint + 3)::text::xid8)",
            [here],
        )
    today = timezone.localdate()
    actions.recount(today - timedelta(days=1), today, reset=True)
    assert figures(here) == {"token.called": 2}
    for _ in range(5):
        note(here)
    actions.count()
    assert figures(here) == {"token.called": 7}


def test_a_clock_that_runs_ahead_counts_on_the_day_it_showed(counters):
    """Nothing of it enters today, nothing is lost, and the check of that day finds it right."""
    here, today = uuid7(), timezone.localdate()
    ahead = today + timedelta(days=2)
    note(here)
    AuditEvent.objects.create(id=uuid7(), at=timezone.now() + timedelta(days=2),
                              event="token.called", facility_id=here, user_id=uuid7())  # fmt: skip
    actions.count()
    rows = FacilityDay.objects.filter(facility_id=here, event="token.called")
    assert dict(rows.values_list("day", "n")) == {today: 1, ahead: 1}
    assert [actions.recount(day, day) for day in (today, ahead)] == [0, 0]
    with pytest.raises(Refused, match=r"period\.future"):
        period.asked({"from": str(today), "to": str(ahead)})
