"""A visit from the window to the doctor's last word."""

from decimal import Decimal

from apps.core.ids import uuid7
from apps.encounters import actions, queries
from apps.patients import actions as patients
from apps.patients import queries as patient_queries


def test_it_works(cast):
    asha = patients.register(
        id=uuid7(), name_hi="आशा देवी", sex="female", age=34, actor=cast.ravi.actor
    )
    visit = actions.start_visit(asha.pk, id=uuid7(), department="MED", actor=cast.ravi.actor)
    assert visit.number.startswith("GRN-")
    assert [r["token"] for r in queries.queue("vitals")] == ["M-001"]
    actions.record_vitals(
        visit.pk,
        id=uuid7(),
        values={"SBP": Decimal(164), "DBP": Decimal(112), "TEMP": Decimal("37.0")},
        actor=cast.rita.actor,
    )
    print(queries.vitals(visit.pk))
    token = actions.call_next("doctor", queue="MED", room="7", actor=cast.dr_rao.actor)
    assert token.encounter_id == visit.pk
    chart = actions.open_chart(asha.pk, actor=cast.dr_rao.actor)
    print(chart)
    v = actions.save_draft(visit.pk, draft={"notes": "x"}, version=0, actor=cast.dr_rao.actor)
    assert v == 1
    actions.record_conditions(
        visit.pk,
        complaints=[{"code": "c", "hi": "बुखार", "en": "Fever", "days": 3}],
        diagnoses=[],
        actor=cast.dr_rao.actor,
    )
    actions.finish(visit.pk, actor=cast.dr_rao.actor)
    print(
        queries.past_visits(asha.pk, 5),
        queries.queue_counts(),
        queries.today_counts(),
        queries.slips(token.day, text="asha"),
    )
    assert patient_queries.search("aasha")
