"""The counter: lots by expiry, what is due, what is not there, sent twice, who may not."""

from decimal import Decimal

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import queries as visits
from apps.pharmacy import queries
from apps.pharmacy.actions import Give
from apps.pharmacy.models import MedicationDispense, StockBatch, StockMovement
from apps.prescriptions.models import MedicationRequest, Prescription
from tests.pharmacy.shelf import COUNTER, drug, give, lot, signed


def test_it_works(cast, django_assert_max_num_queries):
    """One line out of one lot: 20 statements at most, the token leaves the counter."""
    prescription, (line,) = signed(cast)
    batch = lot(cast)
    assert [row["id"] for row in queries.queue()] == [prescription.pk]
    with django_assert_max_num_queries(20 + 6):  # and up to six marks of nested transactions
        give(cast, prescription, Give(line.pk, Decimal(10)))
    line.refresh_from_db()
    assert line.dispensed == 10
    assert queries.batch_on_hand(batch.pk) == 90
    assert queries.queue() == []
    assert visits.visit(prescription.encounter_id).token.station == "none"
    assert Prescription.objects.get(pk=prescription.pk).status == "completed"
    assert AuditEvent.objects.filter(event="medication.dispensed").count() == 1
    assert not queries.unbalanced().exists()


def test_first_to_expire_goes_first_over_as_many_lots_as_needed(cast):
    prescription, (line,) = signed(cast)
    late, soon = lot(cast, batch="LATE", days=200), lot(cast, batch="SOON", days=20, quantity=4)
    rows = give(cast, prescription, Give(line.pk, Decimal(10)))
    assert [(row.batch_id, row.quantity) for row in rows] == [(soon.pk, 4), (late.pk, 6)]


def test_a_part_is_given_now_and_the_rest_is_due(cast):
    prescription, (line,) = signed(cast)
    lot(cast, quantity=4)
    sheet = queries.sheet(prescription.pk, store=COUNTER)
    assert (sheet.lines[0].give, sheet.lines[0].short) == (4, 6)
    give(cast, prescription, Give(line.pk, Decimal(4)))
    (row,) = queries.queue()
    assert row["begun"]
    lot(cast, batch="B-2")
    give(cast, prescription, Give(line.pk, Decimal(6)))
    assert queries.queue() == []


def test_not_available_closes_the_line_and_stands_in_the_numbers(cast):
    prescription, (line,) = signed(cast)
    lot(cast, quantity=4)
    give(cast, prescription, Give(line.pk, Decimal(4), rest="not-available"))
    line.refresh_from_db()
    assert (line.unavailable, line.closed) == (6, "not-available")
    assert [row.unavailable for row in queries.slip(prescription.pk)["missing"]] == [6]
    assert visits.visit(prescription.encounter_id).token.station == "none"


def test_a_declined_line_is_closed_without_blame_on_the_store(cast):
    prescription, (line,) = signed(cast)
    give(cast, prescription, Give(line.pk, rest="declined"))
    line.refresh_from_db()
    assert (line.unavailable, line.closed, line.due) == (0, "declined", 0)


def test_it_is_safe_to_send_twice(cast):
    prescription, (line,) = signed(cast)
    batch, form_id = lot(cast), uuid7()
    first = give(cast, prescription, Give(line.pk, Decimal(4)), id=form_id)
    again = give(cast, prescription, Give(line.pk, Decimal(4)), id=form_id)
    assert [row.pk for row in first] == [row.pk for row in again]
    assert MedicationDispense.objects.count() == 1
    assert queries.batch_on_hand(batch.pk) == 96


def test_it_refuses_more_than_is_due_and_writes_nothing(cast):
    prescription, lines = signed(cast, "T-PARA", "T-IBU")
    lot(cast)
    lot(cast, "T-IBU")
    with pytest.raises(Refused) as no:
        give(cast, prescription, Give(lines[0].pk, Decimal(10)), Give(lines[1].pk, Decimal(11)))
    assert no.value.code == "dispense.exceeds_request"
    assert no.value.values == {"due": "10"}
    assert not MedicationDispense.objects.exists()
    assert not MedicationRequest.objects.filter(dispensed__gt=0).exists()
    assert not StockMovement.objects.filter(kind="issued").exists()


def test_an_expired_batch_is_never_given(cast):
    prescription, (line,) = signed(cast)
    batch = lot(cast)
    StockBatch.objects.update(expiry=timezone.localdate() - timezone.timedelta(days=1))
    for give_ in (Give(line.pk, Decimal(1), batch.pk), Give(line.pk, Decimal(1))):
        with pytest.raises(Refused, match=r"stock\.(expired|insufficient)"):
            give(cast, prescription, give_)


@pytest.mark.parametrize("code", ["stock.blocked", "stock.other_store", "stock.insufficient"])
def test_a_batch_that_may_not_be_given(cast, code):
    prescription, (line,) = signed(cast)
    store = "main" if code == "stock.other_store" else COUNTER
    batch = lot(cast, store=store, quantity=5 if code == "stock.insufficient" else 100)
    if code == "stock.blocked":
        StockBatch.objects.update(blocked="recalled")
    with pytest.raises(Refused) as no:
        give(cast, prescription, Give(line.pk, Decimal(8), batch.pk))
    assert no.value.code == code


def test_a_substitute_is_of_the_same_salt_and_strength_and_has_a_reason(cast):
    prescription, (line,) = signed(cast)
    drug("T-PARC", "Paracetamol", form="Capsule", strength="500mg", route="")
    same, other = lot(cast, "T-PARC"), lot(cast, "T-IBU")
    sheet = queries.sheet(prescription.pk, store=COUNTER)
    assert [item.code for item, _ in sheet.lines[0].substitutes] == ["T-PARC"]
    with pytest.raises(Refused, match="substitute_reason"):
        give(cast, prescription, Give(line.pk, Decimal(10), same.pk))
    with pytest.raises(Refused, match="not_substitute"):
        give(cast, prescription, Give(line.pk, Decimal(10), other.pk, why="out-of-stock"))
    give(cast, prescription, Give(line.pk, Decimal(10), same.pk, why="out-of-stock"))
    (told,) = queries.substituted(doctor_id=cast.dr_rao.user.pk)
    assert (told["asked"], told["item"].code) == ("Paracetamol 500 mg", "T-PARC")


def test_nothing_marked_is_refused(cast):
    prescription, (line,) = signed(cast)
    with pytest.raises(Refused, match="nothing"):
        give(cast, prescription, Give(line.pk))


def test_a_clerk_may_not(cast):
    prescription, (line,) = signed(cast)
    lot(cast)
    with pytest.raises(Forbidden):
        give(cast, prescription, Give(line.pk, Decimal(1)), actor=cast.ravi.actor)
    # A nurse may hand over, but not choose another product.
    drug("T-PARC", "Paracetamol", form="Capsule", strength="500 mg", route="")
    other = lot(cast, "T-PARC")
    with pytest.raises(Forbidden):
        give(cast, prescription, Give(line.pk, Decimal(1), other.pk, why="out-of-stock"),
             actor=cast.rita.actor)  # fmt: skip


def test_the_doctor_sees_what_a_counter_can_give_now(cast):
    signed(cast)
    lot(cast, store="main", quantity=400)
    assert queries.on_hand(["T-PARA"]) == {"T-PARA": 0}
    batch = lot(cast, quantity=30)
    assert queries.on_hand(["T-PARA"]) == {"T-PARA": 30}
    StockBatch.objects.filter(pk=batch.pk).update(blocked="recalled")
    assert queries.on_hand(["T-PARA"]) == {"T-PARA": 0}
