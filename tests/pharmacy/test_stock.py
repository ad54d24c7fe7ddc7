"""Receiving and taking stock: the shelf is the sum of its ledger and never less than nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.facilities.models import Facility
from apps.pharmacy import actions, queries
from apps.pharmacy.models import StockBatch, StockMovement
from apps.terminology.models import Medication


@pytest.fixture
def paracetamol(cast):
    return Medication.objects.create(
        code="T-PARA", generic_name="Paracetamol", form="Tablet", strength="500 mg",
        search_key="parasetamol", provenance="test",
    )  # fmt: skip


def lot(**changes):
    given = {
        "id": uuid7(), "medication_code": "T-PARA", "batch_no": "B-1", "unit": "tab",
        "expiry": timezone.localdate() + timedelta(days=90), "quantity": Decimal(100),
        "store": "counter-1",
    }  # fmt: skip
    return given | changes


def test_it_works(cast, paracetamol):
    batch = actions.receive(**lot(), actor=cast.meena.actor)
    assert queries.on_hand(["T-PARA", "T-NONE"]) == {"T-PARA": 100, "T-NONE": 0}
    assert AuditEvent.objects.filter(event="stock.received", subject_id=batch.pk).count() == 1


def test_more_of_the_same_lot_is_added(cast, paracetamol):
    first = actions.receive(**lot(), actor=cast.meena.actor)
    second = actions.receive(**lot(quantity=Decimal(50)), actor=cast.meena.actor)
    assert first.pk == second.pk
    assert second.on_hand == 150


def test_it_is_safe_to_send_twice(cast, paracetamol):
    same = lot()
    actions.receive(**same, actor=cast.meena.actor)
    actions.receive(**same, actor=cast.meena.actor)
    assert queries.on_hand(["T-PARA"])["T-PARA"] == 100
    assert StockMovement.objects.count() == 1


@pytest.mark.parametrize(
    "changes, code",
    [
        ({"quantity": Decimal(0)}, "stock.quantity"),
        ({"expiry": timezone.localdate() - timedelta(days=1)}, "stock.expired"),
        ({"medication_code": "T-NONE"}, "stock.unknown_medicine"),
    ],
)
def test_it_refuses_a_bad_lot(cast, paracetamol, changes, code):
    with pytest.raises(Refused) as no:
        actions.receive(**lot(**changes), actor=cast.meena.actor)
    assert no.value.code == code
    assert not StockBatch.objects.exists()


def test_it_refuses_one_batch_number_with_two_dates(cast, paracetamol):
    actions.receive(**lot(), actor=cast.meena.actor)
    with pytest.raises(Refused, match="other_expiry"):
        actions.receive(
            **lot(expiry=timezone.localdate() + timedelta(days=5)), actor=cast.meena.actor
        )


def test_a_clerk_may_not(cast, paracetamol):
    with pytest.raises(Forbidden):
        actions.receive(**lot(), actor=cast.ravi.actor)


def test_expired_stock_does_not_count(cast, paracetamol):
    batch = actions.receive(**lot(), actor=cast.meena.actor)
    StockBatch.objects.update(expiry=timezone.localdate() - timedelta(days=1))
    assert queries.on_hand(["T-PARA"])["T-PARA"] == 0
    assert not queries.batches("T-PARA", store="counter-1").exists()
    with pytest.raises(Refused, match="expired"):
        actions.take_stock(batch.pk, Decimal(1), reference=uuid7())


def test_taking_more_than_there_is_is_refused(cast, paracetamol):
    batch = actions.receive(**lot(), actor=cast.meena.actor)
    actions.take_stock(batch.pk, Decimal(60), reference=uuid7())
    with pytest.raises(Refused, match="insufficient"):
        actions.take_stock(batch.pk, Decimal(41), reference=uuid7())
    assert queries.batch_on_hand(batch.pk) == 40
    assert not queries.unbalanced().exists()


def test_the_ledger_tells_a_batch_that_was_tampered_with(cast, paracetamol):
    batch = actions.receive(**lot(), actor=cast.meena.actor)
    StockBatch.objects.update(on_hand=99)
    assert [b.pk for b in queries.unbalanced()] == [batch.pk]


def test_on_hand_costs_one_query(cast, paracetamol, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.on_hand(["T-PARA"] * 12)


@pytest.mark.django_db(transaction=True, serialized_rollback=False)
def test_eight_counters_never_take_the_same_tablets(django_db_setup, django_db_blocker):
    """10 tablets, 8 counters that each want 3: three get them, one tablet is left."""
    facility = Facility.objects.get(slug="green-phc")

    def take(_: int) -> bool:
        try:
            with facility_context(facility.pk):
                actions.take_stock(batch.pk, Decimal(3), reference=uuid7())
            return True
        except Refused:
            return False
        finally:
            connection.close()

    with facility_context(facility.pk):
        batch = StockBatch.objects.create(
            medication_code="T-RACE", batch_no="R", unit="tab",
            expiry=timezone.localdate() + timedelta(days=9),
        )  # fmt: skip
        actions.move_stock(batch.pk, Decimal(10), kind="received")
    try:
        with ThreadPoolExecutor(8) as counters:
            served = list(counters.map(take, range(8)))
        with facility_context(facility.pk):
            assert sum(served) == 3
            assert queries.batch_on_hand(batch.pk) == 1
            assert not queries.unbalanced().exists()
    finally:
        with facility_context(facility.pk):
            StockMovement.objects.filter(batch=batch).delete()
            StockBatch.objects.filter(pk=batch.pk).delete()
