"""Scan & Share: profile at the window, number in the app, token by one key."""

import copy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.abdm import actions
from apps.abdm_sandbox.sharing import app_hears
from apps.abdm_sandbox.world import Share
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters.models import Encounter
from apps.facilities.models import Facility
from apps.gateway import actions as gateway
from apps.gateway.models import InboundMessage, OutboundMessage
from apps.gateway.sealed import opened
from apps.patients.models import Patient
from apps.persons import actions as persons
from apps.persons import queries as waiting
from apps.persons.models import Arrival, Person
from tests.abdm.conftest import BLUE_ID, GREEN_ID
from tests.abdm.consents import SAMPLES, shape
from tests.abdm.stand_in import settle
from tests.encounters import people

SUNITA = "sunita.devi87@sbx"


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.fixture
def share(stand_in, capture):
    """A patient presses "Share" in the app; what we answered comes back from the stand-in."""

    def press(address=SUNITA, counter="OPD1", service=GREEN_ID, *, wrong=None, times=1):
        made = stand_in.phr(address, service, counter)
        (letter,) = stand_in.held()
        if wrong:
            letter = copy.deepcopy(letter)
            wrong(letter["body"])
        for _ in range(times):
            with capture(execute=True):
                assert stand_in.carry(letter).status_code == 202
        return stand_in.world.shares[made]

    press.capture = capture
    return press


def in_green(cast):
    connection.set_tenant(cast.green)


def take(cast):
    """What the clerk does: the first of the list, one key."""
    in_green(cast)
    first = waiting.arrivals()[0]
    answer = cast.ravi.client().post(f"/reg/arrivals/{first.id}/token")
    in_green(cast)
    return answer


def test_it_works(cast, stand_in, share, caplog):
    made = share()
    assert (made.token, made.expiry, made.error) == ("1", "1800", "")
    in_green(cast)
    (row,) = waiting.arrivals()
    told = row.profile
    assert (row.source, row.number, told.counter) == ("scan", 1, "OPD1")
    assert (told.name_en, told.sex, told.born) == ("Sunita Devi", "female", "1987-06-12")
    assert InboundMessage.objects.get().body == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT profile FROM public.persons_arrival")
        assert "sunita" not in cursor.fetchone()[0].lower()
    assert "unita" not in caplog.text
    assert OutboundMessage.objects.get().status == "accepted"


def test_the_app_is_called_back_as_in_the_sample(cast, share):
    """What the phone knows of its token comes in this one letter, and in no other way."""
    made, letter = share(), SAMPLES["scan-share.phr-on-share-callback"]
    assert shape(made.heard) == shape(letter)
    assert made.heard["response"] == {"requestId": made.request_id}
    told = made.heard["acknowledgement"]
    assert (told["status"], told["abhaAddress"]) == ("SUCCESS", SUNITA)
    assert told["profile"] == {"context": "OPD1", "tokenNumber": made.token, "expiry": made.expiry}
    fresh = Share(made.request_id, SUNITA, GREEN_ID, "OPD1", timezone.now())
    app_hears(fresh, letter)
    assert (fresh.token, fresh.expiry, fresh.error) == ("27", "1800", "")
    app_hears(fresh, {"error": {"code": "ABDM-1050", "message": "Unknown counter"}})
    assert fresh.error == "Unknown counter"


INTAKE, WORK = 5, 19  # SQL statements of a share: at the web, and in its one job


def test_a_share_is_one_job_of_so_many_statements(cast, stand_in, share, capture):
    """Fifty people a second press "Share" at a medical college: each statement is felt."""
    share()
    stand_in.phr("irfan45@sbx", GREEN_ID, "OPD1")
    (letter,) = stand_in.held()
    connection.set_schema_to_public()
    with CaptureQueriesContext(connection) as asked, capture(execute=False) as jobs:
        assert stand_in.carry(letter).status_code == 202
    assert (statements(asked), len(jobs)) == (INTAKE, 1)
    message = InboundMessage.objects.latest("received_at")
    connection.set_schema_to_public()
    with CaptureQueriesContext(connection) as asked, capture(execute=False) as jobs:
        actions.handle_inbound(message.pk)
    assert (statements(asked), jobs) == (WORK, [])  # handled, delivered, and nothing follows
    assert stand_in.world.shares[letter["headers"]["REQUEST-ID"]].token == "2"


def statements(asked):
    """Without the savepoints that a test's own transaction makes of BEGIN and COMMIT."""
    told = [one["sql"].split()[0] for one in asked.captured_queries]
    return len([word for word in told if word not in ("SAVEPOINT", "RELEASE")])


def test_a_share_is_tried_again_within_seconds(cast, stand_in, share, capture):
    def gateway_stumbles(body):
        stand_in.world.faults.error = 1.0

    share("irfan45@sbx")  # the gateway's keys are known
    made = share(wrong=gateway_stumbles)
    owed = OutboundMessage.objects.latest("created_at")
    assert (owed.status, owed.attempts) == ("waiting", 1)
    assert owed.next_attempt_at - timezone.now() < timedelta(seconds=3)
    stand_in.world.faults.error = 0
    OutboundMessage.objects.update(next_attempt_at="2020-01-01T00:00Z")
    gateway.deliver(owed.pk)
    assert made.token == "2"


def test_the_job_died_after_its_commit_and_the_sweep_delivers(cast, stand_in, share, monkeypatch):
    monkeypatch.setattr(gateway, "deliver", lambda pk: None)  # as killed before the call
    made = share()
    assert made.token == ""
    monkeypatch.undo()
    settle(stand_in, share.capture)
    assert made.token == "1"


def test_the_clerk_takes_the_first_of_the_list(cast, stand_in, share):
    share()
    page = cast.ravi.client().get("/reg/").content.decode()
    assert "ABHA OPD1" in page
    answer = take(cast)
    assert "slip=GRN" in answer["Location"]
    visit = Encounter.objects.select_related("patient", "token").get()
    patient = visit.patient
    account = stand_in.world.accounts[SUNITA]
    assert visit.token.source == "scan-and-share"
    assert (patient.abha_address, patient.birth_date.isoformat()) == (SUNITA, "1987-06-12")
    assert patient.abha_number == account.abha_number.replace("-", "")
    assert not patient.birth_estimated
    assert Person.objects.get(pk=patient.person_id).abha_address == SUNITA
    assert AuditEvent.objects.get(event="patient.abha_attached").detail == {
        "via": "scan", "kyc": True,
    }  # fmt: skip
    assert Arrival.objects.get().profile == ""


def test_the_same_callback_twice_is_one(cast, share):
    made = share(times=3)
    assert made.token == "1"
    assert Arrival.objects.count() == InboundMessage.objects.count() == 1
    assert OutboundMessage.objects.count() == 1


def test_who_shares_again_has_the_same_number(cast, share):
    assert share().token == share().token == "1"
    assert share("irfan45@sbx").token == "2"
    take(cast)
    assert share().token == "1"  # the window was faster, the number still holds
    assert Arrival.objects.count() == 2


def test_after_the_validity_a_second_visit_has_a_new_number(cast, share):
    share()
    take(cast)
    Arrival.objects.update(arrived_at=timezone.now() - timedelta(minutes=31))
    assert share().token == "2"
    Arrival.objects.update(arrived_at=timezone.now() - timedelta(minutes=61))
    assert share().token == "2"  # still on the list: late, not dead


def test_taken_off_the_list_is_a_new_number(cast, share):
    share()
    in_green(cast)
    persons.take_arrival(waiting.arrivals()[0].id, encounter_id=None, actor=cast.ravi.actor)
    assert share().token == "2"


def test_several_counters(cast, share):
    config = {**cast.green.config, "counters": ["1", "2", "महिला खिड़की"]}
    Facility.objects.filter(pk=cast.green.pk).update(config=config)
    numbers = [share(counter=code).token for code in ("OPD1", "OPD2", "GATE")]
    assert numbers == ["1", "2", "3"]
    in_green(cast)
    assert [row.profile.counter for row in waiting.arrivals()] == ["OPD1", "OPD2", "GATE"]


def test_another_hospital_has_its_own_list(cast, share):
    assert (share().token, share(service=BLUE_ID).token) == ("1", "1")
    with facility_context(cast.blue.pk):
        assert len(waiting.arrivals()) == 1


def without(*way):
    def wrong(body):
        for step in way[:-1]:
            body = body[step]
        del body[way[-1]]

    return wrong


def put(value, *way):
    def wrong(body):
        for step in way[:-1]:
            body = body[step]
        body[way[-1]] = value

    return wrong


PATIENT = ("profile", "patient")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (without("intent"), "1049"),
        (put(7, "intent"), "1049"),
        (put("RECORD_SHARE", "intent"), "1149"),
        (without("metaData"), "1050"),
        (put([], "metaData"), "1050"),
        (put("OPD77", "metaData", "context"), "1050"),
        (put({"a": 1}, "metaData", "context"), "1050"),
        (put(BLUE_ID, "metaData", "hipId"), "1035"),
        (without("profile"), "1102"),
        (put(None, *PATIENT), "1102"),
        (put("x", *PATIENT), "1102"),
        (without(*PATIENT, "abhaAddress"), "1170"),
        (put(12, *PATIENT, "abhaAddress"), "1170"),
        (put("no address", *PATIENT, "abhaAddress"), "1170"),
        (without(*PATIENT, "name"), "1010"),
        (put(["x"], *PATIENT, "name"), "1010"),
        (put("234567890124", *PATIENT, "name"), "1010"),
        (put("X", *PATIENT, "gender"), "1010"),
    ],
)
def test_what_is_wrong_is_answered_and_nothing_is_kept(cast, share, wrong, code):
    made = share(wrong=wrong)
    message = OutboundMessage.objects.get()
    assert made.error
    assert not made.token
    assert message.status == "accepted"
    told = opened(message.body, message.facility_id)["body"] if message.body else {}
    assert told["error"]["code"] == f"ABDM-{code}"
    assert "acknowledgement" not in told
    assert told["response"] == {"requestId": made.request_id}
    assert not Arrival.objects.exists()
    assert InboundMessage.objects.get().status == "handled"


@pytest.mark.parametrize(
    "wrong",
    [
        put(None, *PATIENT, "abhaNumber"),
        put("19**", *PATIENT, "yearOfBirth"),
        put(None, *PATIENT, "dayOfBirth"),
        put(6, *PATIENT, "monthOfBirth"),
        put(None, *PATIENT, "address"),
        put("98*****210", *PATIENT, "phoneNumber"),
        put(None, "metaData", "latitude"),
        put(25.6, "metaData", "latitude"),
    ],
)
def test_what_only_the_window_needs_may_be_odd(cast, share, wrong):
    assert share(wrong=wrong).token == "1"


def test_a_masked_year_is_asked_for_in_the_form(cast, share):
    share(wrong=put("19**", *PATIENT, "yearOfBirth"))
    assert "?arrival=" in take(cast)["Location"]
    assert not Encounter.objects.exists()


def test_an_unknown_hospital_is_kept_for_a_person(cast, stand_in, capture):
    stand_in.phr(SUNITA, GREEN_ID, "OPD1")
    (letter,) = stand_in.held()
    letter["headers"]["X-HIP-ID"] = "IN9999999999"
    with capture(execute=True):
        assert stand_in.carry(letter).status_code == 202
    assert InboundMessage.objects.get().status == "parked"
    assert not Arrival.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_who_is_known_by_mobile_name_and_year_is_found_and_linked(cast, stand_in, share):
    account = stand_in.world.accounts[SUNITA]
    years = timezone.localdate().year - 1987
    known = people.asha(cast, name_hi="सुनीता देवी", age=years, mobile=account.mobile)
    share()
    take(cast)
    assert Encounter.objects.get().patient_id == known.pk
    known.refresh_from_db()
    assert (known.abha_address, bool(known.person_id)) == (SUNITA, True)


def test_who_is_known_by_abha_is_found_under_another_mobile(cast, stand_in, share):
    share()
    take(cast)
    Patient.objects.update(mobile="", name_hi="और कोई", name_en="Somebody Else")
    Encounter.objects.update(status="finished")
    Arrival.objects.update(arrived_at=timezone.now() - timedelta(hours=2))
    share()
    in_green(cast)
    assert Patient.objects.count() == 1


def test_one_record_has_one_abha(cast, stand_in, share):
    """Same mobile, name and age with another ABHA: somebody else, and no record changes hands."""
    account = stand_in.world.accounts[SUNITA]
    years = timezone.localdate().year - 1987
    other = people.asha(cast, name_hi="सुनीता देवी", age=years, mobile=account.mobile)
    Patient.objects.filter(pk=other.pk).update(
        abha_number="91000000009990", abha_address="other@sbx"
    )
    share()
    take(cast)
    other.refresh_from_db()
    assert other.abha_address == "other@sbx"
    assert Encounter.objects.get().patient_id != other.pk


def test_the_form_keeps_the_abha_too(cast, share):
    share()
    in_green(cast)
    row = waiting.arrivals()[0]
    page = cast.ravi.client()
    assert 'value="12-06-1987"' in page.get(f"/reg/?arrival={row.id}").content.decode()
    typed = {
        "arrival": row.id, "patient_id": uuid7(), "visit_id": uuid7(), "name_hi": "सुनीता देवी",
        "age": "12-06-1987", "sex": "female", "department": "GYN", "mobile": "",
    }  # fmt: skip
    answer = page.post("/reg/", typed)
    assert answer.status_code in (302, 303), answer.content.decode()[-3000:]
    in_green(cast)
    assert Patient.objects.get().abha_address == SUNITA


def test_an_answer_that_nobody_waits_for_is_given_up(cast, stand_in, share, capture):
    stand_in.phr(SUNITA, GREEN_ID, "OPD1")
    (letter,) = stand_in.held()
    with capture(execute=True):
        stand_in.carry(letter)
        stand_in.world.faults.error = 1
    message = OutboundMessage.objects.get()
    assert message.status == "waiting"
    in_green(cast)
    assert len(waiting.arrivals()) == 1  # the window has the person all the same
    old = timezone.now() - timedelta(seconds=31)
    OutboundMessage.objects.update(created_at=old, next_attempt_at=old)
    with capture(execute=True):
        gateway.sweep()
    message.refresh_from_db()
    assert (message.status, message.body) == ("refused", "")


def test_the_answer_comes_once_the_gateway_is_back(cast, stand_in, capture):
    made = stand_in.phr(SUNITA, GREEN_ID, "OPD1")
    (letter,) = stand_in.held()
    with capture(execute=True):
        stand_in.carry(letter)
        stand_in.world.faults.error = 1
    stand_in.world.faults.error = 0
    settle(stand_in, capture)
    assert stand_in.world.shares[made].token == "1"
