"""What a verified report used leaves the shelf, once, and never stops the laboratory."""

import pytest

from apps.core.ids import uuid7
from apps.labs import actions as labs
from apps.pharmacy import queries as pharmacy
from apps.workflows import jobs
from tests.labs.samples import house_tests, pathologist, technician, verified
from tests.pharmacy.shelf import lot
from tests.workflows.visits import asha_at_the_doctor


@pytest.fixture
def report(cast):
    """A blood count whose test names one kit, verified."""
    house_tests()
    labs.define_test(
        "CBC", id=uuid7(), provenance="our analyser", after=0,
        body={"parts": ["hb"], "reagents": [{"item": "KIT-MALRDT", "quantity": "1"}]},
        actor=pathologist(cast).actor,
    )  # fmt: skip
    visit = asha_at_the_doctor(cast)
    labs.order(visit.pk, tests=[{"code": "CBC"}], actor=cast.dr_rao.actor)
    (sample,) = labs.collect(visit.pk, id=uuid7(), actor=technician(cast).actor)
    return verified(cast, sample, HB="12.1")[0]


def use(cast, report):
    jobs.use_reagents(facility_id=str(cast.green.pk), report_id=str(report.pk))


def test_it_takes_from_the_shelf_once(cast, report):
    lot(cast, "KIT-MALRDT", quantity=3, store="main")
    for _ in range(2):  # a job may come twice
        use(cast, report)
    assert pharmacy.usable_in(["KIT-MALRDT"]) == {"KIT-MALRDT": {"main": 2}}
    assert not pharmacy.unbalanced().exists()


def test_an_empty_shelf_stops_nothing(cast, report):
    use(cast, report)
    assert pharmacy.usable_in(["KIT-MALRDT"]) == {}
