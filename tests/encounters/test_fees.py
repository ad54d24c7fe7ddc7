"""What is paid at the window, and why nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.encounters import actions, queries
from apps.encounters.models import Encounter
from tests.cast import CONFIG
from tests.encounters import people


@pytest.fixture
def paid(cast):
    """Green PHC takes five rupees; a slip is valid for fifteen days."""
    cast.green.config = replace(CONFIG, fee_rupees=5, slip_valid_days=15).as_json()
    cast.green.save()
    return cast


def fee(visit):
    shown = queries.visit_brief(queries.visit(visit.pk))
    return shown["fee"], shown["fee_exempt"]


def test_it_works(paid):
    assert fee(people.visit(paid)) == (5, "")


@pytest.mark.parametrize(
    "told, why",
    [({"age": 61}, "senior"), ({"reason": "pregnant"}, "pregnant"), ({"age": 0}, "infant"),
     ({"reason": "emergency"}, "emergency"), ({"reason": "disabled"}, "disabled")],
)  # fmt: skip
def test_who_goes_first_pays_nothing(paid, told, why):
    assert fee(people.visit(paid, **told)) == (0, why)


def test_the_poor_pay_nothing_and_only_reasons_of_the_list_count(paid):
    asha = people.asha(paid)
    told = {"id": uuid7(), "department": "MED", "actor": paid.ravi.actor}
    with pytest.raises(Refused, match=r"visit\.fee"):
        actions.start_visit(asha.pk, **told, fee_exempt="friend")
    assert fee(actions.start_visit(asha.pk, **told, fee_exempt="bpl")) == (0, "bpl")


def test_a_paid_slip_is_valid_for_its_department_and_its_days(paid):
    first = people.visit(paid)
    actions.finish(first.pk, actor=paid.dr_rao.actor)
    told = {"actor": paid.ravi.actor}
    again = actions.start_visit(first.patient_id, id=uuid7(), department="MED", **told)
    assert fee(again) == (0, "valid-slip")
    other = actions.start_visit(first.patient_id, id=uuid7(), department="GYN", **told)
    assert fee(other) == (5, "")
    Encounter.objects.filter(pk=first.pk).update(started_at=timezone.now() - timedelta(days=16))
    actions.cancel(again.pk, **told)
    late = actions.start_visit(first.patient_id, id=uuid7(), department="MED", **told)
    assert fee(late) == (5, "")


def test_the_fee_stays_as_it_was_taken(paid):
    visit = people.visit(paid)
    paid.green.config = replace(CONFIG, fee_rupees=2).as_json()
    paid.green.save()
    assert fee(visit) == (5, "")


def test_a_free_hospital_takes_nothing_from_anybody(cast):
    assert fee(people.visit(cast)) == (0, "")


def test_the_slip_says_why(paid):
    visit = people.visit(paid, age=70)
    page = paid.ravi.client().get(f"/reg/slip/{visit.number}/print").content.decode()
    assert "निःशुल्क" in page
    assert "60 से ऊपर" in page
    assert f'aria-label="{visit.number}"' in page  # the bar code


def test_one_press_for_somebody_without_a_name(cast):
    page, form = cast.ravi.client(), {"patient_id": uuid7(), "visit_id": uuid7(), "sex": "male"}
    first, second = page.post("/reg/unknown", form), page.post("/reg/unknown", form)
    assert first["Location"] == second["Location"]
    assert "अज्ञात पुरुष" in page.get(first["Location"]).content.decode()
    assert page.post("/reg/unknown", {})["Location"] == "/reg/"


def test_a_newborn_starts_with_what_the_mother_told(cast):
    mother = people.asha(cast, village="मझेली")
    shown = cast.ravi.client().get(f"/reg/?mother={mother.pk}").content.decode()
    for words in ("आशा देवी का शिशु", "Baby of Asha Devi", 'value="मझेली"', str(mother.pk)):
        assert words in shown


def test_the_same_slip_in_two_rooms_goes_to_the_first(cast):
    visit = people.at_the_doctor(cast)
    actions.call_visit(visit.pk, room="7", actor=cast.dr_rao.actor)
    other = cast.member("dr_other", "MO", cast.green)
    with pytest.raises(Refused, match=r"token\.taken") as refused:
        actions.call_visit(visit.pk, room="3", actor=other.actor)
    assert refused.value.sentence != "token.taken"
