"""Reminders, the evening before."""

from apps.core.queue import job
from apps.encounters import actions


@job("encounters.remind_everywhere", public=True, expires=3600)
def remind_everywhere() -> None:
    actions.remind_everywhere()


@job("encounters.remind")
def remind() -> None:
    actions.remind()
