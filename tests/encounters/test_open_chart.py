"""The one door to a record."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.tenancy import facility_context
from apps.encounters import actions
from apps.encounters.models import Encounter, QueueToken
from tests.encounters import people


def events(patient_id):
    found = AuditEvent.objects.filter(
        patient_id=patient_id, event__in=("chart.viewed", "glass.broken")
    )
    return list(found.order_by("at").values_list("event", flat=True))


def test_it_works(cast, django_assert_max_num_queries):
    made = people.at_the_doctor(cast)
    assert cast.dr_rao
    with django_assert_max_num_queries(10):
        chart = actions.open_chart(made.patient_id, actor=cast.dr_rao.actor)
    assert (chart.relation, chart.visit.pk) == ("queue", made.pk)
    assert chart.patient["allergies"]["status"] == "unknown"
    assert events(made.patient_id) == ["chart.viewed"]


def test_my_own_patient_of_today_stays_mine_when_finished(cast):
    made = people.at_the_doctor(cast)
    actions.call_visit(made.pk, actor=cast.dr_rao.actor)
    actions.finish(made.pk, actor=cast.dr_rao.actor)
    assert actions.open_chart(made.patient_id, actor=cast.dr_rao.actor).relation == "mine"


def test_the_nursing_desk_sees_who_waits_in_any_department(cast):
    made = people.visit(cast, "GYN")
    assert actions.open_chart(made.patient_id, actor=cast.rita.actor).relation == "desk"


def test_who_is_sent_to_a_room_is_that_doctors_patient(cast):
    made = people.visit(cast, "GYN")
    QueueToken.objects.filter(encounter=made).update(for_room="7")
    assert actions.open_chart(made.patient_id, actor=cast.dr_rao.actor).relation == "queue"


def test_a_signed_visit_is_open_again_while_its_report_waits(cast):
    """Another doctor signed it in the morning and is gone."""
    made = people.at_the_doctor(cast)
    actions.call_visit(made.pk, actor=cast.dr_rao.actor)
    actions.finish(made.pk, then="lab", actor=cast.dr_rao.actor)
    Encounter.objects.filter(pk=made.pk).update(doctor_id=cast.rita.user.pk)
    with pytest.raises(Refused, match=r"chart\.no_relation"):
        actions.open_chart(made.patient_id, actor=cast.dr_rao.actor)
    actions.come_back(made.pk, actor=cast.dr_rao.actor)
    assert actions.open_chart(made.patient_id, actor=cast.dr_rao.actor).relation == "queue"


def test_it_refuses_without_a_relation_until_a_reason_is_given(cast):
    made = people.visit(cast, "GYN")
    with pytest.raises(Refused, match=r"chart\.no_relation"):
        actions.open_chart(made.patient_id, actor=cast.dr_rao.actor)
    for short in ("", "abc", "12345678", " a b c d "):
        with pytest.raises(Refused, match=r"chart\.reason"):
            actions.open_chart(made.patient_id, actor=cast.dr_rao.actor, reason=short)
    assert events(made.patient_id) == []
    chart = actions.open_chart(made.patient_id, actor=cast.dr_rao.actor, reason="बेहोश मरीज़")
    assert chart.relation == "glass"
    assert events(made.patient_id) == ["glass.broken", "chart.viewed"]


def test_the_glass_is_whole_again_after_half_an_hour(cast, monkeypatch):
    made = people.visit(cast, "GYN")
    actions.open_chart(made.patient_id, actor=cast.dr_rao.actor, reason="unconscious")
    assert actions.open_chart(made.patient_id, actor=cast.dr_rao.actor).relation == "glass"
    later = timezone.now() + timedelta(minutes=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(Refused, match=r"chart\.no_relation"):
        actions.open_chart(made.patient_id, actor=cast.dr_rao.actor)


def test_yesterdays_visit_gives_no_right_today(cast, monkeypatch):
    made = people.at_the_doctor(cast)
    people.next_day(monkeypatch, made, hour=5)
    assert actions.open_chart(made.patient_id, actor=cast.dr_rao.actor).relation == "queue"
    people.next_day(monkeypatch, made, hour=6)
    with pytest.raises(Refused, match=r"chart\.no_relation"):
        actions.open_chart(made.patient_id, actor=cast.dr_rao.actor)


def test_a_nurse_breaks_no_glass(cast):
    asha = people.asha(cast)
    with pytest.raises(Forbidden):
        actions.open_chart(asha.pk, actor=cast.rita.actor, reason="very good reason")


@pytest.mark.parametrize("who", ["ravi", "meena", "manager", "neha"])
def test_whoever_never_sees_records_may_not(cast, who):
    made = people.at_the_doctor(cast)
    with pytest.raises(Forbidden):
        actions.open_chart(made.patient_id, actor=getattr(cast, who).actor, reason="just curious")
    assert events(made.patient_id) == []


def test_dr_khan_finds_nobody_of_green(cast):
    made = people.at_the_doctor(cast)
    with facility_context(cast.blue.pk), pytest.raises(Refused, match=r"patient\.not_found"):
        actions.open_chart(made.patient_id, actor=cast.dr_khan.actor, reason="emergency case")
