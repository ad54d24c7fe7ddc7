"""Room for next week's events, and old weeks aside."""

from apps.audit import actions
from apps.core.queue import job


@job("audit.make_partitions", public=True)
def make_partitions() -> None:
    actions.make_partitions()


@job("audit.retire_partitions", public=True)
def retire_partitions() -> None:
    actions.retire_partitions()
