"""A new member of staff."""

import pytest

from apps.accounts import actions, queries
from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7

SUNITA = {
    "username": "sunita.devi",
    "name_hi": "सुनीता देवी",
    "name_en": "Sunita Devi",
    "mobile": "9835022714",
}


def create(actor, **changes):
    return actions.create_user(**{"id": uuid7(), **SUNITA, **changes, "actor": actor})


def test_it_works(cast):
    user = create(cast.manager.actor, password="a-long-password")
    assert user.check_password("a-long-password")
    assert (user.base_facility_id, user.base_district) == (cast.green.pk, "203")
    assert AuditEvent.objects.get(subject_id=user.pk).event == "user.created"


def test_it_is_safe_to_send_twice(cast):
    same = uuid7()
    first, second = create(cast.manager.actor, id=same), create(cast.manager.actor, id=same)
    assert first == second
    assert User.objects.filter(username="sunita.devi").count() == 1


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"username": "sunita devi"}, "user.username_bad"),
        ({"username": "9835022714"}, "user.username_bad"),
        ({"mobile": "983502271"}, "user.mobile_bad"),
        ({"mobile": "1835022714"}, "user.mobile_bad"),
        ({"name_hi": " ", "name_en": ""}, "user.nameless"),
    ],
)
def test_it_refuses_what_is_malformed(cast, changes, code):
    with pytest.raises(Refused) as refusal:
        create(cast.manager.actor, **changes)
    assert refusal.value.code == code


def test_it_refuses_a_name_or_mobile_of_somebody_else(cast):
    create(cast.manager.actor)
    with pytest.raises(Refused, match=r"user\.username_taken"):
        create(cast.manager.actor, mobile="9835022715", username="SUNITA.devi")
    with pytest.raises(Refused, match=r"user\.mobile_taken"):
        create(cast.manager.actor, username="another")


@pytest.mark.parametrize("who", ["ravi", "rita", "dr_rao", "meena"])
def test_a_clerk_may_not(cast, who):
    with pytest.raises(Forbidden):
        create(getattr(cast, who).actor)


def test_cards_come_in_one_query(cast, django_assert_num_queries):
    ids = [cast.dr_rao.user.pk, cast.ravi.user.pk, uuid7()]
    with django_assert_num_queries(1):
        found = queries.cards(ids)
    assert set(found) == set(ids[:2])
    assert found[cast.dr_rao.user.pk].registration_no == "DEMO-0001"


def test_a_free_user_name_is_free(cast):
    assert queries.free_username("Dr. Asha Rao", "9835022714") == "asha.2714"
    create(cast.manager.actor, username="asha.2714")
    assert queries.free_username("Asha Kumari", "7000002714") == "asha.2714x"
