"""Work over several apps that follows after a commit."""

from uuid import UUID

from apps.core.queue import job
from apps.workflows import actions


@job("workflows.use_reagents", autoretry_for=(OSError,), retry_backoff=True, max_retries=8)
def use_reagents(report_id: str) -> None:
    actions.use_reagents(UUID(report_id))
