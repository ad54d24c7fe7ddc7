"""From the order to a labelled tube."""

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.labs import actions, queries
from apps.labs.models import ServiceRequest
from tests.labs.samples import collected, ordered, sent, technician


def test_it_works(cast, django_assert_max_num_queries):
    visit = ordered(cast, "CBC", "LIPID", "K", "URINER")
    with django_assert_max_num_queries(2):
        (row,) = queries.to_collect()
    assert row["token"] == "M-001"
    assert row["tests"][0]["en"] == "Complete blood count (CBC)"
    samples = actions.collect(visit.pk, id=uuid7(), actor=technician(cast).actor)
    assert sorted(s.container for s in samples) == ["EDTA (lavender)", "Plain/SST", "Sterile cup"]
    assert all(s.accession.startswith("GRN-L-") for s in samples)
    assert len({s.accession for s in samples}) == 3
    assert queries.to_collect() == []
    assert len(queries.worklist()["rows"]) == 3


def test_one_tube_serves_several_tests(cast):
    _, samples = collected(cast, "LIPID", "K", "CREA")
    assert len(samples) == 1
    assert len(queries.orders_on(samples[0])) == 3


def test_it_is_safe_to_send_twice(cast):
    visit, form = ordered(cast, "CBC", "K"), uuid7()
    by = technician(cast).actor
    first = actions.collect(visit.pk, id=form, actor=by)
    assert {s.pk for s in actions.collect(visit.pk, id=form, actor=by)} == {s.pk for s in first}
    with pytest.raises(Refused, match="nothing_to_collect"):
        actions.collect(visit.pk, id=uuid7(), actor=by)


def test_a_label_is_printed_again_but_never_for_a_cancelled_order(cast):
    _, (sample,) = collected(cast, "CBC")
    by = technician(cast).actor
    for _ in range(2):
        label = actions.print_label(sample.accession, actor=by)
        assert (label["tests"], label["group_en"]) == ("CBC", "Haematology")
    (order,) = queries.orders_on(sample)
    actions.cancel(order.pk, reason="doctor changed her mind", actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"label\.cancelled"):
        actions.print_label(sample.accession, actor=by)


def test_a_bad_sample_is_taken_again_under_a_new_number(cast):
    visit, (sample,) = collected(cast, "CBC")
    by = technician(cast).actor
    sent(cast, sample, HB="9.1")
    actions.reject(sample.accession, reason="clotted", actor=by)
    (row,) = queries.to_collect()
    assert row["recollect"] is True
    (again,) = actions.collect(visit.pk, id=uuid7(), actor=by)
    assert again.accession != sample.accession
    assert queries.reports_of(queries.orders_on(again)) == {}
    with pytest.raises(Refused, match=r"label\.rejected"):
        actions.print_label(sample.accession, actor=by)


def test_a_cancelled_order_leaves_the_lists(cast):
    ordered(cast, "CBC")
    (order,) = ServiceRequest.objects.all()
    with pytest.raises(Refused, match=r"order\.reason"):
        actions.cancel(order.pk, reason=" ", actor=cast.dr_rao.actor)
    for _ in range(2):
        actions.cancel(order.pk, reason="wrong patient", actor=cast.dr_rao.actor)
    assert queries.to_collect() == []


def test_a_clerk_may_not(cast):
    visit = ordered(cast, "CBC")
    for verb in (actions.collect,):
        with pytest.raises(Forbidden):
            verb(visit.pk, id=uuid7(), actor=cast.ravi.actor)
