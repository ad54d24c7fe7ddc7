"""Looking after what a dead listener left behind."""

from apps.core.queue import job
from apps.labs import actions


@job("labs.sweep", public=True, expires=30)
def sweep() -> None:
    actions.sweep()
