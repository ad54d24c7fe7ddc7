"""Delivery, and the sweep for what was missed."""

from apps.core.queue import job
from apps.gateway import actions


@job("gateway.deliver", public=True)
def deliver(message_id: str) -> None:
    actions.deliver(message_id)


@job("gateway.forget", public=True, expires=600)
def forget() -> None:
    actions.forget()


@job("gateway.sweep", public=True, expires=20)
def sweep() -> None:
    actions.sweep()
