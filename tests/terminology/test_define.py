"""Versions of what the State, a hospital or a doctor defines."""

import pytest

from apps.accounts.permissions import Role
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.terminology import actions, queries

STATE = Actor.of_system("committee", Permission.RULE_EDIT, Permission.MASTER_EDIT)


def define(code="FEVER", *, id=None, actor=STATE, kind="set", **fields):
    told = {"body": {"days": 3}, "provenance": "own work"} | fields
    return actions.define(kind, code, id=id or uuid7(), actor=actor, **told)


def test_it_works(cast):
    own = {"user_id": cast.dr_rao.user.pk, "actor": cast.dr_rao.actor}
    define()
    define(body={"days": 5})
    define(**own, body={"days": 7})
    rows = queries.definitions("set", facility_id=cast.green.pk, user_id=cast.dr_rao.user.pk)
    assert [(row.version, row.body["days"]) for row in rows] == [(2, 5), (1, 7)]
    assert not any(row.verified for row in rows)
    assert queries.newest("set", "FEVER").version == 2


def test_it_is_safe_to_send_twice(cast):
    same = uuid7()
    assert define(id=same).pk == define(id=same).pk
    assert queries.newest("set", "FEVER").version == 1


def test_it_refuses_an_older_form(cast):
    define()
    define(after=1)
    with pytest.raises(Refused, match=r"definition\.conflict"):
        define(after=1)


def test_another_hospital_and_another_doctor_see_nothing(cast):
    define(user_id=cast.dr_rao.user.pk, actor=cast.dr_rao.actor)
    chief = cast.member("chief", Role.DS, cast.green)
    define(facility_id=cast.green.pk, actor=chief.actor)
    mine = queries.definitions("set", facility_id=cast.blue.pk, user_id=cast.dr_khan.user.pk)
    assert mine == []


@pytest.mark.parametrize("level", ["state", "other_hospital", "other_person"])
def test_a_doctor_may_not(cast, level):
    at = {
        "state": {},
        "other_hospital": {"facility_id": cast.blue.pk},
        "other_person": {"user_id": cast.dr_khan.user.pk},
    }[level]
    with pytest.raises(Forbidden):
        define(**at, actor=cast.dr_rao.actor)
