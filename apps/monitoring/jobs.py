"""Counting every five seconds, and once a night from the beginning."""

from datetime import timedelta

from django.utils import timezone

from apps.core.queue import job
from apps.monitoring import actions


@job("monitoring.count", public=True)
def count() -> None:
    actions.count()


@job("monitoring.check", public=True)
def check() -> None:
    actions.check(timezone.localdate() - timedelta(days=1))
