"""The code of this release on the tables of the release before: what a hospital works with until
its turn in the roll-out comes."""

from decimal import Decimal

import pytest
from django.db import connection

from apps.core.ids import uuid7
from apps.encounters import queries as visits
from apps.facilities import releases, schema
from apps.facilities.actions import roll_out
from apps.facilities.models import Facility
from apps.labs import actions as labs
from apps.labs import queries as results
from apps.pharmacy import queries as pharmacy
from apps.pharmacy.actions import Give
from tests.cast import Cast
from tests.labs.samples import PIN, collected, pathologist, sent
from tests.pharmacy.shelf import give, lot, signed

BEFORE = "f_test_before"


def last_release():
    """The release that leads to the schema of this code."""
    return next(step for step in releases.chain().values() if step.after == schema.version())


def script_before(step):
    """The whole script without the migrations that came with `step`."""
    new = set(schema.MIGRATION.findall(step.sql))
    parts = schema.MIGRATION.split(schema.SCRIPT.read_text("utf-8"))
    kept = zip(parts[1::2], parts[2::2], strict=True)
    return parts[0] + "".join(label + sql for label, sql in kept if label not in new)


@pytest.fixture
def old_green(cast: Cast, monkeypatch):
    """Green PHC has not been rolled out yet; its people find a schema of the release before."""
    step = last_release()
    connection.set_schema_to_public()
    statements = schema.statements(script_before(step))
    monkeypatch.setattr(schema, "statements", lambda script=None: statements)
    schema.replay(BEFORE)
    monkeypatch.undo()
    Facility.objects.filter(pk=cast.green.pk).update(schema_name=BEFORE, schema_version=step.before)
    cast.green.refresh_from_db()
    connection.set_tenant(cast.green)
    return cast


def tables(name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [name])
        return {row[0] for row in cursor.fetchall()}


def test_register_sign_and_dispense_work_on_the_tables_before(old_green):
    prescription, (line,) = signed(old_green)  # registered, measured, called, signed with a PIN
    batch = lot(old_green)
    give(old_green, prescription, Give(line.pk, Decimal(10)))
    assert pharmacy.batch_on_hand(batch.pk) == 90
    visit = visits.visit(prescription.encounter_id)
    assert (visit.status, visit.token.station) == ("finished", "none")
    assert visits.vitals(visit.pk)


def test_the_laboratory_works_on_the_tables_before(old_green):
    visit, (sample,) = collected(old_green, "CBC")
    sent(old_green, sample, HB="9.8", TLC="8.5")
    by = pathologist(old_green).actor
    (report,) = labs.verify(sample.accession, id=uuid7(), pin=PIN, actor=by)
    assert report.status == "final"
    assert results.patient_results(visit.patient_id)[0]["shown_en"] == "9.8"


def test_the_pages_of_the_day_open_on_the_tables_before(old_green):
    cast = old_green
    for member, path in ((cast.ravi, "/reg/"), (cast.rita, "/vitals/"), (cast.dr_rao, "/opd/"),
                         (cast.meena, "/rx/"), (cast.manager, "/board/")):  # fmt: skip
        assert member.client().get(path).status_code == 200, path


def test_its_turn_brings_it_to_the_tables_of_now(old_green):
    connection.set_schema_to_public()
    signed_before = tables(BEFORE)
    Facility.objects.exclude(pk=old_green.green.pk).update(schema_version=schema.version())
    done = roll_out()
    assert (done.upgraded, done.parked) == (1, {})
    assert tables(BEFORE) == tables("f_test_grn") and tables(BEFORE) >= signed_before
