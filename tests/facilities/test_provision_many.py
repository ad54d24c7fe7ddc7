"""Many hospitals from one list: one that is refused holds up no other, and the list may be sent
again."""

import csv
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Permission
from apps.facilities import schema
from apps.facilities.actions import bulk
from apps.facilities.actions.bulk import Wanted
from apps.facilities.models import Domain, Facility, RegisterEntry
from tests.facilities.master import entry


@pytest.fixture
def listed(tmp_path):
    """A list of four: fine, fine with names suggested, no level known, not in the register."""
    for code, kind in (("T1", "PHC"), ("T2", "PHC"), ("T3", "BLOCK")):
        entry(code, facility_type=kind)
    file = tmp_path / "list.csv"
    file.write_text("register_code,slug,prefix\nT1,phc-test,TST\nT2,,\nT3,,\nT9,,\n", "utf-8")
    return file


def run(file, **options):
    out = StringIO()
    try:
        call_command(
            "provision_facilities", str(file), parallel=1, stdout=out, stderr=out, **options
        )
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_it_works(db, listed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        out, error = run(listed)
    assert "2 set up, 0 were on board, 2 refused, 0 failed" in out
    assert "[##############################] 4 of 4" in out
    assert "2 of 4 were not done" in error
    one = Facility.objects.get(register_code="T1")
    two = Facility.objects.get(register_code="T2")
    assert (one.slug, one.status, two.status) == ("phc-test", "active", "active")
    assert one.schema_version == schema.version() and two.slug and two.prefix
    rows = list(csv.DictReader((listed.parent / "list.not-done.csv").open(encoding="utf-8")))
    assert [(row["register_code"], row["outcome"]) for row in rows] == [
        ("T3", "refused"),
        ("T9", "refused"),
    ]
    assert all(row["why"].endswith(".") for row in rows)


def test_it_is_safe_to_send_twice(db, listed, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run(listed)
        before = AuditEvent.objects.count()
        out, _ = run(listed)
    assert "0 set up, 2 were on board, 2 refused, 0 failed" in out
    assert AuditEvent.objects.count() == before


def test_a_dry_run_finds_two_equal_lines_and_writes_nothing(db, listed):
    listed.write_text("register_code,slug,prefix\nT1,same,AAA\nT2,same,BBB\n", "utf-8")
    before = AuditEvent.objects.count()
    out, error = run(listed, dry_run=True)
    assert "1 would be set up, 0 were on board, 1 refused" in out and "1 of 2" in error
    assert not Facility.objects.filter(register_code__startswith="T1").exists()
    assert AuditEvent.objects.count() == before


def test_who_failed_before_is_tried_again(db, listed, monkeypatch):
    listed.write_text("register_code,slug,prefix\nT1,phc-test,TST\n", "utf-8")
    replay = schema.statements
    monkeypatch.setattr(schema, "statements", lambda: [*replay(), "SELECT 1/0"])
    out, _ = run(listed)
    assert "0 set up, 0 were on board, 0 refused, 1 failed" in out
    monkeypatch.undo()
    assert "1 set up" in run(listed)[0]


def test_a_file_that_is_no_list_is_refused(db, tmp_path):
    (tmp_path / "a.csv").write_text("code\nT1\n")
    assert "register_code" in run(tmp_path / "a.csv")[1]
    assert "cannot be read" in run(tmp_path / "none.csv")[1]


def test_without_the_right_nothing_is_set_up(db, listed):
    nobody = Actor.of_system("nobody")
    results = bulk.provision_all([Wanted("T1", "phc-test", "TST")], actor=nobody)
    assert results[0].outcome == "refused" and not Facility.objects.filter(prefix="TST").exists()


def test_several_at_once_get_names_of_their_own(bare_db):
    """Outside of a test's transaction. What is made is taken away."""
    codes = ["T-M1", "T-M2", "T-M3"]
    for code in codes:
        entry(code)  # the same district: all three are suggested the same name
    try:
        actor = Actor.of_system("test", *Permission)
        results = bulk.provision_all([Wanted(code) for code in codes], parallel=3, actor=actor)
        assert [result.outcome for result in results] == ["done"] * 3, results
        assert len({result.slug for result in results}) == 3
    finally:
        made = Facility.objects.filter(register_code__in=codes)
        with transaction.atomic(), connection.cursor() as cursor:
            for name in made.values_list("schema_name", flat=True):
                cursor.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        Domain.objects.filter(tenant__in=made).delete()
        made.delete()
        RegisterEntry.objects.filter(code__in=codes).delete()
