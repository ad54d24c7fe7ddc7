"""Eight counters press "given" at once: never more than lies there, never in a circle."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.pharmacy import queries
from apps.pharmacy.actions import Give
from apps.pharmacy.models import MedicationDispense, StockBatch
from tests.pharmacy.shelf import give, lot, signed

COUNTERS = 8
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(cast, orders):
    """Each (prescription, gives, form id) from a thread of its own: "given" or the refusal."""
    start, meena = Barrier(len(orders)), cast.meena.actor  # made once, not by every thread

    def press(order):
        prescription, gives, form_id = order
        try:
            with facility_context(cast.green.pk):
                start.wait(30)
                give(cast, prescription, *gives, id=form_id, actor=meena)
            return "given"
        except Refused as no:
            return no.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(orders)) as counters:
        told = list(counters.map(press, orders))
    connection.set_tenant(cast.green)
    return told


def ten_each(lines):
    return [Give(line.pk, Decimal(10)) for line in lines]


def test_eight_patients_want_the_same_lots(cast):
    """35 and 100 tablets, ten of each wanted, half ask in the other order: three are served."""
    orders = []
    for n in range(COUNTERS):
        codes = ("T-PARA", "T-IBU") if n % 2 else ("T-IBU", "T-PARA")
        prescription, lines = signed(cast, *codes, mobile=f"983502271{n}")
        orders.append((prescription, ten_each(lines), uuid7()))
    few, many = lot(cast, quantity=35), lot(cast, "T-IBU")
    told = at_once(cast, orders)
    assert sorted(told) == ["given"] * 3 + ["stock.insufficient"] * 5
    assert (queries.batch_on_hand(few.pk), queries.batch_on_hand(many.pk)) == (5, 70)
    assert MedicationDispense.objects.count() == 6
    assert not StockBatch.objects.filter(on_hand__lt=0).exists()
    assert not queries.unbalanced().exists()


def test_one_prescription_at_eight_counters_is_given_once(cast):
    """Different forms: the second is told that nothing is due. One form eight times: one row."""
    prescription, lines = signed(cast, "T-PARA", "T-IBU")
    batch = lot(cast)
    gives = ten_each(lines[:1])
    told = at_once(cast, [(prescription, gives, uuid7()) for _ in range(COUNTERS)])
    assert sorted(told) == ["dispense.exceeds_request"] * 7 + ["given"]
    assert queries.batch_on_hand(batch.pk) == 90
    other, same = lot(cast, "T-IBU"), uuid7()
    told = at_once(cast, [(prescription, ten_each(lines[1:]), same)] * COUNTERS)
    assert told == ["given"] * COUNTERS
    assert queries.batch_on_hand(other.pk) == 90
    assert not queries.unbalanced().exists()
