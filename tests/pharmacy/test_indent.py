"""From real use to a suggestion; between hospital, district store and State."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.pharmacy import actions, queries
from apps.pharmacy.models import StockMovement
from apps.supply import actions as supply
from apps.supply import queries as levels
from tests.pharmacy.shelf import drug, lot

LINE = {"code": "T-PARA", "name": "Paracetamol 500 mg", "unit": "tablet", "suggested": "50",
        "asked": "60"}  # fmt: skip


@pytest.fixture
def para(cast):
    return drug("T-PARA", "Paracetamol")


def used(batch, quantity, days_ago):
    """What went over the counter some days ago: ledger and shelf together."""
    actions.move_stock(batch.pk, Decimal(-quantity), kind="issued")
    StockMovement.objects.filter(kind="issued").update(at=timezone.now() - timedelta(days=days_ago))


def raised(cast, **changes):
    return supply.raise_indent(id=uuid7(), lines=[{**LINE, **changes}], actor=cast.arun.actor)


def test_the_suggestion_comes_from_use_lead_time_and_what_is_there(cast, para):
    batch = lot(cast, store="main", quantity=200)
    used(batch, 160, days_ago=55)
    (need,) = queries.needs()
    # 20 a week for 14 + 30 days and one week more, less 40 there: 105.7, up to fifties.
    assert (need.weekly, need.usable, need.suggested) == (20, 40, 150)
    raised(cast, asked="100")
    (need,) = queries.needs()
    assert (need.on_order, need.suggested) == (100, 10)


def test_it_goes_all_the_way_and_lies_on_the_shelf(cast, para):
    indent = raised(cast)
    supply.approve(indent.pk, asked={"T-PARA": "80"}, actor=cast.ds.actor)
    connection.set_schema_to_public()
    lots = {"T-PARA": [{"batch_no": "px 9", "expiry": "2031-01-31", "quantity": "70"}]}
    supply.issue(indent.pk, lots=lots, actor=cast.district_store.actor)
    connection.set_tenant(cast.green)
    for _ in range(2):  # pressed twice
        actions.acknowledge_indent(indent.pk, actor=cast.arun.actor)
    assert queries.usable_in(["T-PARA"]) == {"T-PARA": {"main": 70}}
    indent.refresh_from_db()
    assert indent.lines[0]["approved"] == "80"
    assert [step["what"] for step in indent.history] == [
        "raised", "approved", "issued", "acknowledged",
    ]  # fmt: skip


def test_it_is_safe_to_send_twice(cast, para):
    form_id = uuid7()
    for _ in range(2):
        supply.raise_indent(id=form_id, lines=[LINE], actor=cast.arun.actor)
    assert len(levels.indents_of(cast.green.pk)) == 1


@pytest.mark.parametrize("asked, code", [("0", "indent.empty"), ("x", "indent.quantity")])
def test_an_empty_or_odd_wish_is_refused(cast, asked, code):
    with pytest.raises(Refused, match=code):
        raised(cast, asked=asked)


def test_the_steps_keep_their_order(cast):
    indent = raised(cast)
    with pytest.raises(Refused, match="not_approved"):
        supply.issue(indent.pk, lots={}, actor=cast.district_store.actor)
    with pytest.raises(Refused, match="not_issued"):
        actions.acknowledge_indent(indent.pk, actor=cast.arun.actor)
    with pytest.raises(Refused, match="reason"):
        supply.refuse(indent.pk, reason=" ", actor=cast.ds.actor)
    supply.approve(indent.pk, actor=cast.ds.actor)
    lots = {"T-PARA": [{"batch_no": "P", "expiry": "2020-01-31", "quantity": "70"}]}
    with pytest.raises(Refused, match="expired_lot"):
        supply.issue(indent.pk, lots=lots, actor=cast.district_store.actor)
    with pytest.raises(Refused, match="nothing_issued"):
        supply.issue(indent.pk, lots={}, actor=cast.district_store.actor)
    supply.refuse(indent.pk, reason="none left", actor=cast.district_store.actor)


def test_another_district_does_not_exist(cast):
    indent = raised(cast)
    supply.approve(indent.pk, actor=cast.ds.actor)
    with pytest.raises(Unseen):
        supply.issue(indent.pk, lots={}, actor=cast.other_store.actor)
    assert list(levels.indents_for(cast.other_store.actor)) == []
    connection.set_schema_to_public()
    client = cast.other_store.client()
    assert client.get(f"/supply/{indent.pk}/").status_code == 404
    assert client.post(f"/supply/{indent.pk}/answer", {"what": "issue"}).status_code == 404
    assert cast.district_store.client().get(f"/supply/{indent.pk}/").status_code == 200
    assert cast.dr_khan.client().get(f"/stock/indent/{indent.pk}/").status_code in (403, 404)


def test_who_may_not(cast):
    with pytest.raises(Forbidden):
        supply.raise_indent(id=uuid7(), lines=[LINE], actor=cast.rita.actor)
    indent = raised(cast)
    with pytest.raises(Forbidden):
        supply.approve(indent.pk, actor=cast.arun.actor)
    with pytest.raises(Forbidden):
        supply.issue(indent.pk, lots={}, actor=cast.arun.actor)


def test_the_state_sees_what_was_passed_on(cast):
    state = cast.member("state_admin", "SHQ", None)
    indent = raised(cast)
    supply.approve(indent.pk, actor=cast.ds.actor)
    assert list(levels.indents_for(state.actor)) == []
    supply.forward(indent.pk, actor=cast.district_store.actor)
    assert [row.pk for row in levels.indents_for(state.actor)] == [indent.pk]


def test_expired_only_is_a_stock_out_and_the_nearest_can_spare(cast, para):
    lot(cast, store="main")
    with facility_context(cast.blue.pk):
        actions.share_levels(everything=True)  # nothing there
    actions.share_levels(everything=True)
    (level,) = levels.levels_of(cast.district_store.actor, code="T-PARA")
    assert (level.usable, level.facility_id) == (100, cast.green.pk)
    assert list(levels.levels_of(cast.other_store.actor)) == []
    (spare,) = levels.surplus("T-PARA", actor=cast.district_store.actor)
    assert spare.spare == 100
    assert levels.surplus("T-PARA", actor=cast.other_store.actor) == []
    from_shelf = queries.levels_changed(None)
    assert from_shelf[0]["usable"] == 100
    actions.move_stock(level_batch(), Decimal(-100), kind="issued")
    actions.share_levels()
    assert [row["code"] for row in levels.stock_outs(cast.district_store.actor)] == ["T-PARA"]


def level_batch():
    return StockMovement.objects.values_list("batch_id", flat=True)[0]
