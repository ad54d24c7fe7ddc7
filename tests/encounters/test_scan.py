"""A scanner anywhere: to the page of one's own work."""

import pytest

from apps.accounts.permissions import Role
from apps.core.ids import uuid7
from apps.encounters import actions, paper_slips, queries
from tests.encounters import people

WHERE = {"ravi": "/reg/again/{patient}/", "rita": "/vitals/{number}/", "dr_rao": "/opd/{number}/"}


@pytest.mark.parametrize("name", WHERE)
@pytest.mark.parametrize("text", ["{number}", "{token}", "http://x/s/{code}", "{mrn}"])
def test_it_works(cast, name, text):
    visit = people.visit(cast)
    told = {
        "number": visit.number, "code": visit.code, "token": queries.token_label(visit.token),
        "mrn": visit.patient.mrn, "patient": visit.patient_id,
    }  # fmt: skip
    answer = getattr(cast, name).client().post("/scan", {"q": text.format(**told)})
    assert answer["Location"] == WHERE[name].format(**told)


def test_a_paper_slip_leads_to_typing_it_in(cast):
    made = actions.reserve_slips(1, id=uuid7(), actor=cast.ravi.actor)
    one = paper_slips.slips_of(cast.green, made)[0]
    answer = cast.ravi.client().post("/scan", {"q": f"http://x/s/{one.code}?n={one.number}"})
    assert answer["Location"] == f"/reg/paper/type?q={one.number}-{one.check}"


@pytest.mark.parametrize("text", ["", "nothing", "BLU-26-000001", "http://x/s/AAAAAAAAAAAA"])
def test_it_says_when_nothing_is_found(cast, text):
    assert cast.ravi.client().post("/scan", {"q": text}).status_code == 422


def test_a_slip_of_another_hospital_is_not_found(cast):
    visit = people.visit(cast)
    assert cast.dr_khan.client().post("/scan", {"q": visit.number}).status_code == 422


def test_a_cashier_may_not(cast):
    clerk = cast.member("cash", Role.CASH, cast.green)
    assert clerk.client().post("/scan", {"q": "x"}).status_code == 403
