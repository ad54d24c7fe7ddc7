"""Making schemas, outside of any request."""

from uuid import UUID

from apps.core.queue import job
from apps.facilities import actions


@job("facilities.create_schema", public=True)
def create_schema(new_facility_id: str) -> None:
    actions.create_schema(UUID(new_facility_id))


@job("facilities.sweep", public=True, expires=30)
def sweep() -> None:
    actions.sweep()


@job("facilities.upgrade", public=True)
def upgrade(behind_facility_id: str) -> None:
    actions.upgrade(UUID(behind_facility_id))


@job("facilities.diagnose", public=True)
def diagnose(ticket_id: str) -> None:
    actions.diagnose(UUID(ticket_id))
