"""A release that is cut off, held up, or meets a schema altered by hand: clear ends, no halves.

These run against real transactions of the test database and take away what they made.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psycopg
import pytest
from django.db import connection

from apps.audit.models import AuditEvent
from apps.facilities import releases, schema
from apps.facilities.actions import release as verbs
from apps.facilities.actions import roll_out
from apps.facilities.models import Facility
from tests.house.tree import ROOT

pytestmark = pytest.mark.drill
OLD = "0" * 12
SCHEMAS = ("f_test_blu", "f_test_grn")
SQL = "-- patients.0099_drill\nCREATE TABLE drill_note (id uuid PRIMARY KEY);\n"
SLOW = SQL + "SELECT pg_sleep(1.5);\nCREATE TABLE drill_end (id uuid PRIMARY KEY);"

# What the killed process runs: `manage.py roll_out` with one release more, on the test database.
PROGRAM = """
import django, sys
from pathlib import Path
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.core.management import call_command
from apps.facilities import releases
known = releases.chain(Path(sys.argv[2]))
releases.chain = lambda folder=None: known
call_command("roll_out")
"""


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def there(table):
    """The hospitals that have this table."""
    rows = ask("SELECT schemaname FROM pg_tables WHERE tablename = %s ORDER BY 1", table)
    return tuple(row[0] for row in rows)


def put(folder, monkeypatch, sql):
    releases.write("drill", OLD, schema.version(), [sql], folder=folder)
    known = releases.chain(folder)
    monkeypatch.setattr(releases, "chain", lambda folder=None: known)


@pytest.fixture
def behind(bare_db):
    """Both hospitals stand before the release; afterwards nothing of it is left."""
    connection.set_schema_to_public()
    Facility.objects.update(schema_version=OLD, failure="")
    yield
    for name in SCHEMAS:
        for table in ("drill_note", "drill_end"):
            ask(f'DROP TABLE IF EXISTS "{name}".{table}')
    Facility.objects.update(schema_version=schema.version(), failure="")


def wait_for(what, seconds=40.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.05)
    return False


def test_kill_9_in_the_middle_leaves_no_half_and_the_next_run_goes_on(
    behind, tmp_path, monkeypatch
):
    put(tmp_path, monkeypatch, SLOW)
    name = connection.settings_dict["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(name), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bhavya.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        one_done = wait_for(lambda: len(there("drill_end")) == 1 or process.poll() is not None)
        assert one_done and process.poll() is None, process.stderr.read()[-800:]
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stderr.close()
    # PostgreSQL notices at the end of the running statement and takes the second one back.
    assert wait_for(lambda: not ask("SELECT 1 FROM pg_stat_activity WHERE query LIKE %s",
                                    "SELECT pg_sleep(1.5)%"))  # fmt: skip
    assert len(there("drill_note")) == 1 == len(there("drill_end"))
    done = roll_out()
    assert (done.current, done.upgraded, done.parked) == (1, 1, {})
    assert there("drill_note") == there("drill_end") == SCHEMAS
    upgraded = AuditEvent.objects.filter(event="facility.upgraded")
    assert len(set(upgraded.values_list("facility_id", flat=True))) == upgraded.count() == 2


def test_a_table_that_is_held_parks_its_hospital_alone(behind, tmp_path, monkeypatch):
    put(tmp_path, monkeypatch, "ALTER TABLE patients_patient ADD COLUMN drill int;")
    monkeypatch.setattr(verbs, "LOCK_TIMEOUT", "200ms")
    address = connection.get_connection_params()
    told = {key: address[key] for key in ("dbname", "user", "password", "host", "port")}
    try:
        with psycopg.connect(**told) as busy:  # somebody reads, and does not end
            busy.execute('SELECT 1 FROM "f_test_grn".patients_patient')
            done = roll_out()
        assert len(done.parked) == 1 and done.upgraded == 1
        green = Facility.objects.get(schema_name="f_test_grn")
        assert "LockNotAvailable" in green.failure or "lock timeout" in green.failure
        assert (green.status, green.schema_version) == ("active", OLD)
        again = roll_out()  # the reader has gone
        assert (again.upgraded, again.parked) == (1, {})
        assert Facility.objects.get(pk=green.pk).failure == ""
    finally:
        for name in SCHEMAS:
            ask(f'ALTER TABLE "{name}".patients_patient DROP COLUMN IF EXISTS drill')


def test_a_schema_altered_by_hand_is_told_and_the_others_go_on(behind, tmp_path, monkeypatch):
    put(tmp_path, monkeypatch, SQL)
    ask('CREATE TABLE "f_test_grn".drill_note (somebody text)')
    done = roll_out()
    assert done.upgraded == 1 and len(done.parked) == 1
    green = Facility.objects.get(schema_name="f_test_grn")
    assert "drill_note" in green.failure and "already exists" in green.failure
    assert ask('SELECT count(*) FROM "f_test_grn".patients_patient') == [(0,)]  # it works on
    ask('DROP TABLE "f_test_grn".drill_note')  # mended by hand, and then
    assert roll_out().upgraded == 1


def test_a_release_that_fails_at_its_end_leaves_nothing_of_its_beginning(
    behind, tmp_path, monkeypatch
):
    put(tmp_path, monkeypatch, SQL + "SELECT 1/0;")
    assert len(roll_out().parked) == 2
    assert there("drill_note") == ()
    known = releases.chain()
    monkeypatch.setattr(releases, "chain", lambda f=None: {OLD: replace(known[OLD], sql=SQL)})
    assert roll_out().upgraded == 2
