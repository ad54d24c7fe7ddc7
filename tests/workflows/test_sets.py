"""Treatment sets: who makes them, which one counts, what one tap fills."""

import json
from decimal import Decimal

import pytest

from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.encounters import queries as visits
from apps.prescriptions import dosage, doses
from apps.prescriptions.safety import Facts
from apps.terminology.actions import load_everything
from apps.terminology.models import Medication
from apps.workflows import actions, queries, sets
from apps.workflows.actions.treatment_sets import STARTER
from tests.facilities.master import LOADER
from tests.terminology.test_define import STATE
from tests.workflows.visits import asha_at_the_doctor, call

BODY = {
    "name_hi": "बुखार", "name_en": "Fever", "diagnoses": ["T-DX1"],
    "medicines": [{"code": "T-PARA", "dose": "tds", "when": "after", "days": 3}],
    "tests": ["T-HB", "P-CBC"], "advice": ["T-REST"], "follow_up_days": 3,
}  # fmt: skip


@pytest.fixture
def visit(cast):
    return call(cast, asha_at_the_doctor(cast))


def save(cast, *, level="own", code="FEVER", by=None, body=None, **more):
    doctor = by or cast.dr_rao
    actor = STATE if level == "state" else doctor.actor
    told = {"id": uuid7(), "body": body or BODY, "level": level, "actor": actor} | more
    return actions.save_set(code, **told)


def here(cast, *, by=None):
    doctor = by or cast.dr_rao
    return sets.sets_here(facility_id=cast.green.pk, user_id=doctor.user.pk)


def edit(cast, visit, what, **told):
    version = visits.visit(visit.pk).draft_version
    actions.edit(visit.pk, what=what, version=version, actor=cast.dr_rao.actor, **told)
    return visits.visit(visit.pk).draft


def test_it_works(cast, visit):
    save(cast)
    edit(cast, visit, "add", part="diagnoses", code="T-DX1")
    draft = edit(cast, visit, "set", code="FEVER")
    (line,) = draft["medicines"]
    assert (line["code"], line["dose"], line["days"]) == ("T-PARA", "1-1-1", 3)
    assert [t["code"] for t in draft["tests"]] == ["T-HB", "P-CBC"]
    assert [a["code"] for a in draft["advice"]] == ["T-REST"]
    assert draft["follow_up"] and draft["set"]["level"] == "own"
    again = edit(cast, visit, "set", code="FEVER")  # a second tap doubles nothing
    assert len(again["medicines"]) == 1 and len(again["tests"]) == 2


def test_what_is_not_here_is_told_before_the_tap(cast, visit):
    save(cast)
    edit(cast, visit, "add", part="diagnoses", code="T-DX1")
    work = queries.work(visits.visit(visit.pk), queries.patient_of(visit))
    assert [one.code for one in work.offered] == ["FEVER"]
    assert work.stock["T-PARA"] == 0


def test_own_stands_before_the_hospital_and_that_before_the_state(cast, visit):
    chief = cast.member("chief", Role.DS, cast.green)
    save(cast, level="state", body=BODY | {"follow_up_days": 1})
    assert [s.body["follow_up_days"] for s in here(cast)] == [1]
    save(cast, level="hospital", by=chief, body=BODY | {"follow_up_days": 2})
    assert [s.body["follow_up_days"] for s in here(cast)] == [2]
    save(cast, body=BODY | {"follow_up_days": 5})
    assert [s.body["follow_up_days"] for s in here(cast)] == [5]
    assert [s.body["follow_up_days"] for s in here(cast, by=cast.dr_khan)] == [2]
    elsewhere = sets.sets_here(facility_id=cast.blue.pk, user_id=cast.dr_khan.user.pk)
    assert [s.body["follow_up_days"] for s in elsewhere] == [1]


def test_switched_off_for_oneself_is_off_and_comes_back(cast, visit):
    save(cast, level="state")
    off = {"id": uuid7(), "level": "own", "after": 0, "actor": cast.dr_rao.actor}
    actions.switch_set("FEVER", active=False, **off)
    assert here(cast) == [] and here(cast, by=cast.dr_khan) != []
    actions.switch_set("FEVER", active=True, **off | {"id": uuid7(), "after": 1})
    assert len(here(cast)) == 1


def test_it_refuses_an_older_form_and_is_safe_to_send_twice(cast, visit):
    same = uuid7()
    assert save(cast, id=same).pk == save(cast, id=same).pk
    save(cast, after=1)
    with pytest.raises(Refused, match=r"definition\.conflict"):
        save(cast, after=1)


@pytest.mark.parametrize(
    "parts, code",
    [
        ({"name_hi": "", "name_en": " "}, "set.name"),
        ({"diagnoses": []}, "set.empty"),
        ({"medicines": [], "tests": [], "advice": []}, "set.empty"),
        ({"diagnoses": ["NOPE"]}, "set.unknown"),
        ({"tests": ["NOPE"]}, "set.unknown"),
        ({"medicines": [{"code": "NOPE"}]}, "set.unknown"),
        ({"medicines": [{"code": "T-PARA"}] * 13}, "set.too_many"),
        ({"medicines": [{"code": "T-PARA", "dose": "xyz", "days": 3}]}, "dose.unclear"),
        ({"medicines": [{"code": "T-PARA", "dose": "", "days": 0}]}, "dose.days_out_of_range"),
        ({"follow_up_days": 900}, "set.days"),
    ],
)
def test_it_refuses(cast, visit, parts, code):
    with pytest.raises(Refused) as no:
        save(cast, body=BODY | parts)
    assert no.value.code == code and no.value.sentence != code
    assert here(cast) == []


def test_who_may(cast, visit):
    """Own sets: who signs. The house's: superintendent or MOIC, who answers for it and is a doctor;
    not any doctor, and not the manager who types the settings. The State's: its committee."""
    for who, level in (
        (cast.dr_rao, "hospital"), (cast.manager, "hospital"), (cast.rita, "own"),
        (cast.ravi, "own"), (cast.meena, "own"), (cast.manager, "own"),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            save(cast, level=level, by=who)
    with pytest.raises(Forbidden):
        actions.save_set("X", id=uuid7(), level="state", body=BODY, actor=cast.dr_rao.actor)
    chief = cast.member("chief", Role.DS, cast.green)
    assert save(cast, level="hospital", by=chief).facility_id == cast.green.pk


def test_outside_its_ages_no_set_is_offered_and_its_doses_stay_open(cast, visit):
    save(cast, body=BODY | {"to_months": 144})
    edit(cast, visit, "add", part="diagnoses", code="T-DX1")
    work = queries.work(visits.visit(visit.pk), queries.patient_of(visit))
    assert work.offered == []
    draft = edit(cast, visit, "set", code="FEVER")
    assert draft["medicines"][0]["dose"] == ""


def test_a_set_is_made_of_the_consultation_by_page_changed_and_switched_off(cast, visit):
    edit(cast, visit, "add", part="diagnoses", code="T-DX1")
    edit(cast, visit, "add_medicine", code="T-PARA")
    edit(cast, visit, "medicine", index=0, typed={"dose": "1-0-1", "days": 5})
    room = cast.dr_rao.client()
    told = room.get(f"/opd/sets/new?from={visit.number}").content.decode()
    assert "Paracetamol 500 mg" in told and 'value="1-0-1"' in told
    fields = {
        "id": str(uuid7()), "name_hi": "मेरा बुखार", "name_en": "", "level": "own",
        "diagnoses": "T-DX1", "medicine": "T-PARA", "dose_0": "1-0-1", "when_0": "after",
        "days_0": "5", "follow_up_days": "", "from_years": "12", "to_years": "",
    }  # fmt: skip
    more = {"new_medicines": "Ibuprofen 400 mg · Tablet [T-IBU]"}
    assert "Ibuprofen 400 mg" in room.post("/opd/sets/new", fields | more).content.decode()
    wrong = room.post("/opd/sets/new", fields | {"name_hi": "", "save": "1"})
    assert wrong.status_code == 422 and "1-0-1" in wrong.content.decode()
    assert room.post("/opd/sets/new", fields | {"save": "1"}).status_code == 302
    (made,) = here(cast)
    assert made.body["from_months"] == 144 and made.name_en == "मेरा बुखार"
    assert "मेरा बुखार" in room.get("/opd/sets/").content.decode()
    place = f"/opd/sets/own/{made.code}/"
    assert room.get(place).status_code == 200
    assert room.get("/opd/sets/own/NOPE/").status_code == 404
    off = {"id": str(uuid7()), "after": made.version}
    assert room.post(f"{place}switch", off).status_code == 302
    assert here(cast) == []
    cast.dr_khan.client().get("/opd/sets/")  # another hospital's doctor sees no set of mine
    assert "मेरा बुखार" not in cast.dr_khan.client().get("/opd/sets/").content.decode()


def test_the_starter_names_only_what_exists_and_doses_only_within_the_ranges(db):
    load_everything(actor=LOADER)
    assert actions.load_starter_sets(actor=STATE) >= 30
    assert actions.load_starter_sets(actor=STATE) == 0
    told = json.loads(STARTER.read_text("utf-8"))
    assert "not verified" in told["provenance"]
    known = {drug.code: drug for drug in Medication.objects.all()}
    dosed = 0
    for body in told["sets"]:
        months = body.get("from_months", body.get("to_months", 400) - 1)
        facts = Facts(age_months=months, weight_kg=Decimal(60))
        for row in body["medicines"]:
            drug = known[row["code"]]
            assert drug.active and (drug.at_primary or drug.at_secondary), drug
            if not row["dose"]:
                continue
            dosed += 1
            dose = dosage.read(
                row["dose"], form=drug.form, strength=drug.strength, days=row["days"] or 1
            )
            read = doses.range_for(drug, facts)
            assert read is not None, f"{body['code']}: no range for {drug.generic_name}"
            assert doses.check(drug, dose, facts, {}) == [], f"{body['code']}: {row}"
            limits, each = doses.limits(read, facts), doses.mg_per_unit(drug, read)
            amount = each * (dose.largest if read.each == "dose" else dose.per_day)
            assert limits.low <= amount <= limits.high, f"{body['code']}: {row}"
    assert dosed > 25
