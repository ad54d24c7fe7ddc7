"""Cards that appear by themselves: when, what they say, marks, timers, dismissals."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.encounters.asked import Asked
from apps.encounters.models import QueueToken
from apps.workflows.prompts import queries
from apps.workflows.prompts.conditions import Facts, form_readable, readable, reasons
from tests.encounters import people


def facts(age=30, sex="male", month=11, **more):
    vitals = {code: Decimal(str(value)) for code, value in more.pop("vitals", {}).items()}
    results = {code: Decimal(str(value)) for code, value in more.pop("results", {}).items()}
    more.setdefault("pregnant", False)
    return Facts(age=age, sex=sex, month=month, vitals=vitals, results=results, **more)


def appear(known):
    return {code for code, body in queries.CARDS.items() if reasons(body["when"], known)}


@pytest.mark.parametrize(
    "known, card",
    [
        (facts(complaints={"SNAKEBITE": None}), "snakebite"),
        (facts(diagnoses=frozenset({"T63.0"})), "snakebite"),
        (facts(complaints={"DOGBITE": None}), "animal-bite"),
        (facts(age=6, month=5, complaints={"FEVER": 1, "FITS": None}), "aes"),
        (facts(age=9, month=6, vitals={"TEMP": 39, "ACVPU": 2}), "aes"),
        (facts(month=5, vitals={"TEMP": "40.2"}), "heat-stroke"),
        (facts(month=8, complaints={"DIARRHOEA": 1}), "cholera"),
        (facts(month=10, complaints={"FEVER": 3, "RASH": 1}), "dengue"),
        (facts(vitals={"SBP": 150}), "hypertension"),
        (facts(history=frozenset({"I10"})), "hypertension"),
        (facts(vitals={"CBG": 240}), "diabetes"),
        (facts(results={"HBA1C": "7.1"}), "diabetes"),
        (facts(complaints={"COUGH": 16}), "tuberculosis"),
        (facts(complaints={"COUGH2W": None}), "tuberculosis"),
        (facts(complaints={"FEVER": 20}), "kala-azar"),
        (facts(complaints={"PALEPATCH": None}), "leprosy"),
        (facts(complaints={"CHILLS": 1}), "malaria"),
        (facts(age=2, vitals={"MUAC": 11}), "severe-malnutrition"),
    ],
)
def test_it_works(known, card):
    assert card in appear(known)


@pytest.mark.parametrize(
    "known, card",
    [
        (facts(month=1, vitals={"TEMP": "40.2"}), "heat-stroke"),  # out of season
        (facts(month=1, complaints={"DIARRHOEA": 1}), "cholera"),
        (facts(age=16, vitals={"SBP": 150}), "hypertension"),
        (facts(sex="female", pregnant=True, vitals={"SBP": 150}), "hypertension"),
        (facts(complaints={"COUGH": 4}), "tuberculosis"),
        (facts(complaints={"FEVER": None}), "kala-azar"),  # days not told
        (facts(age=6, vitals={"MUAC": 11}), "severe-malnutrition"),
        (facts(sex="female", pregnant=True, vitals={"SBP": 118, "DBP": 72}), "high-risk-pregnancy"),
    ],
)
def test_it_stays_away(known, card):
    assert card not in appear(known)


def planted():
    """Sixty pregnant women at risk, one reason each at and beyond its bound, from what is on
    the record anyway; the reasons that the programme's list shares."""
    for upper, lower in ((140, 80), (120, 90), (164, 112), (200, 120), (141, 88), (139, 91)):
        yield {"vitals": {"SBP": upper, "DBP": lower}}
    for hb in ("6.9", "4.0", "7", "8.5", "9.9", "6.99"):
        yield {"results": {"HB": hb}}
    for age in (14, 16, 17, 18, 19, 35, 36, 40, 44, 49):
        yield {"age": age}
    for height in ("139.9", "135", "128", "139"):
        yield {"vitals": {"HT": height}}
    for sugar in (140, 155, 210):
        yield {"vitals": {"CBG": sugar}}
    for arm in ("22.9", "21", "19.5"):
        yield {"vitals": {"MUAC": arm}}
    for icd in ("O82.9", "O82", "O14.9", "O15.9", "O13", "O10", "O72.1", "O46.9", "O03.9", "O24.4",
                "E11.9", "E10.9", "I10", "I50.9", "N18.9", "A15.0", "A16.2", "G40.9", "E03.9",
                "B24", "A53.9", "B18.1", "D57.1", "D56.9", "Q21.9"):  # fmt: skip
        yield {"history": frozenset({icd})}
    for icd in ("O14.9", "O46.9", "O42.9"):
        yield {"diagnoses": frozenset({icd})}


def test_planted_high_risk_pregnancies_are_found():
    cases, woman = list(planted()), {"age": 26, "sex": "female", "pregnant": True}
    found = [case for case in cases if "high-risk-pregnancy" in appear(facts(**woman | case))]
    assert len(cases) == 60
    assert len(found) / len(cases) >= 0.95


def test_healthy_ones_are_left_in_peace():
    calm = {"SBP": 118, "DBP": 74, "HT": 152, "MUAC": 25, "CBG": 96}
    for age in (20, 24, 29, 34):
        known = facts(age=age, sex="female", pregnant=True, vitals=calm, results={"HB": "11.2"})
        assert "high-risk-pregnancy" not in appear(known)


def test_every_built_in_card_is_whole():
    for code, body in queries.CARDS.items():
        assert readable(body["when"]), code
        assert form_readable(body), code
        assert body["source"], code
        words = [body["title"], *body["do"], *body.get("refer", ())]
        assert all(line["hi"] and line["en"] for line in words), code
        assert body.get("report", "IDSP20") in queries.reporting(), code


def bitten(cast, flag="SNAKEBITE"):
    made = people.visit(cast)
    asked = Asked(flags=(flag,))
    encounters.record_vitals(
        made.pk, id=uuid7(), values={"HR": Decimal(96), "WT": Decimal(62)}, asked=asked,
        actor=cast.rita.actor,
    )  # fmt: skip
    return made


def press(cast, made, card, who=None, **told):
    client = (who or cast.rita).client()
    answer = client.post(
        f"/prompts/{made.number}/cards/{card}", told, headers={"HX-Request": "true"}
    )
    connection.set_tenant(cast.green)
    return answer


def test_snakebite_from_the_nurse_to_the_doctor(cast, django_assert_max_num_queries):
    made = bitten(cast)
    doctor = cast.dr_rao.client()
    with django_assert_max_num_queries(20):  # 9 of them log-in, posting and tenant
        words = doctor.get(f"/prompts/{made.number}/cards").content.decode()
    assert "सर्पदंश" in words
    assert "data-due" not in words
    assert press(cast, made, "snakebite", do="start").status_code == 200
    connection.set_tenant(cast.green)
    started = QueueToken.objects.get().times["prompts"]["snakebite"]["timers"]["wbct"]
    words = doctor.get(f"/prompts/{made.number}/cards").content.decode()
    assert "data-due" in words  # the doctor's screen rings too
    press(cast, made, "snakebite", do="start")
    again = QueueToken.objects.get().times["prompts"]["snakebite"]["timers"]["wbct"]
    assert again == started  # a second press does not begin anew
    words = press(cast, made, "snakebite", bitten_at="0005", signs=["ptosis", "no-such"],
                  clot="not_clotted").content.decode()  # fmt: skip
    assert "ज़हर का असर" in words
    marks = QueueToken.objects.get().times["prompts"]["snakebite"]["marks"]
    assert (marks["signs"], marks["clot"]) == (["ptosis"], "not_clotted")
    assert "data-due" in words
    assert "data-due" not in press(cast, made, "snakebite", do="stop").content.decode()


def test_a_timer_that_is_over_says_so(cast):
    made = bitten(cast)
    press(cast, made, "snakebite", do="start")
    token = QueueToken.objects.get()
    began = timezone.now() - timedelta(minutes=21)
    token.times["prompts"]["snakebite"]["timers"]["wbct"] = began.isoformat()
    token.save()
    words = cast.rita.client().get(f"/prompts/{made.number}/cards").content.decode()
    assert "timer over" in words


@pytest.mark.parametrize("text", ["25:00", "abc", "19:99"])
def test_it_refuses_a_time_that_is_none(cast, text):
    made = bitten(cast)
    answer = press(cast, made, "snakebite", bitten_at=text)
    assert answer.status_code == 422
    assert "19:10" in answer.content.decode()
    assert "prompts" not in QueueToken.objects.get().times


def test_animal_bite_gives_the_dates_of_the_schedule(cast):
    made = bitten(cast, "DOGBITE")
    first = press(cast, made, "animal-bite", category="1").content.decode()
    assert "0.1 mL" not in first
    words = press(cast, made, "animal-bite", category="3").content.decode()
    today = timezone.localdate()
    for days in (0, 3, 7, 28):
        assert f"{today + timedelta(days=days):%d-%m-%Y}" in words
    assert "2480 IU" in words  # 40 IU/kg at 62 kg, as the schedule's note says
    assert "आधार या कोई काग़ज़ न माँगें" in words


def test_dismissing_is_one_press_and_recorded_by_code_only(cast):
    made = bitten(cast)
    words = press(cast, made, "snakebite", do="dismiss").content.decode()
    assert 'id="card-snakebite"' not in words
    event = AuditEvent.objects.get(event="prompt.dismissed")
    assert event.detail == {"card": "snakebite"}
    assert 'id="card-snakebite"' in press(cast, made, "snakebite", do="again").content.decode()


def test_the_sheet_is_judged_before_it_is_saved(cast):
    made = people.visit(cast)
    told = {"SPO2": "88", "HR": "134", "SBP": "90", "DBP": "60", "flags": ["DOGBITE"]}
    answer = cast.rita.client().post(f"/prompts/{made.number}/look", told)
    words = answer.content.decode()
    assert "डॉक्टर के पास सबसे पहले" in words
    assert "अधूरा अंक" in words
    assert 'id="card-animal-bite"' in words
    connection.set_tenant(cast.green)
    assert visits.vitals(made.pk) == []


def test_a_wrong_period_is_told_at_once(cast):
    made = people.visit(cast)
    ahead = timezone.localdate() + timedelta(days=1)
    told = {"pregnant": "yes", "lmp": f"{ahead:%d%m%y}"}
    answer = cast.rita.client().post(f"/prompts/{made.number}/look", told)
    assert "आज के बाद" in answer.content.decode()


def test_a_weight_that_jumped_is_told(cast):
    before = people.visit(cast)
    encounters.record_vitals(
        before.pk, id=uuid7(), values={"WT": Decimal(62)}, actor=cast.rita.actor
    )
    encounters.finish(before.pk, actor=cast.dr_rao.actor)
    again = encounters.start_visit(
        before.patient_id, id=uuid7(), department="GYN", actor=cast.ravi.actor
    )
    answer = cast.rita.client().post(f"/prompts/{again.number}/look", {"WT": "82"})
    assert "62 किलो" in answer.content.decode()


def test_who_may_not(cast):
    made = bitten(cast)
    assert cast.dr_khan.client().get(f"/prompts/{made.number}/cards").status_code == 404
    green = cast.dr_khan.client("green-phc.bhavya.localhost")
    assert green.get(f"/prompts/{made.number}/cards").status_code == 403
    assert press(cast, made, "snakebite", who=cast.ravi, do="start").status_code == 403
    assert press(cast, made, "no-such-card", do="start").status_code == 409


def test_the_date_of_the_course_stays(cast):
    made = bitten(cast, "DOGBITE")
    press(cast, made, "animal-bite", category="2")
    token = QueueToken.objects.get()
    token.times["prompts"]["animal-bite"]["since"] = "2026-11-20"
    token.save()
    words = press(cast, made, "animal-bite", category="3").content.decode()
    assert f"{date(2026, 11, 20) + timedelta(days=28):%d-%m-%Y}" in words


def test_a_press_on_an_unsaved_sheet_keeps_its_card(cast):
    made = people.visit(cast)
    told = {"do": "start", "at": "vitals", "flags": ["SNAKEBITE"]}
    assert "data-due" in press(cast, made, "snakebite", **told).content.decode()
