"""The mobile leads to the records of a family, in every facility, and says nothing more."""

import pytest

from apps.core.errors import Forbidden
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.persons import actions, queries
from apps.persons.models import PersonLink


def test_it_works_over_two_facilities(cast):
    here, there = uuid7(), uuid7()
    actions.link_patient(here, mobile="9835022714", actor=cast.ravi.actor)
    with facility_context(cast.blue.pk):
        actions.link_patient(there, mobile="9835022714", actor=cast.dr_khan.actor)
    found = {(link.facility_id, link.patient_id) for link in queries.links_of_mobile("9835022714")}
    assert found == {(cast.green.pk, here), (cast.blue.pk, there)}


def test_no_number_stands_in_the_table(cast):
    actions.link_patient(uuid7(), mobile="9835022714", actor=cast.ravi.actor)
    assert "9835022714" not in str(PersonLink.objects.values().get())


def test_it_is_safe_to_send_twice_and_moves(cast):
    patient = uuid7()
    for mobile in ("9835022714", "9835022714", "9934000001"):
        actions.link_patient(patient, mobile=mobile, actor=cast.ravi.actor)
    assert queries.links_of_mobile("9835022714") == []
    assert len(queries.links_of_mobile("9934000001")) == 1


def test_no_mobile_links_to_nobody(cast):
    assert actions.link_patient(uuid7(), mobile="", actor=cast.ravi.actor) is None
    assert queries.links_of_mobile("") == []


def test_a_pharmacist_may_not(cast):
    with pytest.raises(Forbidden):
        actions.link_patient(uuid7(), mobile="9835022714", actor=cast.meena.actor)
