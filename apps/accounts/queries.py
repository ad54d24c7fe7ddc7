"""Named reads over people and postings."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import ROLES, Role, grants_of
from apps.core.actor import Level, Permission, Scope

WIDTH = [Scope.FACILITY, Scope.BLOCK, Scope.DISTRICT, Scope.STATE]


@dataclass(frozen=True, slots=True)
class Duty:
    """The sum of a person's hats at one place today."""

    scope: Scope
    place: str
    roles: frozenset[str]
    grants: dict[Permission, Level]
    room: str
    department: str


def duty(user_id: UUID, *, facility_id: UUID | None) -> Duty | None:
    """Postings in force today: at this facility, or (State host) the widest office. 1 query."""
    postings = list(
        PractitionerRole.objects.in_force()
        .at(facility_id)
        .filter(user_id=user_id)
        .order_by("from_date")
    )
    if not postings:
        return None
    # Two offices in two places are never added up: the widest one counts.
    widest = max(postings, key=lambda posting: WIDTH.index(Scope(posting.scope)))
    here = [p for p in postings if (p.scope, p.place_code) == (widest.scope, widest.place_code)]
    roles = {Role(posting.role) for posting in here}
    return Duty(
        scope=Scope(widest.scope),
        place=widest.place_code,
        roles=frozenset(roles),
        grants=grants_of(roles),
        room=next((p.room for p in here if p.room), ""),
        department=next((p.department for p in here if p.department), ""),
    )


def workplaces(user_id: UUID) -> list[PractitionerRole]:
    """Every posting in force today, for the page where a person chooses where to work. 1 query."""
    return list(PractitionerRole.objects.in_force().filter(user_id=user_id).order_by("from_date"))


def user_by_login(login: str) -> User | None:
    """By user name or by mobile number. 1 query."""
    field = "mobile" if login.isdigit() and len(login) == 10 else "username"
    return User.objects.filter(**{field: login.lower()}).first()


def user(user_id: UUID) -> User:
    return User.objects.get(pk=user_id)


def display_name(person: User) -> str:
    names = (person.name_hi, person.name_en)
    return (names[0] or names[1]) if get_language() == "hi" else (names[1] or names[0])


def role_title(role: str) -> str:
    return str(ROLES[Role(role)].title)
