"""The ledger: read once from the trail, judged with a reason, submitted once, beside NHA's."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db import connection

from apps.accounts.permissions import Role
from apps.audit.actions import record
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Permission
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.facilities import places
from apps.facilities.models import Facility, Region
from apps.monitoring import queries as boards
from apps.reporting import actions, queries
from apps.reporting.models import (
    IncentivePayment,
    IncentiveStatement,
    LedgerMark,
    LinkedRecord,
)
from tests.reporting.linked import SYSTEM, Context, linked, moment, share, share_in, trail

JULY, AUGUST, OCTOBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 10, 1)


@pytest.fixture
def office(cast, settings):
    """The rules are loaded, Green has an HFR number, its district a data officer."""
    settings.DHIS_SOFTWARE_FROM = "2026-01-01"
    actions.load_rules(actor=Actor.of_system("loader", Permission.MASTER_EDIT))
    connection.set_schema_to_public()
    Facility.objects.filter(pk=cast.green.pk).update(hfr_id="IN1010000001")
    Facility.objects.filter(pk=cast.blue.pk).update(hfr_id="IN1010000002")
    for code in ("203", "212"):
        Region.objects.create(kind="district", code=code, name_hi=code, name_en=code)
    places.forget()
    cast.data = cast.member("data", Role.DME, None, "203")
    return cast


def july(n):
    return JULY + timedelta(days=n - 1)


def verdicts(facility):
    actions.judge(JULY)
    return list(
        LinkedRecord.objects.filter(facility_id=facility.pk, kind="record")
        .order_by("at", "pk").values_list("verdict", flat=True)
    )  # fmt: skip


def test_loading_the_rules_twice_changes_nothing(office):
    again = actions.load_rules(actor=Actor.of_system("loader", Permission.MASTER_EDIT))
    assert (again.added, again.changed, again.same) == (0, 0, 15)
    assert all(rule.provenance for rule in queries.rules())


def test_the_trail_is_read_once(office):
    person = uuid7()
    trail(office.green, july(3), hi=("Prescription", "DiagnosticReport"), person=person)
    trail(office.green, july(4), person=person)
    mark = AuditEvent.objects.count()
    actions.collect_again()
    assert LinkedRecord.objects.count() == 3
    actions.collect_again()
    assert LinkedRecord.objects.count() == 3
    row = LinkedRecord.objects.get(hi_type="DiagnosticReport")
    assert (row.person_id, row.kyc, row.visit_day) == (person, True, july(3))
    assert AuditEvent.objects.count() == mark


def test_only_finished_transactions_are_read_by_the_mark(office):
    """The test's own transaction is open, so its rows must wait for their turn."""
    trail(office.green, july(3), person=uuid7())
    assert actions.collect() == 0
    assert queries.read_to() is not None


def test_a_share_under_a_consent_counts_as_given(office):
    for code in ("sent", "failed"):
        record(Event.TRANSFER_ENDED, subject=Context(), facility_id=office.green.pk, actor=SYSTEM,
               code=code, sent=1, failed=0)  # fmt: skip
    actions.collect_again()
    assert LinkedRecord.objects.get().kind == "given"


def test_a_share_that_came_counts_as_received_and_not_as_given(office):
    """Both sides write `transfer.ended`: what we asked for is the other kind of share."""
    person = uuid7()
    for code in ("sent", "failed", "refused", "stopped"):
        share(office.green, code=code, person=person)
    share(office.green, kyc=False)
    for _ in range(2):
        actions.collect_again()
    rows = LinkedRecord.objects.order_by("kyc")
    assert [(row.kind, row.kyc, row.person_id) for row in rows] == [
        ("received", False, None), ("received", True, person),
    ]  # fmt: skip
    assert {row.facility_id for row in rows} == {office.green.pk}


def test_shares_that_came_are_paid_to_who_asked(office):
    """₹10 each by the rule of July, for people with KYC; no verdict of linked records is theirs."""
    for n in range(3):
        share_in(office.green, july(n + 1), kyc=n != 0)
    share_in(office.green, date(2026, 8, 1))
    shown = queries.statement(office.green.pk, JULY)
    assert shown.content["received"] == {"all": 3, "counted": 2, "why": ""}
    assert (shown.rupees, shown.ours, shown.content["verdicts"]) == (Decimal(20), 0, {})
    actions.judge(JULY)
    assert set(LinkedRecord.objects.values_list("verdict", flat=True)) == {""}
    assert queries.records(office.green.pk, JULY)["total"] == 0
    actions.submit(office.green.pk, month=JULY, actor=office.data.actor)
    share_in(office.green, july(20))
    assert queries.statement(office.green.pk, JULY).rupees == Decimal(20)


def test_another_number_of_shares_needs_a_reason(office):
    pk, who = office.green.pk, office.data.actor
    for n in range(2):
        share_in(office.green, july(n + 1))
    for why in ("", " ", "x" * 201):
        with pytest.raises(Refused, match=r"dhis\.reason"):
            actions.tell(pk, month=JULY, received="6", claims="", why=why, actor=who)
    assert queries.statement(pk, JULY).rupees == Decimal(20)
    actions.tell(pk, month=JULY, received="6", claims="", why="four by the old app", actor=who)
    shown = queries.statement(pk, JULY)
    assert (shown.rupees, shown.content["received"]["why"]) == (Decimal(60), "four by the old app")
    assert "old app" not in str(AuditEvent.objects.latest("id").detail)
    for back in ("", "2"):
        actions.tell(pk, month=JULY, received="0", claims="", why="none came", actor=who)
        assert queries.statement(pk, JULY).rupees == Decimal(0)
        actions.tell(pk, month=JULY, received=back, claims="", why="", actor=who)
        assert queries.statement(pk, JULY).rupees == Decimal(20)


def test_a_number_from_before_the_trail_stands_where_it_knows_none(office):
    IncentiveStatement.objects.create(
        facility_id=office.green.pk, month=JULY, told={"received": 7, "claims": []}
    )
    assert queries.statement(office.green.pk, JULY).rupees == Decimal(70)
    share_in(office.green, july(3))
    assert queries.statement(office.green.pk, JULY).rupees == Decimal(10)


def test_one_a_day_across_hospitals_and_the_better_paid_one_counts(office, settings):
    asha = uuid7()
    linked(office.green, july(3), hi="DiagnosticReport", person=asha, hour=9)
    linked(office.green, july(3), hi="Prescription", person=asha, hour=10)
    linked(office.blue, july(3), hi="Prescription", person=asha, hour=11)
    assert verdicts(office.green) == ["same-day", "counts"]
    assert verdicts(office.blue) == ["same-day"]
    settings.DHIS_ONE_A_DAY = "first"
    assert verdicts(office.green) == ["counts", "same-day"]


def test_five_a_month_across_hospitals_or_in_each(office, settings):
    asha = uuid7()
    for day in range(1, 5):
        linked(office.green, july(day), person=asha)
    for day in range(5, 9):
        linked(office.blue, july(day), person=asha)
    assert verdicts(office.green) == ["counts"] * 4
    assert verdicts(office.blue) == ["counts", "month-limit", "month-limit", "month-limit"]
    settings.DHIS_MONTH_LIMIT = "facility"
    assert verdicts(office.blue) == ["counts"] * 4


def test_each_record_that_does_not_count_says_why(office, settings):
    linked(office.green, july(1), kyc=False, hour=8)
    LinkedRecord.objects.filter(pk=linked(office.green, july(1), hour=9).pk).update(person_id=None)
    linked(office.green, july(1), hour=10)
    assert verdicts(office.green) == ["kyc", "person", "counts"]
    Facility.objects.filter(pk=office.green.pk).update(hfr_id="", is_demo=False)
    assert verdicts(office.green) == ["hfr"] * 3
    settings.DHIS_SOFTWARE_FROM = ""
    assert verdicts(office.green) == ["software"] * 3


def test_without_kyc_a_record_counted_under_the_old_rule(office, settings):
    settings.DHIS_SOFTWARE_FROM = "2024-01-01"
    linked(office.green, date(2024, 7, 3), kyc=False)
    actions.judge(date(2024, 7, 1))
    assert LinkedRecord.objects.get().verdict == "counts"


def filled(office, n1=130, n2=20):
    """July of Green: `n1` + `n2` people with one record each."""
    for n in range(n1 + n2):
        hi = "Prescription" if n < n1 else "DiagnosticReport"
        linked(office.green, july(1 + n % 28), hi=hi)
    actions.judge(JULY)


def test_a_month_is_submitted_once_and_stands(office):
    filled(office)
    shown = queries.statement(office.green.pk, JULY)
    assert (shown.ours, shown.rupees, shown.dsc) == (150, Decimal(400), Decimal(200))
    first = actions.submit(office.green.pk, month=JULY, actor=office.data.actor)
    again = actions.submit(office.green.pk, month=JULY, actor=office.data.actor)
    assert first.pk == again.pk and first.submitted_at == again.submitted_at
    assert AuditEvent.objects.filter(event="incentive.submitted").count() == 1
    linked(office.green, july(30))
    actions.judge(JULY)
    stands = queries.statement(office.green.pk, JULY)
    assert (stands.ours, stands.rupees) == (150, Decimal(400))
    with pytest.raises(Refused, match=r"dhis\.frozen"):
        actions.tell(office.green.pk, month=JULY, received="1", claims="", actor=office.data.actor)


def test_a_later_record_elsewhere_takes_nothing_back(office):
    """Asha's lab report of Green is submitted; Blue's better paid one of that day came later."""
    asha = uuid7()
    linked(office.green, july(3), hi="DiagnosticReport", person=asha)
    actions.submit(office.green.pk, month=JULY, actor=office.data.actor)
    linked(office.blue, july(3), hi="Prescription", person=asha)
    assert verdicts(office.green) == ["counts"]
    assert verdicts(office.blue) == ["same-day"]


def test_a_running_month_is_not_submitted(office, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment(date(2026, 7, 20)))
    with pytest.raises(Refused, match=r"dhis\.running"):
        actions.submit(office.green.pk, month=JULY, actor=office.data.actor)


def test_without_a_rule_it_is_an_estimate_and_no_claim(office):
    for n in range(120):
        linked(office.green, OCTOBER + timedelta(days=n % 28))
    actions.judge(OCTOBER)
    shown = queries.statement(office.green.pk, OCTOBER)
    assert not shown.content["in_force"]
    assert shown.rupees == Decimal(200)  # by the last rule that is known
    with pytest.raises(Refused, match=r"dhis\.no_rule"):
        actions.submit(office.green.pk, month=OCTOBER, actor=office.data.actor)
    assert not IncentiveStatement.objects.filter(status="submitted").exists()


def test_a_hospital_without_a_number_cannot_claim(office):
    Facility.objects.filter(pk=office.green.pk).update(hfr_id="")
    with pytest.raises(Refused, match=r"dhis\.no_hfr"):
        actions.submit(office.green.pk, month=JULY, actor=office.data.actor)


def test_invented_records_are_a_demo_hospitals_alone(office):
    row = {"event_id": uuid7(), "hi_type": "Prescription", "at": moment(july(3)), "kyc": True,
           "person_id": uuid7()}  # fmt: skip
    maker = Actor.of_system("demo", Permission.DHIS_LEDGER)
    assert [actions.invent(office.green.pk, [row], actor=maker) for _ in range(2)] == [1, 0]
    Facility.objects.filter(pk=office.green.pk).update(is_demo=False)
    with pytest.raises(Refused, match=r"demo\.only"):
        actions.invent(office.green.pk, [row], actor=maker)


def test_what_a_hand_adds_is_paid_and_bad_numbers_are_told(office):
    pk, who = office.green.pk, office.data.actor
    actions.tell(pk, month=JULY, received="६०", claims="10 x 5000\n2 × 1500", why="app",
                 actor=who)  # fmt: skip
    shown = queries.statement(pk, JULY)
    assert shown.rupees == Decimal(600 + 2300)
    for received, claims, code in (("-1", "", "number"), ("", "ten", "claims"),
                                   ("", "3 x lots", "claims")):  # fmt: skip
        with pytest.raises(Refused, match=f"dhis.{code}"):
            actions.tell(pk, month=JULY, received=received, claims=claims, actor=who)


def test_the_cap_runs_over_submitted_months(office):
    IncentiveStatement.objects.create(
        facility_id=office.green.pk, month=date(2026, 6, 1), status="submitted",
        facility_rupees=Decimal(49_999_900), content={"claims": "0"},
    )  # fmt: skip
    filled(office)
    shown = queries.statement(office.green.pk, JULY)
    assert (shown.rupees, shown.content["cut"]) == (Decimal(100), "300.00")


def test_nhas_count_stands_beside_ours(office):
    filled(office)
    office_file = (
        "hfr_id,month,records,rupees\nIN1010000001,2026-07,140,300\nIN1010000002,2026-07,5,\n"
        "IN9,2026-07,1,\nIN1010000001,July,1,\nIN1010000001,2026-07,many,\n"
    )
    done = actions.read_nha(office_file.encode("utf-16"), actor=office.data.actor)
    assert done == {"done": 1, "bad": [(3, "hfr"), (4, "hfr"), (5, "month.day"),
                                       (6, "dhis.number")]}  # fmt: skip
    shown = queries.statement(office.green.pk, JULY)
    assert (shown.difference, shown.rupees_short) == (-10, Decimal(-100))
    for bad in (b"\x00\xff\x00", b"a,b\n1,2\n", b"x" * (3 << 20)):
        with pytest.raises(Refused, match=r"dhis\.file"):
            actions.read_nha(bad, actor=office.data.actor)


def test_a_payment_belongs_to_a_submitted_month_and_comes_once(office):
    pay = {"month": JULY, "rupees": "400", "reference": "RKS 12"}
    who, payment = office.data.actor, uuid7()
    with pytest.raises(Refused, match=r"dhis\.not_submitted"):
        actions.note_payment(office.green.pk, id=payment, on="2026-08-20", **pay, actor=who)
    actions.submit(office.green.pk, month=JULY, actor=who)
    for _ in range(2):
        actions.note_payment(office.green.pk, id=payment, on="2026-08-20", **pay, actor=who)
    assert IncentivePayment.objects.get().rupees == 400
    with pytest.raises(Refused, match=r"dhis\.payment"):
        actions.note_payment(office.green.pk, id=uuid7(), on="soon", **pay, actor=who)


def test_another_districts_officer_and_the_hospital_may_not_write(office):
    other = office.member("other_data", Role.DME, None, "212")
    with pytest.raises(Unseen):
        actions.submit(office.green.pk, month=JULY, actor=other.actor)
    with pytest.raises(Forbidden):
        actions.submit(office.green.pk, month=JULY, actor=office.ds.actor)


def test_the_wider_place_is_the_sum_of_its_hospitals(office):
    filled(office)
    linked(office.blue, july(2))
    actions.judge(JULY)
    state = office.member("state", Role.SHQ, None)
    whole = queries.ledger(boards.ground(state.actor), JULY)
    assert (whole["ours"], whole["rupees"]) == (151, Decimal(400))
    mine = queries.ledger(boards.ground(office.data.actor), JULY)
    assert [row["place"].id for row in mine["rows"]] == [office.green.pk]
    assert mine["verdicts"] == {"counts": 150}


@pytest.mark.drill  # rows of the trail count once no older transaction is open, anywhere
def test_what_was_committed_enters_once(bare_db):
    """Two runs, the second without news: the mark has passed the first one's events."""
    green = Facility.objects.get(slug="green-phc")
    LedgerMark.objects.all().delete()
    try:
        actions.collect()
        trail(green, july(3), person=uuid7())
        assert [actions.collect(), actions.collect()] == [1, 0]
        assert LinkedRecord.objects.count() == 1
    finally:
        LinkedRecord.objects.all().delete()
        LedgerMark.objects.all().delete()


def test_a_submission_judges_its_own_people_as_the_whole_state_would(office):
    """Twelve people over two hospitals, some days and months too often, some known to nobody."""
    chance, people = Random(6), [uuid7() for _ in range(12)]
    for _ in range(150):
        place, day = chance.choice([office.green, office.blue]), july(chance.randint(1, 9))
        hi = chance.choice(["Prescription", "DiagnosticReport"])
        row = linked(place, day, hi=hi, person=chance.choice(people), hour=chance.randint(8, 16),
                     kyc=chance.random() > 0.1)  # fmt: skip
        if chance.random() < 0.1:
            LinkedRecord.objects.filter(pk=row.pk).update(person_id=None)
    linked(office.blue, july(3), person=uuid7())  # nobody whom Green knows
    actions.judge(JULY)
    whole = dict(LinkedRecord.objects.values_list("pk", "verdict"))
    assert set(whole.values()) == {"counts", "same-day", "month-limit", "person", "kyc"}
    LinkedRecord.objects.update(verdict="")
    actions.judge(JULY, of=office.green.pk)
    own = dict(LinkedRecord.objects.exclude(verdict="").values_list("pk", "verdict"))
    assert own == {pk: whole[pk] for pk in own}
    left = LinkedRecord.objects.filter(verdict="")
    assert left.exists() and not left.filter(facility_id=office.green.pk).exists()
    actions.judge(JULY)
    assert dict(LinkedRecord.objects.values_list("pk", "verdict")) == whole
