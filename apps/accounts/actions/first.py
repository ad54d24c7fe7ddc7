"""The first person of a new installation: somebody has to be there before anybody can be posted."""

from uuid import UUID

from django.db import connection, transaction

from apps.accounts.actions.imports import take_on
from apps.accounts.models import PractitionerRole, User
from apps.accounts.permissions import Role
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused

# Fixed, so that running it twice makes one person and tells the same first password.
PERSON = UUID("0b9d2f4e-6a51-4c07-9d4e-5f3a7e1c0001")
POSTING = UUID("0b9d2f4e-6a51-4c07-9d4e-5f3a7e1c0002")
SYSTEM = Actor.of_system(
    "first_admin", Permission.USER_CREATE, Permission.ROLE_ASSIGN, Permission.USER_DEPLOY
)


@transaction.atomic
def open_office(*, name_hi: str, name_en: str, mobile: str, username: str = "") -> User:
    """The State's first admin, with a first password. Refused once anybody holds that post.

    Until that person has chosen an own password it may be asked again and says the same.
    """
    with connection.cursor() as cursor:  # one at a time: what is refused below is exact
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.open_office'))")
    done = User.objects.filter(pk=PERSON).first()
    if done is not None and done.must_change_password and done.is_active:
        return done
    if done is not None or PractitionerRole.objects.filter(role=Role.SHQ).current().exists():
        raise Refused("office.open")
    return take_on(
        id=PERSON,
        posting_id=POSTING,
        name_hi=name_hi,
        name_en=name_en,
        mobile=mobile,
        username=username,
        role=Role.SHQ,
        actor=SYSTEM,
    )
