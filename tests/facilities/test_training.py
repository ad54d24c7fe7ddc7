"""A training place: made, opened by the hospital's own staff, made anew, and counted nowhere."""

import threading
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from apps.audit import queries as audit
from apps.audit.actions import record
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.documents import pdf
from apps.facilities import actions, live, queries, schema, tenants
from apps.facilities.actions.training import stamp
from apps.facilities.models import Facility
from apps.gateway.environment import is_on
from apps.monitoring import tally
from apps.monitoring.models import FacilityDay
from apps.notices.actions import queue_notice
from apps.notices.models import Notice
from apps.patients import actions as patients
from apps.patients.models import Patient
from apps.persons import queries as persons
from apps.persons.models import PersonLink
from apps.reporting import verdicts
from apps.reporting.models import LinkedRecord
from tests.documents.papers import many, prescription


@pytest.fixture
def twin(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        place = actions.open_training(cast.green.pk, actor=cast.manager.actor)
    place.refresh_from_db()
    tenants.forget()
    yield place
    tenants.forget()


def at_twin(member, place):
    return member.client(f"{place.slug}.{settings.PARENT_DOMAIN}")


def test_it_works(cast, twin):
    assert (twin.status, twin.slug, twin.trains_for) == ("active", "green-phc-train", cast.green.pk)
    assert (twin.hfr_id, twin.is_demo, twin.config) == ("", False, cast.green.config)
    assert twin.schema_version == schema.version()
    with facility_context(twin.pk):
        assert Patient.objects.count() == 0
    told = AuditEvent.objects.filter(facility_id=twin.pk).values_list("event", flat=True)
    assert set(told) == {"facility.provisioned", "facility.activated"}


def test_it_is_safe_to_send_twice(cast, twin):
    again = actions.open_training(cast.green.pk, actor=cast.manager.actor)
    assert again.pk == twin.pk
    assert Facility.every.exclude(trains_for=None).count() == 1


def test_a_long_or_taken_address_gives_another(cast, django_capture_on_commit_callbacks):
    Facility.objects.filter(pk=cast.green.pk).update(slug="a" * 40)
    Facility.objects.filter(pk=cast.blue.pk).update(prefix="TGRN")
    with django_capture_on_commit_callbacks(execute=True):
        place = actions.open_training(cast.green.pk, actor=cast.manager.actor)
    place.refresh_from_db()
    assert place.status == "active"
    assert place.slug.endswith("-train") and len(place.slug) <= 40
    assert place.prefix == "T10GR"


def test_another_district_and_a_clerk_may_not(cast):
    for member in (cast.ravi, cast.dr_rao):
        with pytest.raises(Forbidden):
            actions.open_training(cast.green.pk, actor=member.actor)
    with pytest.raises(Forbidden):
        actions.open_training(cast.blue.pk, actor=cast.manager.actor)
    with pytest.raises(Forbidden):
        actions.open_training(cast.green.pk, actor=cast.other_admin.actor)
    assert not Facility.every.exclude(trains_for=None).exists()
    assert actions.open_training(cast.green.pk, actor=cast.neha.actor).trains_for == cast.green.pk


def test_no_place_trains_for_a_training_place_or_a_closed_hospital(cast, twin):
    with pytest.raises(Refused, match=r"facility\.not_open"):
        actions.open_training(twin.pk, actor=cast.neha.actor)
    actions.retire(cast.green.pk, reason="closed", actor=cast.neha.actor)
    twin.refresh_from_db()
    assert twin.status == "retired"  # it closes with its hospital
    with pytest.raises(Refused, match=r"facility\.not_open"):
        actions.reset_training(cast.green.pk, made=stamp(twin), actor=cast.neha.actor)


# --- made anew -------------------------------------------------------------------------------


def test_everything_practised_goes(cast, twin, django_capture_on_commit_callbacks):
    with facility_context(twin.pk):
        patients.make_practice(id=uuid7(), actor=cast.ravi.actor)
    with facility_context(cast.green.pk):
        real = patients.register(
            id=uuid7(), name_en="Sita Devi", sex="female", age=30, actor=cast.ravi.actor
        )
    Facility.objects.filter(pk=cast.green.pk).update(config={**cast.green.config, "fee_rupees": 5})
    made = stamp(twin)
    with django_capture_on_commit_callbacks(execute=True):
        actions.reset_training(cast.green.pk, made=made, actor=cast.manager.actor)
    twin.refresh_from_db()
    assert (twin.status, twin.config["fee_rupees"]) == ("active", 5)
    with facility_context(twin.pk):
        assert Patient.objects.count() == 0
        patients.make_practice(id=uuid7(), actor=cast.ravi.actor)
    with facility_context(cast.green.pk):
        assert Patient.objects.filter(pk=real.pk).exists()
    # The same page pressed once more, after it was made: who practises there loses nothing.
    with django_capture_on_commit_callbacks(execute=True):
        actions.reset_training(cast.green.pk, made=made, actor=cast.manager.actor)
    with facility_context(twin.pk):
        assert Patient.objects.count() == 20
    events = AuditEvent.objects.filter(facility_id=twin.pk, event="facility.renewed")
    assert events.count() == 1


def test_a_job_that_comes_twice_or_late_takes_nothing(cast, twin):
    with facility_context(twin.pk):
        patients.make_practice(id=uuid7(), actor=cast.ravi.actor)
    actions.create_schema(twin.pk)
    with facility_context(twin.pk):
        assert Patient.objects.count() == 20


def test_one_that_failed_is_made_by_the_same_button(cast, twin, django_capture_on_commit_callbacks):
    Facility.every.filter(pk=twin.pk).update(status="failed", failure="OperationalError 55P03")
    shown = cast.manager.client().get("/training/").content.decode()
    assert "55P03" in shown and 'value="reset"' in shown
    with django_capture_on_commit_callbacks(execute=True):
        actions.reset_training(cast.green.pk, made=stamp(twin), actor=cast.manager.actor)
    twin.refresh_from_db()
    assert (twin.status, twin.failure) == ("active", "")


def test_two_workers_at_once_make_it_anew_once(bare_db):
    """Outside of a test's transaction: two connections meet. What is made is taken away."""
    place = Facility.every.create(
        schema_name="f_two_train", register_code="T-2T", facility_type="PHC", name_en="Two",
        name_hi="दो", prefix="TTW", slug="two-train", district_code="203", trains_for=uuid7(),
    )  # fmt: skip
    schema.replay(place.schema_name)  # what was practised until now
    failed = []

    def work():
        try:
            actions.create_schema(place.pk)
        except DatabaseError as error:
            failed.append(error)
        finally:
            connection.close()

    try:
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        place.refresh_from_db()
        assert (failed, place.status) == ([], "active")
        opened = AuditEvent.objects.filter(event="facility.activated", facility_id=place.pk)
        assert opened.count() == 1
    finally:
        with transaction.atomic():
            schema.drop_training(place.schema_name)
        Facility.every.filter(pk=place.pk).delete()


def test_only_a_training_schema_is_ever_dropped(cast):
    for name in (cast.green.schema_name, "public", 'f"_train'):
        with pytest.raises(ValueError):
            schema.drop_training(name)


def test_it_refuses_without_a_place(cast):
    with pytest.raises(Refused, match=r"training\.none"):
        actions.reset_training(cast.green.pk, made="", actor=cast.manager.actor)


# --- who gets in -----------------------------------------------------------------------------


def test_the_hospitals_staff_work_there_with_their_own_posting(cast, twin):
    ravi = at_twin(cast.ravi, twin)
    assert ravi.get("/patients/").status_code == 200
    assert at_twin(cast.dr_rao, twin).get("/opd/").status_code == 200
    assert at_twin(cast.dr_khan, twin).get("/patients/").status_code == 403  # of another hospital
    assert at_twin(cast.neha, twin).get("/patients/").status_code == 403  # an office


def test_nobody_manages_staff_settings_or_reports_there(cast, twin):
    manager = at_twin(cast.manager, twin)
    for path in ("/settings/", "/people/", "/roster/", "/reports/", "/live/", "/abdm/link/"):
        answer = manager.get(path)
        assert answer.status_code in (403, 404), path
    assert cast.manager.client().get("/settings/").status_code == 200


def test_a_forgotten_password_is_mended_at_the_hospital(cast, twin):
    client = Client(headers={"host": f"{twin.slug}.{settings.PARENT_DOMAIN}"})
    path = "/accounts/password/reset/"
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"] == live.address("green-phc") + path


# --- nothing counts --------------------------------------------------------------------------


def practised(place, member, event=Event.ENCOUNTER_STARTED, **detail):
    with facility_context(place.pk):
        record(event, actor=member.actor, facility_id=place.pk, **detail)


def test_the_boards_do_not_count_it(cast, twin):
    practised(twin, cast.ravi)
    record(Event.ENCOUNTER_STARTED, actor=cast.ravi.actor, facility_id=cast.green.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            tally.adding("e.at >= %(first)s"),
            {"first": timezone.now() - timedelta(hours=1), "zone": settings.TIME_ZONE},
        )
    assert not FacilityDay.objects.filter(facility_id=twin.pk).exists()
    assert FacilityDay.objects.get(facility_id=cast.green.pk, event="encounter.started").n == 1


def test_the_ledger_does_not_count_it(cast, twin):
    for place in (twin, cast.green):
        practised(place, cast.ravi, Event.CARE_CONTEXT_LINKED, subject=place, hi=["Prescription"])
    with connection.cursor() as cursor:
        cursor.execute(
            verdicts.collecting("e.at >= %(first)s"),
            {"first": timezone.now() - timedelta(hours=1), "zone": settings.TIME_ZONE},
        )
    assert [row.facility_id for row in LinkedRecord.objects.all()] == [cast.green.pk]


def test_the_trail_keeps_it_apart(cast, twin):
    practised(twin, cast.dr_rao, Event.PRESCRIPTION_SIGNED)
    row = AuditEvent.objects.get(event="prescription.signed")
    assert (row.facility_id, row.detail) == (twin.pk, {"training": 1})
    today, hour = timezone.localdate(), timedelta(hours=1)
    since, until = timezone.now() - hour, timezone.now() + hour
    assert audit.signed_at("prescription.signed", since=since, until=until) == []
    assert audit.facilities_with(["prescription.signed"], since=since) == []
    assert audit.counts_by_person(None, today, today, noun="prescription") == []
    assert audit.deeds(None, today, today, noun="prescription") == []


def test_no_message_leaves(cast, twin):
    with facility_context(twin.pk):
        notice = queue_notice(
            "portal-code", mobile="9812345678", language="hi", actor=cast.ravi.actor,
            values={"code": "123456", "minutes": 10},
        )  # fmt: skip
    assert notice.status == "training"
    assert not Notice.objects.due().filter(pk=notice.pk).exists()


def test_abdm_is_off_there(cast, twin, settings):
    settings.ABDM_ENVIRONMENT, settings.ABDM_CLIENT_ID = "local", "x"
    assert is_on()
    with facility_context(twin.pk):
        assert not is_on()
        patient = patients.register(
            id=uuid7(), name_en="Sita Practice", sex="female", age=30, actor=cast.ravi.actor
        )
        kept = patients.attach_abha(
            patient.pk, number="91111111111111", address="sita@sbx", via="scan",
            actor=cast.ravi.actor,
        )  # fmt: skip
        assert not kept
    with pytest.raises(Facility.DoesNotExist):
        actions.set_hfr(twin.pk, hfr_id="IN1010009991", until=None, actor=cast.neha.actor)


def test_an_invented_mobile_meets_nobody(cast, twin):
    with facility_context(cast.green.pk):
        patients.register(
            id=uuid7(), name_en="Sita Devi", sex="female", age=30, mobile="9812345678",
            actor=cast.ravi.actor,
        )  # fmt: skip
    with facility_context(twin.pk):
        patients.register(
            id=uuid7(), name_en="Sita Devi", sex="female", age=30, mobile="9812345678",
            actor=cast.ravi.actor,
        )  # fmt: skip
        assert persons.links_of_mobile("9812345678") == []
    assert not PersonLink.objects.filter(facility_id=twin.pk).exists()
    assert len(persons.links_of_mobile("9812345678")) == 1


def test_practice_patients_are_made_once_and_only_there(cast, twin):
    same = uuid7()
    with facility_context(twin.pk):
        for _n in range(2):
            assert patients.make_practice(id=same, actor=cast.ravi.actor) == 20
        assert Patient.objects.count() == 20
        assert not Patient.objects.exclude(name_en__endswith=" Practice").exists()
        assert not Patient.objects.exclude(mobile="").exists()
    with pytest.raises(Refused, match=r"patient\.not_training"):
        patients.make_practice(id=uuid7(), actor=cast.ravi.actor)


# --- the pages -------------------------------------------------------------------------------


def test_every_page_and_paper_carries_the_mark(cast, twin):
    ravi = at_twin(cast.ravi, twin)
    for path in ("/patients/", "/me", "/training/", "/nowhere", "/patients/practice"):
        text = ravi.get(path).content.decode()
        assert text.count('class="practice"') == 1, path
        assert "अभ्यास – असली मरीज नहीं" in text and "TRAINING – not valid" in text
    assert 'class="practice"' not in cast.ravi.client().get("/patients/").content.decode()


def test_each_leaf_of_a_paper_carries_the_mark(cast, twin):
    leaves = {}
    for place in (cast.green, twin):
        with facility_context(place.pk):
            paper = pdf.draw("Prescription", prescription(many(25)), language="en", size="a5")
        read = PdfReader(BytesIO(paper.data))
        leaves[place.slug] = ["not valid" in leaf.extract_text() for leaf in read.pages]
    assert leaves["green-phc"] == [False] * len(leaves["green-phc"])
    assert leaves[twin.slug] == [True] * len(leaves["green-phc"])
    assert len(leaves[twin.slug]) > 1


def test_help_is_asked_as_the_hospital(cast, twin):
    with facility_context(twin.pk):
        actor = replace(cast.ravi.actor, facility_id=twin.pk)
        ticket = actions.ask_help(id=uuid7(), text="The slip is pale", actor=actor)
    assert (ticket.facility_id, ticket.district_code) == (cast.green.pk, cast.green.district_code)


def test_the_manager_makes_it_and_makes_it_anew(cast, django_capture_on_commit_callbacks):
    manager = cast.manager.client()
    assert "do" in manager.get("/training/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert manager.post("/training/", {"do": "open"}).status_code == 302
    place = queries.training_of(cast.green.pk)
    assert live.address("green-phc-train") in manager.get("/training/").content.decode()
    unsure = manager.post("/training/", {"do": "reset", "made": stamp(place)})
    assert unsure.status_code == 422 and 'role="alert"' in unsure.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        sent = {"do": "reset", "made": stamp(place), "sure": "1"}
        assert manager.post("/training/", sent).status_code == 302
    place.refresh_from_db()
    assert place.status == "active"


def test_a_clerk_sees_the_door_and_no_button(cast, twin):
    ravi = cast.ravi.client()
    text = ravi.get("/training/").content.decode()
    assert live.address("green-phc-train") in text and 'name="do"' not in text
    assert ravi.post("/training/", {"do": "reset"}).status_code == 403
    assert at_twin(cast.manager, twin).post("/training/", {"do": "open"}).status_code == 403
