"""One edit of the draft, as a verb: what it writes, what it refuses."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.workflows import actions, queries
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write


@pytest.fixture
def visit(cast):
    return call(cast, asha_at_the_doctor(cast))


def edit(cast, visit, what, *, by=None, version=None, **told):
    now = visits.visit(visit.pk).draft_version if version is None else version
    doctor = by or cast.dr_rao
    actions.edit(visit.pk, what=what, version=now, actor=doctor.actor, **told)
    return visits.visit(visit.pk).draft


def test_it_works(cast, visit):
    edit(cast, visit, "add", part="complaints", code="T-FEVER", days=3)
    edit(cast, visit, "add", part="diagnoses", code="T-DX2")
    edit(cast, visit, "add_medicine", code="T-PARA")
    typed = {"dose": "101 x7", "days": 5}
    draft = edit(cast, visit, "medicine", index=0, typed=typed)
    assert draft["complaints"] == [{"code": "T-FEVER", "hi": "बुखार", "en": "Fever", "days": 3}]
    assert draft["diagnoses"][0]["icd"] == "I10"
    assert (draft["medicines"][0]["dose"], draft["medicines"][0]["days"]) == ("1-0-1", 7)
    assert draft["saved"]["by"] == str(cast.dr_rao.user.pk)


def test_the_dose_is_never_guessed(cast, visit):
    draft = edit(cast, visit, "add_medicine", code="T-PARA")
    assert draft["medicines"][0]["dose"] == ""
    work = queries.work(visits.visit(visit.pk), queries.patient_of(visit))
    assert [gap.refused.code for gap in queries.gaps(work)] == ["consult.finding", "dose.empty"]


def test_a_medicine_is_there_once(cast, visit):
    edit(cast, visit, "add_medicine", code="T-PARA")
    draft = edit(cast, visit, "add_medicine", code="T-PARA")
    assert len(draft["medicines"]) == 1


def test_a_total_by_hand_holds_until_the_dose_changes(cast, visit):
    edit(cast, visit, "add_medicine", code="T-PARA")
    edit(cast, visit, "medicine", index=0, typed={"dose": "1-0-1", "days": 5})
    typed = {"dose": "1-0-1", "days": 5, "quantity": "12"}
    assert edit(cast, visit, "medicine", index=0, typed=typed)["medicines"][0]["quantity"] == "12"
    typed = {"dose": "1-1-1", "days": 5}
    assert edit(cast, visit, "medicine", index=0, typed=typed)["medicines"][0]["quantity"] is None


def test_what_was_removed_comes_back_where_it_was(cast, visit):
    for code in ("T-PARA", "T-IBU", "T-ENAL"):
        edit(cast, visit, "add_medicine", code=code)
    gone = edit(cast, visit, "remove", part="medicines", index=1)
    assert [m["code"] for m in gone["medicines"]] == ["T-PARA", "T-ENAL"]
    back = edit(cast, visit, "undo")
    assert [m["code"] for m in back["medicines"]] == ["T-PARA", "T-IBU", "T-ENAL"]


def test_ticked_tests_are_exactly_these(cast, visit):
    edit(cast, visit, "choose", part="tests", codes=["T-CBC", "T-HB"])
    draft = edit(cast, visit, "choose", part="tests", codes=["T-HB"])
    assert [t["code"] for t in draft["tests"]] == ["T-HB"]


def test_own_words_stand_without_a_code(cast, visit):
    draft = edit(cast, visit, "write", part="complaints", text="अजीब दर्द", days=2)
    assert draft["complaints"] == [{"code": "", "hi": "अजीब दर्द", "en": "अजीब दर्द", "days": 2}]


@pytest.mark.parametrize(
    "what, told, code",
    [
        ("add", {"part": "diagnoses", "code": "NOPE"}, "draft.unknown"),
        ("add_medicine", {"code": "NOPE"}, "draft.unknown"),
        ("remove", {"part": "tests", "index": 4}, "draft.gone"),
        ("medicine", {"index": 9, "typed": {}}, "draft.gone"),
        ("text", {"field": "notes", "text": "x" * 1001}, "draft.too_long"),
        ("repeat", {}, "consult.no_last"),
        ("explode", {}, "draft.edit"),
    ],
)
def test_it_refuses_what_cannot_be(cast, visit, what, told, code):
    with pytest.raises(Refused) as no:
        edit(cast, visit, what, **told)
    assert no.value.code == code
    assert visits.visit(visit.pk).draft_version == visit.draft_version


@pytest.mark.parametrize("days", [0, -1, 400])
def test_the_next_visit_is_after_today_within_a_year(cast, visit, days):
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused, match=r"draft\.follow_up"):
        edit(cast, visit, "advise", codes=[], day=day)


def test_it_refuses_an_older_version_and_keeps_the_newer(cast, visit):
    edit(cast, visit, "text", field="notes", text="first", version=visit.draft_version)
    with pytest.raises(Refused, match=r"draft\.conflict"):
        edit(cast, visit, "text", field="notes", text="second", version=visit.draft_version)
    assert visits.visit(visit.pk).draft["notes"] == "first"


def test_a_nurse_may_type_for_the_doctor(cast, visit):
    draft = edit(cast, visit, "text", field="notes", text="chest clear", by=cast.rita)
    assert draft["notes"] == "chest clear"
    assert visits.visit(visit.pk).doctor_id == cast.dr_rao.user.pk


def test_an_operator_posted_to_this_room_may_type_while_the_patient_is_in_it(cast, visit):
    assert cast.ravi.user.postings.get().room == "7"  # where the patient was called to
    draft = edit(cast, visit, "text", field="notes", text="chest clear", by=cast.ravi)
    assert draft["notes"] == "chest clear"
    assert visits.visit(visit.pk).doctor_id == cast.dr_rao.user.pk


def test_an_operator_of_another_room_or_of_none_may_not(cast, visit):
    for room in ("3", ""):
        cast.ravi.user.postings.update(room=room)
        with pytest.raises(Forbidden):
            edit(cast, visit, "text", field="notes", text="x", by=cast.ravi)


@pytest.mark.parametrize("who", ["meena", "manager"])
def test_others_may_not(cast, visit, who):
    with pytest.raises(Forbidden):
        edit(cast, visit, "text", field="notes", text="x", by=getattr(cast, who))


def test_the_last_prescription_is_repeated_with_one_press(cast, visit):
    from_last = asha_again(cast, visit)
    draft = edit(cast, from_last, "repeat")
    assert [(m["code"], m["dose"], m["days"]) for m in draft["medicines"]] == [
        ("T-PARA", "1-0-1", 5)
    ]


def asha_again(cast, visit):
    """Asha's first visit is signed; she takes a new token the same day."""
    write(cast, visit)
    actions.finish_consultation(visit.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)
    again = encounters.start_visit(
        visit.patient_id, id=uuid7(), department="MED", actor=cast.ravi.actor
    )
    encounters.skip_vitals(again.pk, reason="urgent", actor=cast.rita.actor)
    return visits.visit(again.pk)
