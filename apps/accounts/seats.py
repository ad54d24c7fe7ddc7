"""Who is meant to sit in which room today, by the postings."""

from uuid import UUID

from apps.accounts.models import PractitionerRole
from apps.accounts.permissions import Role, grants_of
from apps.core.actor import WRITES, Permission


def seated(facility_id: UUID) -> dict[str, UUID]:
    """Room to the doctor who is posted there in force today. 1 query."""
    rows = PractitionerRole.objects.in_force().at(facility_id).exclude(room="")
    found: dict[str, UUID] = {}
    for row in rows.order_by("from_date", "pk"):
        if grants_of({Role(row.role)}).get(Permission.CONSULT_SIGN) in WRITES:
            found.setdefault(row.room, row.user_id)
    return found
