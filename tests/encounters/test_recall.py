"""Who should come again: listed, reminded once, told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import actions, queries
from apps.encounters.models import Encounter
from apps.notices.models import Notice
from apps.patients.models import Patient
from tests.encounters.people import asha, at_the_doctor

TODAY = timezone.localdate()


def due(cast, days, *, ago=10, **told):
    """A finished visit of ten days ago whose patient should come in `days`."""
    visit = at_the_doctor(cast, **told)
    at = timezone.now() - timedelta(days=ago)
    Encounter.objects.filter(pk=visit.pk).update(
        status="finished", started_at=at, follow_up=TODAY + timedelta(days=days)
    )
    return queries.visit(visit.pk)


def numbers(when, **filters):
    return [row["number"] for row in queries.recall(when, **filters)]


def test_it_works(cast, django_assert_num_queries):
    late, today, soon = due(cast, -5), due(cast, 0), due(cast, 4)
    far = due(cast, 30)
    # one patient each: the cast's Asha is registered anew every time
    assert numbers("overdue") == [late.number]
    assert numbers("week") == [today.number, soon.number]
    assert far.number not in numbers("week")
    with django_assert_num_queries(2):
        assert numbers("today") == [today.number]
    assert numbers("today", department="GYN") == []
    assert numbers("today", condition="fever") == []


def test_whoever_came_is_marked(cast):
    visit = due(cast, -2)
    actions.start_visit(visit.patient_id, id=uuid7(), department="GYN", actor=cast.ravi.actor)
    assert [row["came"] for row in queries.recall("overdue")] == [True]


def test_a_reminder_goes_once(cast):
    due(cast, 1)
    assert actions.remind() == 1
    assert actions.remind() == 0
    notice = Notice.objects.get(template="follow-up")
    assert f"{TODAY + timedelta(days=1):%d-%m-%Y}" in notice.body


def test_no_reminder_without_a_mobile_or_for_another_day(cast):
    visit = due(cast, 1)
    Patient.objects.filter(pk=visit.patient_id).update(mobile="")
    due(cast, 2)
    assert actions.remind() == 0


def test_whoever_asked_for_quiet_is_left_in_peace_at_later_visits_too(cast):
    old = due(cast, -3, ago=30)
    actions.note_recall(old.pk, said="quiet", actor=cast.rita.actor)
    new = due(cast, 1)
    Encounter.objects.filter(pk=new.pk).update(patient_id=old.patient_id)
    assert actions.remind() == 0
    actions.note_recall(old.pk, said="open", actor=cast.rita.actor)
    assert actions.remind() == 1


def test_told_and_not_reached(cast):
    visit = due(cast, 0)
    for said in ("told", "told", "unreachable"):
        actions.note_recall(visit.pk, said=said, actor=cast.rita.actor)
    assert queries.recall("today")[0]["said"] == "unreachable"
    with pytest.raises(Refused, match=r"recall\.said"):
        actions.note_recall(visit.pk, said="perhaps", actor=cast.rita.actor)
    with pytest.raises(Forbidden):
        actions.note_recall(visit.pk, said="told", actor=cast.meena.actor)


def test_it_refuses_a_visit_without_a_day(cast):
    visit = at_the_doctor(cast)
    with pytest.raises(Refused, match=r"visit\.not_found"):
        actions.note_recall(visit.pk, said="told", actor=cast.rita.actor)
    assert asha(cast)


def test_the_page_hides_the_mobile_from_whoever_may_not_see_it(cast):
    visit = due(cast, 0)
    url = f"/due/{visit.pk}"
    nurse = cast.rita.client().get("/due/").content.decode()
    assert "••2714" in nurse
    assert "9835022714" not in nurse
    assert "9835022714" in cast.manager.client().get("/due/?when=today").content.decode()
    done = cast.rita.client().post(url, {"said": "told", "back": "week"})
    assert done["Location"].endswith("/due/?when=week")
