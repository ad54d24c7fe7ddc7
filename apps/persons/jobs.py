"""Forgetting what people told who never came."""

from apps.core.queue import job
from apps.persons import actions


@job("persons.forget_arrivals", public=True, expires=3600)
def forget_arrivals() -> None:
    actions.forget_arrivals()
