"""Room for next week's events."""

from apps.audit import actions
from apps.core.queue import job


@job("audit.make_partitions", public=True)
def make_partitions() -> None:
    actions.make_partitions()
