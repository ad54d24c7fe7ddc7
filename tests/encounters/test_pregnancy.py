"""Last period, weeks, expected day; danger signs and medicines that the nurse asked about."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.encounters import queries
from apps.encounters.models import Encounter, Observation, QueueToken
from apps.encounters.pregnancy import checked_lmp, day_told, expected, weeks
from tests.encounters import people

TODAY = date(2026, 11, 25)


def typed(**more):
    return {"observation_id": uuid7(), "SBP": "120", "DBP": "80", **more}


@pytest.mark.parametrize("text", ["290426", "29-04-26", "29/04/2026", "२९०४२६", " 29042026 "])
def test_a_day_is_read(text):
    assert day_told(text) == date(2026, 4, 29)


@pytest.mark.parametrize("text", ["", "310226", "2026", "abc", "29 04", "99-99-9999"])
def test_it_refuses_no_day(text):
    with pytest.raises(Refused, match=r"vitals\.lmp"):
        day_told(text)


def test_weeks_and_expected_day():
    lmp = date(2026, 4, 29)
    assert (weeks(lmp, TODAY), expected(lmp)) == (30, date(2027, 2, 3))


@pytest.mark.parametrize("days, code", [(-1, "vitals.lmp_future"), (7 * 46, "vitals.lmp_old")])
def test_it_refuses_a_period_that_cannot_be(days, code):
    with pytest.raises(Refused) as no:
        checked_lmp(TODAY - timedelta(days=days), today=TODAY)
    assert no.value.code == code


def test_it_works(cast):
    made, lmp = people.visit(cast), timezone.localdate() - timedelta(weeks=30)
    form = typed(pregnant="yes", lmp=f"{lmp:%d%m%y}", flags=["FITS"], takes=["bp"])
    assert cast.rita.client().post(f"/vitals/{made.number}/", form).status_code == 302
    connection.set_tenant(cast.green)
    visit = Encounter.objects.get(pk=made.pk)
    assert (visit.pregnant, visit.lmp) == (True, lmp)
    asked = QueueToken.objects.get().times["asked"]
    assert asked == {"flags": ["FITS"], "medicines": ["bp"]}
    assert QueueToken.objects.get().priority_reason == "alarm"  # fits raise by the rule


def test_the_next_visit_knows_the_last_period(cast):
    made, lmp = people.visit(cast), timezone.localdate() - timedelta(weeks=12)
    Encounter.objects.filter(pk=made.pk).update(lmp=lmp, pregnant=True, status="finished")
    again = Encounter.objects.create(
        id=uuid7(), patient_id=made.patient_id, number="GRN-26-9", code="x", department="MED"
    )
    assert queries.carried(again)["weeks"] == 12


@pytest.mark.parametrize("lang, words", [("hi", "आज के बाद"), ("en", "cannot be after today")])
def test_a_period_ahead_is_told_and_nothing_is_written(cast, lang, words):
    made, ahead = people.visit(cast), timezone.localdate() + timedelta(days=2)
    rita = cast.rita.client()
    rita.cookies["lang"] = lang
    cast.rita.user.language = lang
    cast.rita.user.save()
    answer = rita.post(f"/vitals/{made.number}/", typed(pregnant="yes", lmp=f"{ahead:%d%m%y}"))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    connection.set_tenant(cast.green)
    assert not Observation.objects.exists()


def test_not_pregnant_forgets_the_period(cast):
    made = people.visit(cast)
    form = typed(pregnant="no", lmp="010126")
    assert cast.rita.client().post(f"/vitals/{made.number}/", form).status_code == 302
    connection.set_tenant(cast.green)
    assert Encounter.objects.get(pk=made.pk).lmp is None


def test_danger_signs_go_along_without_vitals(cast):
    made = people.visit(cast)
    form = {"reason": "urgent", "flags": ["SNAKEBITE"]}
    assert cast.rita.client().post(f"/vitals/{made.number}/skip", form).status_code == 302
    connection.set_tenant(cast.green)
    token = QueueToken.objects.get()
    assert (token.priority_reason, token.station) == ("alarm", "doctor")
    assert token.times["asked"]["flags"] == ["SNAKEBITE"]
