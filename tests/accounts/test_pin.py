"""The PIN that signs."""

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from apps.accounts import actions, pin_hash
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused


def set_pin(member, pin="4719"):
    actions.set_pin(member.user.pk, pin, actor=member.actor)


def check(member, pin):
    actions.check_pin(member.user.pk, pin, actor=member.actor)


def test_it_works(cast):
    set_pin(cast.dr_rao, "४७१९")  # digits of either script
    check(cast.dr_rao, "4719")
    cast.dr_rao.user.refresh_from_db()
    assert "4719" not in cast.dr_rao.user.pin_hash


def test_without_a_pin_it_says_so(cast):
    with pytest.raises(Refused, match=r"pin\.unset"):
        check(cast.dr_rao, "4719")


@pytest.mark.parametrize(
    "pin, code",
    [
        ("123", "pin.bad"),
        ("1234567", "pin.bad"),
        ("12a4", "pin.bad"),
        ("1111", "pin.easy"),
        ("1234", "pin.easy"),
        ("98765", "pin.easy"),
    ],
)
def test_it_refuses_weak_pins(cast, pin, code):
    with pytest.raises(Refused) as refusal:
        set_pin(cast.dr_rao, pin)
    assert refusal.value.code == code


def test_five_wrong_ones_lock_it_even_for_the_right_one(cast):
    set_pin(cast.dr_rao)
    left = []
    for _ in range(4):
        with pytest.raises(Refused, match=r"pin\.wrong") as refusal:
            check(cast.dr_rao, "0000")
        left.append(refusal.value.values["left"])
    assert left == [4, 3, 2, 1]
    for pin in ("0000", "4719"):
        with pytest.raises(Refused, match=r"pin\.locked"):
            check(cast.dr_rao, pin)
    assert AuditEvent.objects.filter(event="pin.refused").count() == 5
    cache.clear()  # a quarter of an hour later
    check(cast.dr_rao, "4719")


def test_a_right_one_forgets_the_wrong_ones(cast):
    set_pin(cast.dr_rao)
    for _ in range(3):
        with pytest.raises(Refused):
            check(cast.dr_rao, "0000")
        check(cast.dr_rao, "4719")


def test_a_colleague_may_not_set_it(cast):
    with pytest.raises(Forbidden):
        actions.set_pin(cast.dr_rao.user.pk, "4719", actor=cast.ravi.actor)


def test_the_office_takes_a_forgotten_one_away(cast):
    set_pin(cast.dr_rao)
    actions.clear_pin(cast.dr_rao.user.pk, actor=cast.manager.actor)
    with pytest.raises(Refused, match=r"pin\.unset"):
        check(cast.dr_rao, "4719")


def test_one_kept_like_a_password_works_and_is_kept_anew(cast):
    user = cast.dr_rao.user
    type(user).objects.filter(pk=user.pk).update(pin_hash=make_password("4719"))
    with pytest.raises(Refused, match=r"pin\.wrong"):
        check(cast.dr_rao, "4718")
    check(cast.dr_rao, "4719")
    user.refresh_from_db()
    assert pin_hash.is_ours(user.pin_hash)
    check(cast.dr_rao, "4719")
