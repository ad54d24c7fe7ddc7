"""A new installation: one person of the State, who then takes on everybody else."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.models import PractitionerRole, User
from apps.audit.models import AuditEvent
from tests import cast as members

ASHOK = {"name": "Ashok Kumar", "name_hi": "अशोक कुमार", "mobile": "9431000001"}


def run(**options):
    out = StringIO()
    call_command("first_admin", stdout=out, **{**ASHOK, **options})
    return dict(line.rsplit(maxsplit=1) for line in out.getvalue().splitlines()[:2])


def test_it_works(db):
    told = run()
    user = User.objects.get(username=told["user name"])
    assert (user.name_hi, user.mobile) == ("अशोक कुमार", "9431000001")
    assert user.check_password(told["first password"]) and user.must_change_password
    posting = PractitionerRole.objects.get(user=user)
    assert (posting.role, posting.scope, posting.facility_id) == ("SHQ", "state", None)
    trail = AuditEvent.objects.filter(event__in=["user.created", "user.posted"])
    assert {row.system for row in trail} == {"first_admin"} and trail.count() == 2
    page = Client(headers={"host": settings.PARENT_DOMAIN}).post(
        "/accounts/login/", {"login": user.username, "password": told["first password"]}
    )
    assert page.status_code == 302


def test_it_is_safe_to_run_twice_before_the_first_log_in(db):
    assert run() == run()
    assert User.objects.count() == PractitionerRole.objects.count() == 1


def test_it_refuses_once_the_password_is_the_persons_own(db):
    run()
    User.objects.update(must_change_password=False)
    with pytest.raises(CommandError, match="already has an admin"):
        run()


def test_it_refuses_when_somebody_else_holds_the_post(cast):
    members.Cast.member(cast, "state_admin", "SHQ", None)
    with pytest.raises(CommandError, match="already has an admin"):
        run()
    assert not User.objects.filter(mobile=ASHOK["mobile"]).exists()


@pytest.mark.parametrize("wrong", [{"mobile": "12345"}, {"username": "9431000001"}, {"name": " "}])
def test_it_refuses_what_nobody_could_log_in_with(db, wrong):
    with pytest.raises(CommandError):
        run(**{"name_hi": "", **wrong})
    assert not User.objects.exists()
