"""What is normal here, and tests at the desk."""

import pytest

from apps.accounts.permissions import Role
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.labs import actions, masters, queries
from tests.labs.samples import collected, house_tests, pathologist, technician, typed, verified
from tests.workflows.visits import asha_at_the_doctor

ROW = {"sex": "any", "low": "10", "high": "20", "critical_low": "5", "critical_high": "30"}


def ranges(cast, after=0, **told):
    row = {**ROW, **told}
    return actions.define_ranges(
        "HB", id=uuid7(), rows=[row], provenance="kit leaflet 2026", after=after,
        actor=pathologist(cast).actor,
    )  # fmt: skip


def test_it_works(cast):
    _, (sample,) = collected(cast, "HB")
    (old,) = verified(cast, sample, HB="11.5")
    made = ranges(cast)
    assert (made.version, made.verified) == (1, False)
    found = masters.load(["HB"]).ranges["HB"][0]
    assert (found.low, found.provenance) == (10, "kit leaflet 2026")
    old.refresh_from_db()
    assert old.results[0]["range"] == "12–15"  # what counted that day


def test_it_refuses_what_makes_no_sense(cast):
    house_tests_here(cast)
    for told in ({"low": "20", "high": "10"}, {"critical_low": "15"}, {"low": "x"},
                 {"from_days": "9", "to_days": "3"}):  # fmt: skip
        with pytest.raises(Refused, match=r"master\."):
            ranges(cast, **told)
    ranges(cast)
    with pytest.raises(Refused, match=r"definition\.conflict"):
        ranges(cast)
    with pytest.raises(Forbidden):
        actions.define_ranges("HB", id=uuid7(), rows=[ROW], provenance="a book", after=0,
                              actor=technician(cast).actor)  # fmt: skip


def house_tests_here(cast):
    visit = asha_at_the_doctor(cast)
    house_tests()
    return visit


def test_a_panel_may_be_made_up_anew_and_names_its_reagents(cast):
    house_tests_here(cast)
    by = pathologist(cast).actor
    body = {"parts": ["hb", "tlc"], "reagents": [{"item": "REA-CBC", "quantity": "1"}]}
    told = {"provenance": "our analyser", "after": 0, "actor": by}
    with pytest.raises(Refused, match=r"master\.parts"):
        actions.define_test("CBC", id=uuid7(), body={"parts": ["NOPE"]}, **told)
    actions.define_test("CBC", id=uuid7(), body=body, **told)
    assert [test.code for test in masters.load(["CBC"]).parts("CBC")] == ["HB", "TLC"]
    visit = asha_at_the_doctor(cast)
    actions.order(visit.pk, tests=[{"code": "CBC"}], actor=cast.dr_rao.actor)
    (sample,) = actions.collect(visit.pk, id=uuid7(), actor=technician(cast).actor)
    (report,) = verified(cast, sample, HB="12.1")
    assert queries.reagents_of(report.pk) == [{"item": "REA-CBC", "quantity": "1"}]


def test_readings_at_the_desk_are_in_the_record_at_once(cast):
    visit = house_tests_here(cast)
    cho = cast.member("cho", Role.CHO, cast.green).actor
    form = uuid7()
    for _ in range(2):
        (hb, uri) = actions.record_at_desk(
            visit.pk, id=form, typed={"HB": "9.1", "UALB": "1+"}, actor=cho
        )
    assert (hb.status, hb.source, uri.results[0]["flag"]) == ("final", "poct", "A")
    assert len(queries.patient_results(visit.patient_id)) == 2
    for values in ({}, {"HB": ""}):
        with pytest.raises(Refused, match=r"poct\.empty"):
            actions.record_at_desk(visit.pk, id=uuid7(), typed=values, actor=cho)
    with pytest.raises(Refused, match=r"poct\.unknown"):
        actions.record_at_desk(visit.pk, id=uuid7(), typed={"TSH": "2"}, actor=cho)
    with pytest.raises(Refused, match=r"result\.impossible"):
        actions.record_at_desk(visit.pk, id=uuid7(), typed={"HB": "91"}, actor=cho)
    with pytest.raises(Forbidden):
        actions.record_at_desk(visit.pk, id=uuid7(), typed={"HB": "9"}, actor=cast.ravi.actor)


def test_another_hospital_sees_nothing(cast):
    _, (sample,) = collected(cast, "CBC")
    assert typed(sample, HB="9")
    assert [r["code"] for r in queries.duplicates(sample.encounter.patient_id, ["CBC"])] == ["CBC"]
    client = cast.member("blue_lab", Role.LAB, cast.blue).client()
    for path in ("result", "verify"):
        answer = client.get(f"/lab/{sample.accession}/{path}")
        assert answer.status_code in (403, 404)
