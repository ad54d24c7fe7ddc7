"""The ledger's readings, and the forms that are worked out by themselves."""

from apps.core.queue import job
from apps.reporting import actions


@job("reporting.collect", public=True, expires=55)
def collect() -> None:
    actions.collect()


@job("reporting.judge", public=True)
def judge() -> None:
    actions.collect_again()
    actions.judge_open()
