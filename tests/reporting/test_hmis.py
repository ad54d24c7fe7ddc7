"""One month counted by hand; frozen when submitted, revised with a reason, traced to its rows."""

from datetime import date, timedelta

import pytest
from django.db import connection

from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.encounters.models import Encounter
from apps.facilities import places
from apps.facilities.models import Facility, Region
from apps.monitoring import queries as boards
from apps.reporting import actions, forms_of, hmis, queries
from apps.reporting.items import items
from apps.reporting.models import ReportRun
from apps.reporting.veil import Veil
from tests.reporting.linked import moment
from tests.reporting.month import EXPECTED, OCTOBER, Town, october

MONTH = forms_of.containing("hmis", OCTOBER)


@pytest.fixture
def town(cast):
    return october(cast)


@pytest.fixture
def asked(cast, town, django_capture_on_commit_callbacks):
    """The form as the hospital's manager asks for it; the job has run."""

    def ask(period=MONTH):
        connection.set_tenant(cast.green)
        with django_capture_on_commit_callbacks(execute=True):
            found = actions.ask(cast.green.pk, period, actor=cast.manager.actor)
        return queries.run(found.pk)

    return ask


def test_every_line_is_of_the_form():
    assert len(items("hmis")) == 528
    assert set(hmis.RULES) <= set(items("hmis"))


def test_october_counted_by_hand(asked):
    found = asked()
    assert {code: found.figures[code] for code in EXPECTED} == EXPECTED
    rest = {c: n for c, n in found.figures.items() if n and c not in EXPECTED}
    assert rest == {}, "a line counts what nobody expected"
    assert set(found.figures) == set(hmis.RULES)


def test_working_out_again_gives_the_same(asked):
    first, second = asked(), asked()
    assert (first.pk, first.figures) == (second.pk, second.figures)
    assert ReportRun.objects.count() == 1


def test_a_number_names_its_rows(cast, asked):
    asked()
    found = queries.trace(MONTH, "14.1.2")
    assert found["n"] == 2
    rows = queries.named_rows(MONTH, found, Veil(True, True, True, True))["visits"]
    assert len({row["patient"]["name_en"] for row in rows}) == 1  # one man, two attendances
    assert {d["icd"] for row in rows for d in row["diagnoses"]} == {"I10", "E11.9"}
    tests = queries.named_rows(MONTH, queries.trace(MONTH, "11.2.2"), Veil(results=True))["tests"]
    assert [row["results"][0]["value"] for row in tests] == ["POS"]
    assert tests[0]["outside"]


def test_who_may_see_the_people_behind_a_number(cast):
    assert queries.may_see_rows(cast.manager.actor, "hmis", "14.1.2")
    assert not queries.may_see_rows(cast.manager.actor, "hmis", "15.3.1.b")  # HIV
    technician = cast.member("tech", Role.LAB, cast.green)
    assert queries.may_see_rows(technician.actor, "idsp", "IDSP38")  # a test, own work
    assert not queries.may_see_rows(technician.actor, "idsp", "IDSP16")  # a diagnosis
    data = cast.member("data", Role.DME, None, "203")
    assert not queries.may_see_rows(data.actor, "hmis", "14.1.2")


def test_what_a_hand_wrote_stands_and_is_marked(cast, asked):
    found = asked()
    who = cast.manager.actor
    actions.enter(found.pk, values={"2.2": "१२", "14.2.1": "10", "14.1.1": "1"}, actor=who)
    row = queries.run(found.pk)
    assert queries.value(row, "2.2") == (12, "hand")
    assert queries.value(row, "14.2.1") == (10, "hand")
    assert queries.value(row, "14.1.1") == (1, "data")  # the same as the data says
    assert queries.value(row, "2.1") == (None, "")
    actions.enter(found.pk, values={"14.2.1": ""}, actor=who)
    assert queries.value(queries.run(found.pk), "14.2.1") == (9, "data")
    for bad in ("-3", "many", "1.5", "99999999"):
        with pytest.raises(Refused, match=r"form\.number"):
            actions.enter(found.pk, values={"2.2": bad}, actor=who)
    assert queries.value(queries.run(found.pk), "2.2") == (12, "hand")


def test_the_manager_prepares_and_the_superintendent_submits(cast, asked, town):
    found = asked()
    with pytest.raises(Forbidden):
        actions.submit_form(found.pk, actor=cast.manager.actor)
    first = actions.submit_form(found.pk, actor=cast.ds.actor)
    again = actions.submit_form(found.pk, actor=cast.ds.actor)
    assert first.submitted_at == again.submitted_at
    assert AuditEvent.objects.filter(event="state_form.submitted").count() == 1
    town.visit(day=OCTOBER, icd=("I10",))  # a slip that was typed in late
    actions.fill(found.pk)
    assert queries.run(found.pk).figures["14.1.2"] == 2
    for verb in (
        lambda: actions.enter(found.pk, values={"2.2": "1"}, actor=cast.manager.actor),
        lambda: actions.ask(cast.green.pk, MONTH, actor=cast.manager.actor),
    ):
        with pytest.raises(Refused, match=r"form\.frozen"):
            verb()


def test_a_revision_has_a_reason_and_the_old_one_stands_until_then(
    cast, asked, town, django_capture_on_commit_callbacks
):
    found = asked()
    actions.enter(found.pk, values={"2.2": "12"}, actor=cast.manager.actor)
    actions.submit_form(found.pk, actor=cast.ds.actor)
    town.visit(day=OCTOBER, icd=("I10",))
    with pytest.raises(Refused, match=r"form\.reason"):
        actions.revise(found.pk, id=uuid7(), reason=" ", actor=cast.manager.actor)
    pk = uuid7()
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            actions.revise(found.pk, id=pk, reason="One late slip", actor=cast.manager.actor)
    fresh = queries.newest(cast.green.pk, MONTH)
    assert (fresh.pk, fresh.revision, fresh.figures["14.1.2"]) == (pk, 2, 3)
    assert queries.value(fresh, "2.2") == (12, "hand")
    assert queries.run(found.pk).status == "submitted"
    actions.submit_form(pk, actor=cast.ds.actor)
    assert queries.run(found.pk).status == "superseded"
    assert [row.revision for row in queries.revisions(cast.green.pk, MONTH)] == [2, 1]


def test_a_running_month_is_a_preview(cast, asked, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2026, 10, 20)))
    found = asked()
    assert found.figures["14.1.2"] == 2  # the visit of the 25th is there only in this test
    with pytest.raises(Refused, match=r"form\.running"):
        actions.submit_form(found.pk, actor=cast.ds.actor)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2026, 11, 1)))
    with pytest.raises(Refused, match=r"form\.old"):  # worked out before the month was over
        actions.submit_form(found.pk, actor=cast.ds.actor)


def test_not_worked_out_is_not_submitted(cast):
    found = actions.ask(cast.green.pk, MONTH, actor=cast.manager.actor)  # its job is still waiting
    with pytest.raises(Refused, match=r"form\.not_made"):
        actions.submit_form(found.pk, actor=cast.ds.actor)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2026-13-01", "day"), ("October", "day"), ("2031-01-01", "future"), ("1999-01-01", "early")],
)
def test_a_strange_period_is_told(text, code):
    with pytest.raises(Refused, match=f"form.{code}"):
        forms_of.asked("hmis", text)


def test_periods_meet_without_a_gap():
    assert (MONTH.first, MONTH.last) == (date(2026, 10, 1), date(2026, 10, 31))
    assert MONTH.before.last == date(2026, 9, 30)
    february = forms_of.containing("hmis", date(2028, 2, 29))
    assert february.last == date(2028, 2, 29)
    week = forms_of.containing("idsp", date(2026, 11, 1))  # a Sunday
    assert (week.first, week.last) == (date(2026, 10, 26), date(2026, 11, 1))


def district(cast):
    connection.set_schema_to_public()
    for code in ("203", "212"):
        Region.objects.create(kind="district", code=code, name_hi=code, name_en=code)
    for code in ("90001", "90002"):
        Region.objects.create(
            kind="block", code=code, name_hi=code, name_en=code, parent_code="203"
        )
    places.forget()
    Facility.objects.filter(pk=cast.green.pk).update(block_code="90001")


def test_a_hospital_that_moved_to_another_block_keeps_its_month(cast, asked):
    district(cast)
    found = asked()
    connection.set_schema_to_public()
    Facility.objects.filter(pk=cast.green.pk).update(block_code="90002")
    actions.submit_form(found.pk, actor=cast.ds.actor)
    state = cast.member("state", Role.SPO, None)

    def block(code):
        return queries.office(boards.ground(state.actor, "block", code), MONTH)

    assert block("90001")["sum"] == {}
    assert block("90002")["sum"]["14.2.1"] == 9
    whole = queries.office(boards.ground(state.actor), MONTH)
    assert whole["sum"]["14.2.1"] == 9  # once, not in both blocks
    assert queries.run(found.pk).block_code == "90002"


def test_a_sum_takes_what_was_submitted_not_what_is_being_written(cast, asked, town):
    district(cast)
    found = asked()
    actions.submit_form(found.pk, actor=cast.ds.actor)
    actions.revise(found.pk, id=uuid7(), reason="One late slip", actor=cast.manager.actor)
    data = cast.member("data", Role.DME, None, "203")
    whole = queries.office(boards.ground(data.actor), MONTH)
    assert (whole["submitted"], whole["sum"]["14.1.2"]) == (1, 2)


def test_another_district_may_neither_read_nor_write(cast, asked):
    found = asked()
    other = cast.member("other_data", Role.DME, None, "212")
    with pytest.raises(Unseen):
        queries.of_place(other.actor, "hmis", cast.green.pk)
    with pytest.raises(Unseen):
        actions.enter(found.pk, values={"2.2": "1"}, actor=other.actor)
    with pytest.raises(Forbidden):
        actions.ask(cast.green.pk, MONTH, actor=cast.dr_khan.actor)


def test_drafts_of_the_month_that_is_over_make_themselves(
    cast, django_capture_on_commit_callbacks, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2026, 11, 1)))
    Town(cast).visit(day=OCTOBER + timedelta(days=2))
    assert Encounter.objects.count() == 1
    connection.set_schema_to_public()
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.plan("hmis") == 2
    assert actions.plan("hmis") == 0
    row = ReportRun.objects.get(facility_id=cast.green.pk)
    assert (row.first, row.figures["14.2.1"]) == (OCTOBER, 1)
    assert ReportRun.objects.get(facility_id=cast.blue.pk).figures["14.2.1"] == 0
