"""Counting every four seconds, watching every minute, looking back once a night."""

from datetime import date, timedelta

from django.utils import timezone

from apps.core.queue import job
from apps.monitoring import actions


@job("monitoring.count", public=True)
def count() -> None:
    actions.count()


@job("monitoring.check", public=True)
def check() -> None:
    actions.check(_yesterday())


@job("monitoring.watch", public=True, expires=55)
def watch() -> None:
    actions.watch()


@job("monitoring.look", expires=110)
def look() -> None:
    actions.look()


@job("monitoring.look_back_everywhere", public=True)
def look_back_everywhere() -> None:
    actions.look_back_everywhere(_yesterday())


@job("monitoring.look_back")
def look_back() -> None:
    actions.look_back(_yesterday())


@job("monitoring.roll_up", public=True, soft_time_limit=900, time_limit=960)
def roll_up() -> None:
    actions.roll_up(actions.months_due())


@job("monitoring.widen_past", public=True, soft_time_limit=900, time_limit=960)
def widen_past() -> None:
    actions.widen_past(actions.months_due())


def _yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)
