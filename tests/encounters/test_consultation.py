"""Draft, findings and the end of a visit."""

import pytest

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions, queries
from apps.encounters.models import Condition, Encounter
from tests.encounters import people

FEVER = {"code": "C-FEVER", "hi": "बुखार", "en": "Fever", "days": 3}
TYPHOID = {"code": "D1", "icd": "A01.0", "hi": "टाइफ़ाइड", "en": "Typhoid fever"}


def test_a_draft_grows_and_a_stale_one_is_refused(cast):
    made = people.at_the_doctor(cast)
    doctor = cast.dr_rao.actor
    version = actions.save_draft(made.pk, draft={"notes": "a"}, version=0, actor=doctor)
    version = actions.save_draft(made.pk, draft={"notes": "ab"}, version=version, actor=doctor)
    with pytest.raises(Refused, match=r"draft\.conflict"):
        actions.save_draft(made.pk, draft={"notes": "old"}, version=0, actor=doctor)
    assert queries.draft(made.pk) == ({"notes": "ab"}, version)


def test_a_draft_costs_one_update(cast, django_assert_max_num_queries):
    made = people.at_the_doctor(cast)
    actions.save_draft(made.pk, draft={}, version=0, actor=cast.dr_rao.actor)
    with django_assert_max_num_queries(4):
        actions.save_draft(made.pk, draft={"notes": "x"}, version=1, actor=cast.dr_rao.actor)


def test_no_draft_for_a_closed_or_unknown_visit(cast):
    made = people.at_the_doctor(cast)
    actions.finish(made.pk, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"visit\.closed"):
        actions.save_draft(made.pk, draft={}, version=0, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"visit\.not_found"):
        actions.save_draft(uuid7(), draft={}, version=0, actor=cast.dr_rao.actor)


def test_findings_are_kept_and_mended(cast):
    made = people.at_the_doctor(cast)
    for complaints in ([FEVER], [FEVER], []):
        actions.record_conditions(
            made.pk, complaints=complaints, diagnoses=[TYPHOID], actor=cast.dr_rao.actor
        )
    rows = {row.display_en: row.status for row in Condition.objects.all()}
    assert rows == {"Fever": "entered-in-error", "Typhoid fever": "active"}
    past = queries.past_visits(made.patient_id, 5)[0]
    assert past["complaints"] == []
    assert past["diagnoses"][0]["hi"] == "टाइफ़ाइड"


def test_finishing_is_safe_to_repeat_and_clears_the_queue(cast):
    made = people.at_the_doctor(cast)
    for _ in range(2):
        actions.finish(made.pk, actor=cast.dr_rao.actor)
    assert queries.queue("doctor") == []
    assert Encounter.objects.get(pk=made.pk).doctor_id == cast.dr_rao.user.pk


def test_a_nurse_may_not_sign_off(cast):
    made = people.at_the_doctor(cast)
    with pytest.raises(Forbidden):
        actions.finish(made.pk, actor=cast.rita.actor)
    with pytest.raises(Forbidden):
        actions.record_conditions(made.pk, complaints=[], diagnoses=[], actor=cast.rita.actor)
