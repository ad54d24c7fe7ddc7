"""Whom to ring about a hospital, and which doctors are meant to work there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from apps.accounts.models import PractitionerRole
from apps.accounts.permissions import ROLES, Role, grants_of
from apps.core.actor import WRITES, Actor, Permission

LEADERS = (Role.DS, Role.HM)  # who answers for a house, the first one first
RINGS = (Permission.SUPPORT_DIAGNOSE, Permission.USER_CREATE, Permission.USER_DEPLOY)
SIGNS = [
    role for role in Role if grants_of({role}).get(Permission.CONSULT_SIGN) in WRITES
]  # posts that sign consultations


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who answers for a hospital. `mobile` is "" for readers who may not ring."""

    user_id: UUID
    name_hi: str
    name_en: str
    title: str
    mobile: str


def may_ring(actor: Actor) -> bool:
    """Command centre, support, and whoever keeps the staff's files."""
    return any(actor.sees(permission) for permission in RINGS)


def leaders(facility_ids: Iterable[UUID], *, actor: Actor) -> dict[UUID, list[Contact]]:
    """Superintendents and managers posted today, by hospital. 1 query."""
    rows = (
        PractitionerRole.objects.in_force()
        .filter(facility_id__in=list(facility_ids), role__in=LEADERS, user__is_active=True)
        .select_related("user")
        .order_by("from_date", "pk")
    )
    rings = may_ring(actor)
    found: dict[UUID, list[Contact]] = {}
    for row in sorted(rows, key=lambda row: LEADERS.index(Role(row.role))):
        own = found.setdefault(row.facility_id, [])
        if all(contact.user_id != row.user_id for contact in own):
            own.append(
                Contact(
                    row.user_id, row.user.name_hi, row.user.name_en,
                    str(ROLES[Role(row.role)].title), (row.user.mobile or "") if rings else "",
                )
            )  # fmt: skip
    return found


def signing_posts(facility_ids: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    """Who is posted as a signing doctor on a day, by hospital. 1 query."""
    rows = PractitionerRole.objects.in_force(day).filter(
        facility_id__in=list(facility_ids), role__in=SIGNS
    )
    found: dict[UUID, set[UUID]] = {}
    for facility_id, user_id in rows.values_list("facility_id", "user_id"):
        found.setdefault(facility_id, set()).add(user_id)
    return found


def deputed(user_ids: Iterable[UUID], day: date) -> dict[UUID, UUID]:
    """Who is on deputation on a day, and at which hospital. 1 query."""
    rows = PractitionerRole.objects.in_force(day).filter(
        user_id__in=list(user_ids),
        kind=PractitionerRole.Kind.DEPUTATION,
        facility_id__isnull=False,
    )
    return dict(rows.values_list("user_id", "facility_id"))
