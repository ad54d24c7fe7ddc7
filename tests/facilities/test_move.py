"""A hospital leaves one database and comes up in another, whole, alone, and only once."""

import json
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.accounts.models import PractitionerRole, User
from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters.models import Encounter
from apps.facilities import schema
from apps.facilities.models import Domain, Facility, NumberSeries
from apps.facilities.moving import unpack
from apps.facilities.moving.tables import CARRIED, LEFT
from apps.patients import actions as patients
from apps.patients.models import Patient
from apps.persons.models import PersonLink
from tests.cast import Cast

ASHA = {"name_hi": "आशा देवी", "sex": "female", "age": 34, "mobile": "6000000001"}


# A database that is copied may have no session; threads of earlier tests left some.
OTHERS_OUT = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid()"""


def server():
    told = connection.settings_dict
    return psycopg.connect(
        host=told["HOST"], port=told["PORT"], user=told["USER"], password=told["PASSWORD"],
        dbname="postgres", autocommit=True,
    )  # fmt: skip


class Places:
    """Two databases, both copies of the tests' own; `go` changes from one to the other."""

    def __init__(self, name):
        self.names = {"home": f"{name}_home", "away": f"{name}_moved"}

    def make(self, template):
        connection.close()
        with server() as link:
            link.execute(OTHERS_OUT, [template])
            for name in self.names.values():
                link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self):
        connection.close()
        with server() as link:
            for name in self.names.values():
                link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def go(self, place):
        connection.close()
        connection.settings_dict["NAME"] = self.names[place]


@pytest.fixture
def places(bare_db, settings, tmp_path):
    """Green has patients, staff, numbers and a paper at home; away there is only Blue."""
    template = connection.settings_dict["NAME"]
    both = Places(template)
    both.make(template)
    try:
        both.go("home")
        settings.MEDIA_ROOT = tmp_path / "home"
        Facility.objects.update(schema_version=schema.version())
        fill()
        paper = settings.MEDIA_ROOT / "f_test_grn" / "documents" / "a.pdf"
        paper.parent.mkdir(parents=True)
        paper.write_bytes(b"%PDF asha")
        both.go("away")
        forget_green()
        both.go("home")
        yield both
    finally:
        connection.set_schema_to_public()
        connection.settings_dict["NAME"] = template
        both.drop()


def fill():
    cast = Cast()
    with facility_context(cast.green.pk):
        for n in range(3):
            told = {**ASHA, "mobile": f"600000000{n}"}
            patients.register(id=uuid7(), **told, actor=cast.ravi.actor)
        mother = Patient.objects.earliest("pk")
        Patient.objects.exclude(pk=mother.pk).update(mother=mother)  # a key into its own table
        Encounter.objects.create(patient=mother, number="GRN-1", code="CODE", department="MED")


def forget_green():
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA f_test_grn CASCADE")
    Domain.objects.filter(tenant__slug="green-phc").delete()
    Facility.objects.filter(slug="green-phc").delete()


def export(folder):
    out = StringIO()
    call_command("export_facility", "green-phc", str(folder), stdout=out)
    return out.getvalue()


def bring_in(folder, **options):
    out = StringIO()
    call_command("import_facility", str(folder), stdout=out, **options)
    return out.getvalue()


def counts():
    with connection.cursor() as cursor:
        found = {}
        for schema_name in ("f_test_blu", "public"):
            cursor.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = %s"
                " AND table_type = 'BASE TABLE' ORDER BY 1",
                [schema_name],
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT count(*) FROM "{schema_name}"."{table}"')
                found[schema_name, table] = cursor.fetchone()[0]
    return found


def test_it_works(places, tmp_path, settings):
    folder = tmp_path / "green"
    assert "green-phc: " in export(folder) and "1 papers" in export(tmp_path / "again")
    green = Facility.objects.get(slug="green-phc")
    with facility_context(green.pk):
        before = list(Patient.objects.order_by("pk").values())
    assert AuditEvent.objects.filter(event="facility.exported").count() == 2
    places.go("away")
    settings.MEDIA_ROOT = tmp_path / "away"
    untouched = {key: n for key, n in counts().items() if key[0] == "f_test_blu"}
    assert "1 papers" in bring_in(folder)
    here = Facility.objects.get(slug="green-phc")
    assert (here.pk, here.status, here.schema_version) == (green.pk, "active", schema.version())
    with facility_context(here.pk):
        assert list(Patient.objects.order_by("pk").values()) == before
    assert Domain.objects.get(tenant=here).domain.startswith("green-phc.")
    assert NumberSeries.objects.get(facility_id=here.pk, series="mrn").last == 3
    assert PersonLink.objects.filter(facility_id=here.pk).count() == 3
    assert PractitionerRole.objects.get(facility=here).user.username == "ravi"
    ravi = User.objects.get(username="ravi")
    assert ravi.password == "!" and ravi.must_change_password  # log-ins do not travel
    assert AuditEvent.objects.filter(facility_id=here.pk, event="patient.registered").count() == 3
    assert AuditEvent.objects.filter(facility_id=here.pk, event="facility.imported").count() == 1
    assert (tmp_path / "away/f_test_grn/documents/a.pdf").read_bytes() == b"%PDF asha"
    assert {key: n for key, n in counts().items() if key[0] == "f_test_blu"} == untouched
    with pytest.raises(CommandError, match="here already"):
        bring_in(folder)


def test_it_refuses_what_does_not_fit_and_changes_nothing(places, tmp_path, settings):
    folder = tmp_path / "green"
    export(folder)
    with pytest.raises(CommandError, match="nothing is overwritten"):
        export(folder)
    with pytest.raises(CommandError, match="here already"):
        bring_in(folder)
    with pytest.raises(CommandError, match="No hospital nowhere"):
        call_command("export_facility", "nowhere", str(tmp_path / "x"))
    places.go("away")
    before = counts()
    with pytest.raises(CommandError, match="holds no finished copy"):
        bring_in(tmp_path / "nothing")
    with pytest.raises(CommandError, match="nothing to replace"):
        bring_in(folder, replace=True)
    key, settings.FIELD_KEY = settings.FIELD_KEY, "another"
    with pytest.raises(CommandError, match="SECRET_KEY or FIELD_KEY"):
        bring_in(folder)
    settings.FIELD_KEY = key
    change(folder, schema_version="0" * 12)
    with pytest.raises(CommandError, match="to the same release, then copy again"):
        bring_in(folder)
    change(folder, schema_version=schema.version())
    (folder / "tenant" / "patients_patient.copy").write_bytes(b"")
    with pytest.raises(CommandError, match=r"patients_patient\.copy is damaged"):
        bring_in(folder)
    assert counts() == before


def change(folder: Path, **fields):
    file = folder / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))


def test_cut_off_in_the_middle_it_is_run_again(places, tmp_path, settings, monkeypatch):
    folder = tmp_path / "green"
    export(folder)
    places.go("away")
    settings.MEDIA_ROOT = tmp_path / "away"
    before = counts()

    def cut(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(unpack, "_fill_public", cut)
    with pytest.raises(KeyboardInterrupt):
        bring_in(folder)
    assert counts() == before and not Facility.objects.filter(slug="green-phc").exists()
    monkeypatch.undo()
    settings.MEDIA_ROOT = tmp_path / "away"
    bring_in(folder)
    assert Facility.objects.filter(slug="green-phc", status="active").exists()


def test_one_hospital_goes_back_and_the_others_do_not(places, tmp_path):
    """The words for a hospital that lost its data: copy from the restored cluster, --replace."""
    folder = tmp_path / "green"
    export(folder)
    green = Facility.objects.get(slug="green-phc")
    with facility_context(green.pk), transaction.atomic():
        Encounter.objects.all().delete()
        Patient.objects.filter(mother__isnull=False).delete()
    NumberSeries.objects.filter(facility_id=green.pk, series="mrn").update(last=9)
    before = counts()
    bring_in(folder, replace=True)
    with facility_context(green.pk):
        assert Patient.objects.count() == 3
    assert NumberSeries.objects.get(facility_id=green.pk, series="mrn").last == 9  # never back
    changed = {key for key, n in counts().items() if n != before.get(key)}
    assert {table for _, table in changed if not table.startswith("audit_event")} == set()
    with connection.cursor() as cursor:  # nothing was deleted
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'aside_%%f_test_grn'")
        assert cursor.fetchone()[0] == 1


def test_every_shared_table_of_a_hospital_is_carried_or_left_for_a_reason(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema ="
            " 'public' AND (column_name LIKE '%%facility_id' OR column_name = 'tenant_id')"
            " AND table_name NOT LIKE 'audit\\_event\\_%%'"
        )
        found = {name for (name,) in cursor.fetchall()}
    assert found - set(CARRIED) - set(LEFT) == set()
    assert set(CARRIED) & set(LEFT) == set()
    assert all(LEFT.values())
