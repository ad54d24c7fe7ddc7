"""Nothing leaves before the signature; after it everybody who waits is told."""

import pytest

from apps.accounts import actions as accounts
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import queries as papers
from apps.encounters import queries as visits
from apps.labs import actions, queries
from apps.labs.models import DiagnosticReport
from apps.notices.models import Notice
from tests.labs.samples import (
    PIN,
    collected,
    level,
    pathologist,
    sent,
    technician,
    typed,
    verified,
)


def test_it_works(cast, django_assert_max_num_queries):
    visit, (sample,) = collected(cast, "CBC")
    sent(cast, sample, HB="9.8", TLC="8.5")
    by, paper = pathologist(cast).actor, uuid7()
    with django_assert_max_num_queries(45):
        (report,) = actions.verify(sample.accession, id=paper, pin=PIN, actor=by)
    assert (report.status, report.document_id) == ("final", paper)
    document = papers.document(paper)
    lines = document.content["groups"][0]["lines"]
    assert lines[0]["flag_en"] == "Low"
    assert lines[0]["range"] == "12–15"
    assert document.content["signer"]["registration_no"] == "DEMO-0009"
    assert "not yet checked" in document.content["provenance"]["en"]
    assert queries.patient_results(visit.patient_id)[0]["shown_en"] == "9.8"
    token = visits.visit(visit.pk).token
    assert (token.station, token.returning, token.number) == ("doctor", "report", 1)


def test_nothing_leaves_before(cast):
    visit, (sample,) = collected(cast, "CBC")
    sent(cast, sample, HB="4.1")
    assert queries.patient_results(visit.patient_id) == []
    assert queries.papers_of(visit.patient_id) == []
    assert queries.critical() == []
    assert queries.inbox(cast.dr_rao.user.pk) == []
    assert papers.of_patient(visit.patient_id) == []
    assert not Notice.objects.filter(template__in=("report-ready", "critical-result")).exists()
    assert visits.visit(visit.pk).token.station == "lab"


def test_it_is_safe_to_send_twice(cast):
    _, (sample,) = collected(cast, "CBC")
    sent(cast, sample, HB="9.8")
    by, paper = pathologist(cast).actor, uuid7()
    for _ in range(2):
        actions.verify(sample.accession, id=paper, pin=PIN, actor=by)
    assert DiagnosticReport.objects.count() == 1
    assert Notice.objects.filter(template="report-ready").count() == 1


def test_the_token_waits_for_the_last_result(cast):
    visit, samples = collected(cast, "CBC", "K")
    verified(cast, samples[0], HB="12.8", K="4.4")
    assert visits.visit(visit.pk).token.station == "lab"
    verified(cast, samples[1], HB="12.8", K="4.4")
    assert visits.visit(visit.pk).token.station == "doctor"


def test_a_critical_value_goes_to_the_doctor_at_once_until_seen(cast):
    visit, samples = collected(cast, "CBC", "K")
    doctor = cast.dr_rao
    doctor.user.mobile = "6000012345"
    doctor.user.save()
    tube = next(s for s in samples if "EDTA" in s.container)
    verified(cast, tube, HB="4.1")
    (row,) = queries.critical(doctor_id=doctor.user.pk)
    assert row["values"][0]["code"] == "HB"
    assert visits.visit(visit.pk).token.station == "doctor"
    body = Notice.objects.get(template="critical-result").body
    assert "4.1" not in body
    assert "Asha" not in body
    for _ in range(2):
        report = actions.acknowledge(row["id"], actor=doctor.actor)
    assert report.critical["seen_by"] == str(doctor.user.pk)
    assert queries.critical() == []


def test_who_was_told_on_the_telephone_is_kept(cast):
    _, (sample,) = collected(cast, "K")
    sent(cast, sample, K="6.9")
    with pytest.raises(Refused, match=r"result\.told"):
        actions.record_told(sample.accession, told_to="", actor=technician(cast).actor)
    actions.record_told(sample.accession, told_to="Dr Rao", actor=technician(cast).actor)
    (report,) = actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=pathologist(cast).actor)
    assert report.critical["told_to"] == "Dr Rao"
    assert report.critical["codes"] == ["K"]


def test_two_persons_at_a_hospital_one_at_a_small_centre(cast):
    _, (sample,) = collected(cast, "CBC")
    path = pathologist(cast)
    actions.enter(sample.accession, typed=typed(sample, HB="9.8"), actor=path.actor)
    actions.send(sample.accession, actor=path.actor)
    level(cast, "DH")
    with pytest.raises(Refused, match=r"report\.own_entry"):
        actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=path.actor)
    level(cast, "PHC")
    assert actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=path.actor)


def test_a_doctor_verifies_own_patients_only(cast):
    from apps.accounts.permissions import Role

    _, (sample,) = collected(cast, "CBC")
    sent(cast, sample, HB="9.8")
    other = cast.member("dr_das", Role.MO, cast.green)
    accounts.set_pin(other.user.pk, PIN, actor=other.actor)
    with pytest.raises(Forbidden):
        actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=other.actor)
    accounts.set_pin(cast.dr_rao.user.pk, PIN, actor=cast.dr_rao.actor)
    assert actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor)


def test_it_refuses_a_wrong_pin_and_what_was_not_sent(cast):
    _, (sample,) = collected(cast, "CBC")
    by = pathologist(cast).actor
    with pytest.raises(Refused, match=r"result\.not_sent"):
        actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=by)
    sent(cast, sample, HB="9.8")
    with pytest.raises(Refused, match=r"pin\."):
        actions.verify(sample.accession, id=uuid7(), pin="0000", actor=by)
    with pytest.raises(Forbidden):
        actions.verify(sample.accession, id=uuid7(), pin=PIN, actor=technician(cast).actor)


def test_the_verifier_may_give_it_back(cast):
    _, (sample,) = collected(cast, "CBC")
    sent(cast, sample, HB="9.8")
    actions.give_back(sample.accession, reason="run it again", actor=pathologist(cast).actor)
    assert queries.to_verify() == []
    assert queries.worklist()["rows"][0]["state"] == "returned"


def test_a_corrected_report_is_marked_and_the_old_one_kept(cast):
    visit, (sample,) = collected(cast, "CBC")
    (old,) = verified(cast, sample, HB="9.8")
    by, paper = pathologist(cast).actor, uuid7()
    with pytest.raises(Refused, match=r"report\.unchanged"):
        actions.amend(
            sample.accession, id=paper, typed=typed(sample, HB="9.8"), reason="typing", pin=PIN,
            actor=by,
        )  # fmt: skip
    for _ in range(2):
        (new,) = actions.amend(
            sample.accession, id=paper, typed=typed(sample, HB="8.9"), reason="typing", pin=PIN,
            actor=by,
        )  # fmt: skip
    old.refresh_from_db()
    assert (old.status, new.status, new.replaces_id) == ("superseded", "amended", old.pk)
    assert old.results[0]["value"] == "9.8"
    assert [p.pk for p in papers.of_patient(visit.patient_id)] == [paper]
    assert papers.document(paper).content["amended"] == "typing"
    with pytest.raises(Refused, match=r"result\.released"):
        actions.enter(sample.accession, typed=typed(sample, HB="1"), actor=technician(cast).actor)
