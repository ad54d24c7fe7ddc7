"""The chart's shell, its fragment, and the question why."""

import pytest

from tests.encounters import people


def shown(answer):
    return answer.content.decode()


def test_it_works(cast):
    made = people.at_the_doctor(cast)
    doctor = cast.dr_rao.client()
    page = shown(doctor.get(f"/patients/{made.patient_id}/"))
    assert "आशा देवी" in page
    assert "एलर्जी: पता नहीं" in page
    fragment = doctor.get(f"/patients/{made.patient_id}/visits", headers={"HX-Request": "true"})
    assert made.number in shown(fragment)


def test_without_a_relation_the_page_asks_why(cast):
    made = people.visit(cast, "GYN")
    doctor, address = cast.dr_rao.client(), f"/patients/{made.patient_id}/"
    asked = doctor.get(address)
    assert asked.status_code == 409
    assert 'name="reason"' in shown(asked)
    assert made.number not in shown(asked)
    assert doctor.post(address, {"reason": "abc"}).status_code == 422
    assert doctor.get(f"{address}visits").status_code == 409
    assert doctor.post(address, {"reason": "unconscious"})["Location"] == address
    assert doctor.get(address).status_code == 200


@pytest.mark.parametrize("who", ["ravi", "meena", "manager"])
def test_whoever_sees_no_records_gets_none(cast, who):
    made = people.visit(cast)
    client = getattr(cast, who).client()
    assert client.get(f"/patients/{made.patient_id}/").status_code == 403
    assert client.get(f"/patients/{made.patient_id}/visits").status_code == 403


def test_dr_khan_finds_nothing(cast):
    made = people.visit(cast)
    khan = cast.dr_khan.client()
    assert khan.get(f"/patients/{made.patient_id}/").status_code == 404
    assert (
        cast.dr_khan.client("green-phc.bhavya.localhost")
        .get(f"/patients/{made.patient_id}/")
        .status_code
        == 403
    )
