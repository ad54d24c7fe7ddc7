"""The store: moving, counting, changes of two people, the empty bin, kits of the laboratory."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.pharmacy import actions, queries
from apps.pharmacy.models import StockBatch, StockMovement
from tests.pharmacy.shelf import COUNTER, drug, lot


@pytest.fixture
def para(cast):
    drug("T-PARA", "Paracetamol")
    return lot(cast, store="main")


def move(cast, batch, to=COUNTER, quantity=40, id=None):
    return actions.transfer(
        batch.pk, id=id or uuid7(), to_store=to, quantity=Decimal(quantity), actor=cast.arun.actor
    )


def test_it_moves_between_stores(cast, para):
    form_id = uuid7()
    move(cast, para, id=form_id)
    move(cast, para, id=form_id)
    assert queries.usable_in(["T-PARA"]) == {"T-PARA": {"main": 60, COUNTER: 40}}
    assert not queries.unbalanced().exists()


@pytest.mark.parametrize(
    "to, quantity, code",
    [
        ("main", 1, "stock.same_store"),
        ("ward-9", 1, "stock.unknown_store"),
        (COUNTER, 101, "stock.insufficient"),
        (COUNTER, 0, "stock.quantity"),
    ],
)
def test_it_refuses_to_move(cast, para, to, quantity, code):
    with pytest.raises(Refused) as no:
        move(cast, para, to, quantity)
    assert no.value.code == code
    assert queries.usable_in(["T-PARA"]) == {"T-PARA": {"main": 100}}


def count(cast, batch, counted, *, reason="", id=None, count_id=None, store="main"):
    return actions.count(
        count_id or uuid7(), id=id or uuid7(), batch_id=batch.pk, store=store,
        counted=Decimal(counted), reason=reason, actor=cast.arun.actor,
    )  # fmt: skip


def test_a_count_is_written_at_once_with_no_difference_too(cast, para):
    count_id = uuid7()
    assert count(cast, para, 100, count_id=count_id).quantity == 0
    count(cast, para, 97, reason="breakage", count_id=count_id)
    assert queries.batch_on_hand(para.pk) == 97
    assert [row.quantity for row in queries.counted_in(count_id)] == [-3, 0]
    assert not queries.unbalanced().exists()


def test_a_count_that_differs_needs_a_reason(cast, para):
    with pytest.raises(Refused, match="variance_reason"):
        count(cast, para, 97)
    with pytest.raises(Refused, match="unknown_batch"):
        count(cast, para, 97, store=COUNTER)


def test_counting_is_safe_to_send_twice(cast, para):
    form_id = uuid7()
    count(cast, para, 90, reason="other", id=form_id)
    move(cast, para, quantity=10)
    count(cast, para, 90, reason="other", id=form_id)
    assert queries.batch_on_hand(para.pk) == 80


def ask(cast, batch, quantity=-5, kind="adjusted", reason="damaged"):
    return actions.ask_change(
        batch.pk, id=uuid7(), kind=kind, quantity=Decimal(quantity), reason=reason,
        actor=cast.arun.actor,
    )  # fmt: skip


def test_a_change_needs_two_people(cast, para):
    asked = ask(cast, para)
    assert queries.batch_on_hand(para.pk) == 100
    (change,) = queries.pending_changes()
    assert (change.quantity, change.why, change.after) == (-5, "damaged", 95)
    with pytest.raises(Refused, match="same_person"):
        actions.approve_change(asked.pk, id=uuid7(), actor=cast.arun.actor)
    actions.approve_change(asked.pk, id=uuid7(), actor=cast.ds.actor)
    assert queries.batch_on_hand(para.pk) == 95
    assert queries.pending_changes() == []
    with pytest.raises(Refused, match="answered"):
        actions.approve_change(asked.pk, id=uuid7(), actor=cast.manager.actor)
    assert not queries.unbalanced().exists()


def test_a_refused_change_changes_nothing(cast, para):
    asked = ask(cast, para, -100, "condemned", "expired")
    actions.refuse_change(asked.pk, id=uuid7(), actor=cast.ds.actor)
    assert queries.batch_on_hand(para.pk) == 100
    assert queries.pending_changes() == []


def test_an_ordinary_row_cannot_be_approved(cast, para):
    row = StockMovement.objects.get(kind="received")
    with pytest.raises(Refused, match="nothing_asked"):
        actions.approve_change(row.pk, id=uuid7(), actor=cast.ds.actor)


def test_an_empty_bin_is_one_press_and_writes_nothing_off(cast, para):
    move(cast, para)
    actions.bin_empty("T-PARA", store=COUNTER, actor=cast.meena.actor)
    assert queries.on_hand(["T-PARA"]) == {"T-PARA": 0}
    assert not queries.unbalanced().exists()
    move(cast, para, quantity=10)  # filled again
    assert queries.on_hand(["T-PARA"]) == {"T-PARA": 50}


def test_a_stopped_lot_is_released(cast, para):
    actions.block(para.pk, reason="recalled", actor=cast.arun.actor)
    assert queries.usable_in(["T-PARA"]) == {}
    actions.release(para.pk, actor=cast.arun.actor)
    assert queries.usable_in(["T-PARA"]) == {"T-PARA": {"main": 100}}


def test_a_nurse_may_not(cast, para):
    for act in (
        lambda: actions.transfer(para.pk, id=uuid7(), to_store=COUNTER, quantity=Decimal(1),
                                 actor=cast.rita.actor),
        lambda: actions.block(para.pk, reason="recalled", actor=cast.rita.actor),
        lambda: actions.ask_change(para.pk, id=uuid7(), kind="adjusted", quantity=Decimal(-1),
                                   reason="lost", actor=cast.rita.actor),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()


def test_the_laboratory_uses_kits_and_is_never_stopped(cast):
    lot(cast, "KIT-MALRDT", quantity=3, store="main")
    use_id, keeper = uuid7(), Actor.of_system("test", Permission.STOCK_MOVE)
    for _ in range(2):  # it may be said twice
        actions.use_items(use_id, "KIT-MALRDT", Decimal(2), actor=keeper)
    assert queries.usable_in(["KIT-MALRDT"]) == {"KIT-MALRDT": {"main": 1}}
    assert actions.use_items(uuid7(), "KIT-MALRDT", Decimal(2), actor=keeper) == 1
    assert actions.use_items(uuid7(), "KIT-NONE", Decimal(1), actor=keeper) == 1
    assert queries.usable_in(["KIT-MALRDT"]) == {}
    assert not queries.unbalanced().exists()


def test_the_check_raises_an_alarm(cast, para, capsys):
    call_command("check_stock")
    assert not queries.known_changes_alarm()
    StockBatch.objects.update(on_hand=99)
    with pytest.raises(CommandError, match="1 lots differ"):
        call_command("check_stock")
    assert queries.known_changes_alarm()
    assert AuditEvent.objects.get(event="stock.unbalanced").facility_id == cast.green.pk


def test_expired_only_is_out_of_stock_in_the_list(cast, para):
    StockBatch.objects.update(expiry=timezone.localdate() - timezone.timedelta(days=1))
    (row,) = queries.shelf(store="main", show="out")
    assert (row["here"], row["expired"]) == (0, 100)
    assert [one["expired"] for one in queries.expiring(30)] == [True]
