"""The ledger's readings, and the forms that are worked out by themselves."""

from uuid import UUID

from apps.core.queue import job
from apps.reporting import actions


@job("reporting.collect", public=True, expires=55)
def collect() -> None:
    actions.collect()


@job("reporting.judge", public=True)
def judge() -> None:
    actions.collect_again()
    actions.judge_open()


@job("reporting.fill", soft_time_limit=300, time_limit=330)
def fill(run_id: str) -> None:
    actions.fill(UUID(run_id))


@job("reporting.month_begun", public=True)
def month_begun() -> None:
    actions.plan("hmis")


@job("reporting.week_begun", public=True)
def week_begun() -> None:
    actions.plan("idsp")


@job("reporting.hand_over", public=True)
def hand_over() -> None:
    actions.hand_over()


@job("reporting.draw", soft_time_limit=170, time_limit=180)
def draw(paper_id: str) -> None:
    actions.draw_paper(UUID(paper_id))
