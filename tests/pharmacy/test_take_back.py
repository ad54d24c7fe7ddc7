"""Medicine that comes back: sealed to the shelf, opened to the bin."""

from decimal import Decimal

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.pharmacy import actions, queries
from apps.pharmacy.actions import Give
from tests.pharmacy.shelf import give, lot, signed


@pytest.fixture
def given(cast):
    prescription, (line,) = signed(cast)
    batch = lot(cast)
    (row,) = give(cast, prescription, Give(line.pk, Decimal(10)))
    return row, batch


def back(cast, row, quantity, *, opened=False, id=None):
    return actions.take_back(
        row.pk, id=id or uuid7(), quantity=Decimal(quantity), opened=opened, actor=cast.meena.actor
    )


def test_it_works(cast, given):
    row, batch = given
    assert back(cast, row, 4).returned == 4
    assert queries.batch_on_hand(batch.pk) == 94
    assert not queries.unbalanced().exists()


def test_an_opened_pack_does_not_go_back(cast, given):
    row, batch = given
    assert back(cast, row, 4, opened=True).returned == 4
    assert queries.batch_on_hand(batch.pk) == 90


def test_it_is_safe_to_send_twice(cast, given):
    row, batch = given
    form_id = uuid7()
    back(cast, row, 4, id=form_id)
    assert back(cast, row, 4, id=form_id).returned == 4
    assert queries.batch_on_hand(batch.pk) == 94


def test_more_than_was_given_is_refused(cast, given):
    row, _ = given
    back(cast, row, 4)
    with pytest.raises(Refused, match="too_many"):
        back(cast, row, 7)


def test_a_clerk_may_not(cast, given):
    with pytest.raises(Forbidden):
        actions.take_back(
            given[0].pk, id=uuid7(), quantity=Decimal(1), opened=False, actor=cast.ravi.actor
        )
