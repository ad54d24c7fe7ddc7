"""Delivery, and the sweep for what was missed."""

from apps.core.queue import job
from apps.notices import actions


@job("notices.deliver", public=True)
def deliver(notice_id: str) -> None:
    actions.deliver(notice_id)


@job("notices.sweep", public=True, expires=60)
def sweep() -> None:
    actions.sweep()


@job("notices.retire_notices", public=True, expires=3000)
def retire_notices() -> None:
    actions.retire_notices()
