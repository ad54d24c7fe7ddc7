"""A clock that jumps: it is told, and nothing that was written meanwhile is lost."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from apps.audit import actions as audit
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor
from apps.workflows.doctor import servers
from tests.encounters import people


@pytest.fixture
def jump(monkeypatch):
    """`jump(timedelta)` sets this machine's clock, for model defaults too."""

    def to(ahead):
        class Clock(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + ahead

        monkeypatch.setattr(timezone, "datetime", Clock)

    yield to
    monkeypatch.undo()


@pytest.mark.parametrize(("ahead", "state"), [(0, "ok"), (10, "warn"), (4000, "bad"), (-90, "bad")])
def test_the_doctor_says_how_far_the_clocks_are_apart(db, jump, ahead, state):
    jump(timedelta(seconds=ahead))
    found = servers.clock()
    assert found.state == state
    assert state == "ok" or "NTP" in found.mend or "timedatectl" in found.mend


def test_events_of_a_clock_years_ahead_are_kept_and_the_weeks_of_today_stay(db, jump):
    audit.make_partitions()
    jump(timedelta(days=3650))
    audit.record(Event.MASTER_LOADED, actor=Actor.of_system("drill"))
    jump(timedelta(0))
    assert AuditEvent.objects.filter(at__gt=timezone.now() + timedelta(days=3000)).count() == 1
    assert audit.missing_partitions() == []


def test_a_clock_that_went_back_gives_no_number_twice(cast, jump):
    first = people.visit(cast)
    jump(timedelta(minutes=-1))
    second = people.visit(cast, mobile="9835022715")
    assert first.number != second.number and first.token.number != second.token.number
