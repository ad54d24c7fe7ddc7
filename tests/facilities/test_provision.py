"""Bringing a hospital on board: once, twice, two at once, failing, lost on the way."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.facilities import actions, queries, schema
from apps.facilities.models import Domain, Facility
from tests.cast import Cast
from tests.facilities.master import ADMIN, entry, load_places


def bring(code="T1", **fields):
    wanted = {"id": uuid7(), "slug": "phc-test", "prefix": "TST", "actor": ADMIN, **fields}
    return actions.provision(code, **wanted)


def schemas(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [name])
        return cursor.fetchone()[0]


def test_it_works(db, django_capture_on_commit_callbacks):
    entry()
    with django_capture_on_commit_callbacks(execute=True):
        facility = bring()
        assert facility.status == "provisioning"
        assert schemas("f_phc_test") == 0  # no DDL in a request
    facility.refresh_from_db()
    assert (facility.status, facility.progress) == ("active", 100)
    assert facility.schema_version == schema.version()
    assert Domain.objects.get(tenant=facility).domain == f"phc-test.{settings.PARENT_DOMAIN}"
    config = queries.config(facility)
    assert config.level == "PHC" and config.departments[0].code == "MED"
    events = AuditEvent.objects.filter(facility_id=facility.pk).order_by("at")
    assert [event.event for event in events] == ["facility.provisioned", "facility.activated"]
    with facility_context(facility.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM patients_patient")
        assert cursor.fetchone()[0] == 0


def test_it_is_safe_to_send_twice(db, django_capture_on_commit_callbacks):
    entry()
    same = uuid7()
    with django_capture_on_commit_callbacks(execute=True):
        first, second = bring(id=same), bring(id=same)
    assert first.pk == second.pk
    assert Facility.objects.filter(register_code="T1").count() == 1
    before = AuditEvent.objects.count()
    assert actions.create_schema(first.pk).status == "active"
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize(
    "fields, code",
    [
        ({"code": "NONE"}, "facility.unknown"),
        ({}, "facility.exists"),
        ({"code": "T2"}, "facility.slug_taken"),
        ({"code": "T2", "slug": "phc-two"}, "facility.prefix_taken"),
        ({"code": "T3", "slug": "phc-three", "prefix": "TRI"}, "facility.level_needed"),
    ],
)
def test_it_refuses_what_is_taken_or_unknown(db, fields, code):
    for name, kind in (("T1", "PHC"), ("T2", "PHC"), ("T3", "BLOCK")):
        entry(name, facility_type=kind)
    bring()
    with pytest.raises(Refused) as caught:
        bring(**fields)
    assert caught.value.code == code
    assert caught.value.sentence != code


def test_a_block_hospital_is_named_by_the_level_chosen(db):
    load_places()
    entry(facility_type="BLOCK", district_code="188", block_code="1625")
    facility = bring(facility_type="CHC")
    assert facility.name_en == "Community Health Centre Bhargama"
    assert queries.config(facility).letterhead_hi == "सामुदायिक स्वास्थ्य केंद्र, भरगामा"


def test_a_failure_is_kept_and_can_be_retried(db, monkeypatch, django_capture_on_commit_callbacks):
    entry()
    replay = schema.statements
    monkeypatch.setattr(schema, "statements", lambda: [*replay(), "SELECT 1/0"])
    with django_capture_on_commit_callbacks(execute=True):
        facility = bring()
    facility.refresh_from_db()
    assert facility.status == "failed" and "22012" in facility.failure
    assert schemas("f_phc_test") == 0  # whole or not at all
    assert AuditEvent.objects.filter(event="facility.failed", facility_id=facility.pk).exists()
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        actions.retry(facility.pk, actor=ADMIN)
    facility.refresh_from_db()
    assert (facility.status, facility.failure) == ("active", "")


def test_a_lost_job_is_queued_again(db, django_capture_on_commit_callbacks):
    entry()
    facility = bring()  # nothing runs: as if the worker had died
    assert actions.sweep() == 0  # not stuck yet
    Facility.objects.filter(pk=facility.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.sweep() == 1
    facility.refresh_from_db()
    assert facility.status == "active"


def test_a_clerk_or_another_district_may_not(cast: Cast):
    entry()
    for actor in (cast.ravi.actor, cast.manager.actor, cast.other_admin.actor):
        with pytest.raises(Forbidden):
            bring(actor=actor)
    assert bring(actor=cast.neha.actor).register_code == "T1"


def test_two_workers_at_once_make_one_schema(bare_db):
    """Outside of a test's transaction: two connections meet. What is made is taken away."""
    facility = Facility.objects.create(
        schema_name="f_two_at_once",
        register_code="T-2X",
        facility_type="PHC",
        name_en="Two",
        name_hi="दो",
        prefix="TWO",
        slug="two-at-once",
        district_code="203",
    )
    failed: list[DatabaseError] = []

    def work():
        try:
            actions.create_schema(facility.pk)
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
        facility.refresh_from_db()
        assert failed == []
        assert facility.status == "active"
        assert schemas("f_two_at_once") == 1
        opened = AuditEvent.objects.filter(event="facility.activated", facility_id=facility.pk)
        assert opened.count() == 1
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute('DROP SCHEMA IF EXISTS "f_two_at_once" CASCADE')
        Facility.objects.filter(pk=facility.pk).delete()
