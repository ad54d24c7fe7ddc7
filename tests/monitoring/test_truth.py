"""Doubts: each rule finds what it should and leaves honest days alone; answers and notes."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Leave, LeaveOverride, PractitionerRole
from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters.models import Encounter, Observation, QueueToken
from apps.facilities import places
from apps.facilities.models import Facility, Region
from apps.monitoring import actions
from apps.monitoring.models import DoctorDay, FacilityDay, Flag, Holiday
from apps.monitoring.queries import holidays
from tests.encounters import people

DAY = date(2026, 11, 25)  # a Wednesday
TEN = timezone.make_aware(datetime.fromisoformat("2026-11-25T10:00"))


@pytest.fixture(autouse=True)
def places_and_people(cast):
    for code in ("203", "212"):
        Region.objects.create(kind="district", code=code, name_hi=code, name_en=code)
    places.forget()
    holidays.forget()
    cast.patient = people.asha(cast)
    yield
    holidays.forget()


def visits(cast, n, *, seconds=240, doctor=None, at=TEN, called=True, typed=False, vitals=None):
    """`n` finished visits of DAY, two minutes apart, each `seconds` long at the doctor's."""
    doctor = doctor or cast.dr_rao
    first = QueueToken.objects.count()
    for k in range(first, first + n):
        start = at + timedelta(seconds=20 * k)
        left = start + timedelta(seconds=seconds)
        told = [start.isoformat(), (start if called else left).isoformat(), left.isoformat()]
        visit = Encounter.objects.create(
            patient=cast.patient, number=f"GRN-26-9{k:05}", code=f"T{k:07}", department="MED",
            status="finished", started_at=start, finished_at=left, doctor_id=doctor.user.pk,
            typed_at=left if typed else None,
        )  # fmt: skip
        QueueToken.objects.create(
            encounter=visit, queue="MED", day=DAY, number=k + 1, station="none", status="done",
            times={"doctor": told},
        )  # fmt: skip
        for code, value in (vitals(k) if vitals else {}).items():
            Observation.objects.create(
                encounter=visit, code=code, value=value, unit="1", taken_by_id=cast.rita.user.pk
            )


def raised(rule=None):
    rows = Flag.objects.filter(rule=rule) if rule else Flag.objects.all()
    return list(rows.order_by("rule"))


def test_an_honest_day_raises_nothing_and_keeps_minutes(cast):
    visits(cast, 30, vitals=lambda k: {"sys": 110 + k, "dia": 70 + k % 9, "pulse": 66 + k % 20})
    actions.look_back(DAY)
    actions.look_back_everywhere(DAY)
    assert raised() == []
    row = DoctorDay.objects.get()
    assert (row.patients, row.unmeasured, row.minutes[2]) == (30, 0, 30)  # four minutes each


def test_three_seconds(cast):
    visits(cast, 12, seconds=2)
    visits(cast, 8, seconds=300)
    actions.look_back(DAY)
    actions.look_back(DAY)  # twice asks once
    flag = raised("three_seconds")[0]
    assert len(raised()) == 1 and flag.subject == str(cast.dr_rao.user.pk)
    assert (flag.evidence["n"], flag.evidence["of"], len(flag.evidence["visits"])) == (12, 20, 10)
    told = AuditEvent.objects.get(event="flag.raised")
    assert told.detail["rule"] == "three_seconds" and told.system == "monitoring"


def test_a_paper_slip_typed_in_and_a_forgotten_call_are_no_short_visit(cast):
    visits(cast, 15, seconds=2, typed=True)
    visits(cast, 15, seconds=2, called=False)
    actions.look_back(DAY)
    assert raised() == []
    assert DoctorDay.objects.get().unmeasured == 30


def test_the_same_vitals(cast):
    visits(cast, 6, vitals=lambda k: {"sys": 120, "dia": 80, "pulse": 72})
    visits(cast, 4, vitals=lambda k: {"sys": 130, "dia": 80, "pulse": 72})
    visits(cast, 9, vitals=lambda k: {"pulse": 72})  # one value alone says nothing
    actions.look_back(DAY)
    flag = raised("same_vitals")[0]
    assert (flag.evidence["n"], flag.evidence["values"]) == (6, 3)
    assert flag.subject == str(cast.rita.user.pk) and len(raised()) == 1


def test_tokens_at_night_and_on_a_holiday(cast):
    visits(cast, 12, at=TEN.replace(hour=22))
    actions.look_back(DAY)
    assert raised("odd_hours")[0].evidence["hours"] == {"22": 12}
    Flag.objects.all().delete()
    QueueToken.objects.all().delete()
    Encounter.objects.all().delete()
    visits(cast, 12)
    actions.look_back(DAY)
    assert raised() == []
    day = Holiday.objects.create(day=DAY, name_hi="पर्व", name_en="Feast", source="x")
    holidays.forget()
    actions.look_back(DAY)
    assert raised() == []  # nobody checked that day in the State's list
    Holiday.objects.filter(pk=day.pk).update(verified=True)
    holidays.forget()
    actions.look_back(DAY)
    assert raised("odd_hours")[0].evidence["closed"] is True


def test_nearly_all_under_one_name(cast):
    second = cast.member("second", Role.MO, cast.green)
    visits(cast, 66)
    visits(cast, 4, doctor=second)
    actions.look_back(DAY)
    flag = raised("one_name")[0]
    assert (flag.evidence["n"], flag.evidence["of"], flag.evidence["posted"]) == (66, 70, 2)
    actions.look_back(DAY + timedelta(days=1))
    assert len(raised("one_name")) == 1  # not again within the week


def test_a_single_doctor_is_no_doubt(cast):
    visits(cast, 70)
    actions.look_back(DAY)
    assert raised() == []


def signed(facility, user, at, n=4):
    for k in range(n):
        AuditEvent.objects.create(
            event="consultation.signed", at=at + timedelta(minutes=k), facility_id=facility.pk,
            user_id=user.pk,
        )  # fmt: skip


def test_signed_in_two_hospitals_within_an_hour(cast):
    doctor = cast.dr_rao.user
    signed(cast.green, doctor, TEN)
    signed(cast.blue, doctor, TEN + timedelta(minutes=40))
    actions.look_back_everywhere(DAY)
    assert {flag.facility_id for flag in raised("two_places")} == {cast.green.pk, cast.blue.pk}


def test_morning_here_and_evening_there_is_no_doubt(cast):
    signed(cast.green, cast.dr_rao.user, TEN)
    signed(cast.blue, cast.dr_rao.user, TEN + timedelta(hours=6))
    actions.look_back_everywhere(DAY)
    assert raised() == []


def test_signed_here_while_deputed_elsewhere(cast):
    doctor = cast.dr_rao.user
    PractitionerRole.objects.create(
        user=doctor, role=Role.MO, kind="deputation", scope="facility", facility=cast.blue,
        from_date=DAY - timedelta(days=3), to_date=DAY + timedelta(days=3),
    )  # fmt: skip
    signed(cast.green, doctor, TEN)
    actions.look_back_everywhere(DAY)
    flag = raised("deputed")[0]
    assert flag.facility_id == cast.green.pk and flag.evidence == {"n": 4, "at": str(cast.blue.pk)}


def on_leave(cast, facility, first=DAY, last=DAY, **more):
    return Leave.objects.create(
        facility=facility, user=cast.dr_rao.user, kind="casual", from_date=first, to_date=last,
        **more,
    )  # fmt: skip


def test_signed_on_a_day_of_leave(cast):
    on_leave(cast, cast.green, DAY - timedelta(days=1), DAY + timedelta(days=1))
    signed(cast.green, cast.dr_rao.user, TEN)
    actions.look_back_everywhere(DAY)
    actions.look_back_everywhere(DAY)
    assert [(flag.rule, flag.facility_id) for flag in raised()] == [("on_leave", cast.green.pk)]
    flag = raised()[0]
    assert (flag.subject, flag.evidence) == (str(cast.dr_rao.user.pk), {"n": 4})
    page = english(cast.ds).get("/board/truth").content.decode()
    assert "4 signatures on a day of leave, and nobody was called back" in page


def test_who_was_called_back_is_asked_with_the_reason_beside_it(cast):
    leave = on_leave(cast, cast.green)
    LeaveOverride.objects.create(leave=leave, day=DAY, reason="emergency")
    signed(cast.green, cast.dr_rao.user, TEN)
    actions.look_back_everywhere(DAY)
    assert raised("on_leave")[0].evidence == {"n": 4, "back": "emergency"}
    page = english(cast.ds).get("/board/truth").content.decode()
    assert "the reason given: Emergency: a patient cannot wait" in page
    page = cast.ds.client().get("/board/truth").content.decode()
    assert "छुट्टी" in page and "nobody" not in page


def test_a_leave_elsewhere_over_or_taken_back_is_no_doubt(cast):
    on_leave(cast, cast.blue)
    on_leave(cast, cast.green, DAY - timedelta(days=9), DAY - timedelta(days=1))
    on_leave(cast, cast.green, cancelled_at=TEN)
    signed(cast.green, cast.dr_rao.user, TEN)
    actions.look_back_everywhere(DAY)
    assert raised() == []


def test_two_signatures_before_the_leave_was_entered_are_no_doubt(cast):
    on_leave(cast, cast.green)
    signed(cast.green, cast.dr_rao.user, TEN, n=2)
    actions.look_back_everywhere(DAY)
    assert raised() == []


def test_no_test_in_three_weeks(cast):
    for n in range(20):
        FacilityDay.objects.create(
            facility_id=cast.green.pk, day=DAY - timedelta(days=n), event="encounter.finished", n=9
        )
    actions.look_back_everywhere(DAY)
    assert raised("no_tests")[0].evidence == {"seen": 180, "days": 21}
    Flag.objects.all().delete()
    FacilityDay.objects.create(
        facility_id=cast.green.pk, day=DAY, event="report.verified/tests", n=1
    )
    actions.look_back_everywhere(DAY)
    assert raised() == []


@pytest.fixture
def flag(cast):
    cast.doctor_named = cast.dr_rao.user.pk
    return Flag.objects.create(
        facility_id=cast.green.pk, rule="three_seconds", subject=str(cast.dr_rao.user.pk), day=DAY,
        evidence={"n": 12, "of": 20, "unmeasured": 1, "visits": [str(uuid7())]},
    )  # fmt: skip


def test_the_hospital_answers_once_and_then_the_district_notes(cast, flag):
    said, noted = "नेट बंद था, बाद में टाइप किया", "माना गया"
    with pytest.raises(Refused, match=r"flag\.no_answer"):
        actions.note_flag(flag.pk, words=noted, actor=cast.neha.actor)
    actions.answer_flag(flag.pk, words=said, actor=cast.ds.actor)
    actions.answer_flag(flag.pk, words=said, actor=cast.ds.actor)  # sent twice
    with pytest.raises(Refused, match=r"flag\.answered"):
        actions.answer_flag(flag.pk, words="another story", actor=cast.ds.actor)
    actions.note_flag(flag.pk, words=noted, actor=cast.neha.actor)
    flag.refresh_from_db()
    assert (flag.answer, flag.note) == (said, noted)
    events = AuditEvent.objects.filter(event__startswith="flag.").values_list("event", flat=True)
    assert sorted(events) == ["flag.answered", "flag.noted"]


def test_without_an_answer_the_district_may_note_after_three_days(cast, flag):
    Flag.objects.update(made_at=timezone.now() - timedelta(days=3))
    assert actions.note_flag(flag.pk, words="rang them up", actor=cast.neha.actor).noted_at


@pytest.mark.parametrize("words", ["", "   no ", "x" * 501, "रोगी 2345 6789 0124 ठीक"])
def test_it_refuses_words_that_say_nothing_or_too_much(cast, flag, words):
    with pytest.raises(Refused):
        actions.answer_flag(flag.pk, words=words, actor=cast.ds.actor)


def test_who_may_not(cast, flag):
    auditor = cast.member("auditor", Role.AUD, None)
    for actor, no in (
        (cast.manager.actor, Forbidden), (cast.ravi.actor, Forbidden),
        (cast.other_admin.actor, Unseen), (cast.neha.actor, Forbidden),
    ):  # fmt: skip
        with pytest.raises(no):
            actions.answer_flag(flag.pk, words="it was like this", actor=actor)
    Flag.objects.update(answered_at=timezone.now())
    for actor in (auditor.actor, cast.ds.actor):
        with pytest.raises(Forbidden):
            actions.note_flag(flag.pk, words="it was like this", actor=actor)


def english(member):
    client = member.client()
    client.cookies["lang"] = "en"
    return client


def test_the_pages(cast, flag):
    ds, manager, neha = english(cast.ds), english(cast.manager), english(cast.neha)
    own = ds.get("/board/truth").content.decode()
    assert "12 of 20 visits" in own and "not verdicts" in own and "Send the answer" in own
    counts = manager.get("/board/truth").content.decode()
    assert "<b>1</b> Consultations of three seconds" in counts and "12 of 20" not in counts
    above = neha.get("/board/truth/").content.decode()
    assert "Green PHC" in above and "Save the note" not in above
    wrong = ds.post(f"/board/truth/{flag.pk}/answer", {"words": "?"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.content.decode()
    assert ds.post(f"/board/truth/{flag.pk}/answer", {"words": "we type later"}).status_code == 302
    assert "Save the note" in neha.get("/board/truth/").content.decode()
    assert neha.post(f"/board/truth/{flag.pk}/note", {"words": "accepted"}).status_code == 302
    assert english(cast.other_admin).get("/board/truth/").content.decode().count("mo-flag") == 0


def test_a_closed_hospital_is_left_alone(cast):
    Facility.objects.filter(pk=cast.green.pk).update(status="retired")
    with facility_context(cast.green.pk):
        assert actions.look() is None
