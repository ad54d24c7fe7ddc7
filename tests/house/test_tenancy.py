"""A facility's schema: whole, small, its own, and able to leave home."""

import os
import subprocess
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models

from apps.audit.models import AuditEvent
from apps.core.fields import SharedForeignKey
from apps.facilities import releases, schema
from apps.facilities.actions import roll_out
from apps.facilities.models import Facility
from tests.cast import Cast

# Six indexes are of consent and transfer: two keys, two sweeps, two owners. The 21st table holds
# records of other hospitals until their consent ends: they live and die apart from all others. Its
# key is one index; two more of consents find a request by its number and those to ask after.
TABLES, OWN_INDEXES = 21, 49
GREEN = "f_test_grn"


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision,
       numeric_scale, is_nullable, column_default, is_identity
FROM information_schema.columns WHERE table_schema = %s ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT c.relname, k.conname, k.contype, k.condeferrable, k.condeferred,
       replace(pg_get_constraintdef(k.oid), %s || '.', '')
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s ORDER BY 1, 2
"""
INDEXES = """
SELECT tablename, indexname, replace(indexdef, %s || '.', '') FROM pg_indexes
WHERE schemaname = %s ORDER BY 1, 2
"""


def shape(name):
    """Columns, constraints and indexes of one schema, its own name taken out."""
    return {
        "columns": ask(COLUMNS, name),
        "constraints": ask(CONSTRAINTS, name, name),
        "indexes": ask(INDEXES, name, name),
    }


def test_the_script_is_that_of_the_migrations(db):
    call_command("tenant_sql", "--check")


def test_replaying_makes_what_migrating_makes(bare_db):
    """django-tenants' own migrate against our script, compared in PostgreSQL's catalogue."""
    with connection.cursor() as cursor:
        cursor.execute('DROP SCHEMA IF EXISTS "f_migrated" CASCADE; CREATE SCHEMA "f_migrated"')
    try:
        with connection.cursor() as cursor:
            cursor.execute('SET search_path = "f_migrated"')
        connection.set_schema("f_migrated")
        call_command("migrate_schemas", tenant=True, schema_name="f_migrated", verbosity=0)
        migrated, replayed = shape("f_migrated"), shape(GREEN)
        for part in ("columns", "indexes"):
            ours = [row for row in migrated[part] if row[0] != "django_migrations"]
            assert ours == replayed[part]
        # The script's one wish of its own: foreign keys are checked at once (see schema.py).
        ours = [
            (*row[:3], False, False, row[5].replace(" DEFERRABLE INITIALLY DEFERRED", ""))
            for row in migrated["constraints"]
            if row[0] != "django_migrations"
        ]
        assert ours == replayed["constraints"]
    finally:
        connection.set_schema_to_public()
        with connection.cursor() as cursor:
            cursor.execute('DROP SCHEMA IF EXISTS "f_migrated" CASCADE')


def test_foreign_keys_are_checked_at_once_and_stay_inside(db):
    keys = ask(
        """SELECT k.conname, k.condeferrable, target.nspname FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace target
        ON target.oid = t.relnamespace WHERE k.contype = 'f' AND n.nspname = %s""",
        GREEN,
    )
    assert keys
    assert [key for key in keys if key[1] or key[2] != GREEN] == []
    inwards = ask(
        """SELECT k.conname FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
        JOIN pg_namespace target ON target.oid = t.relnamespace
        JOIN pg_namespace n ON n.oid = k.connamespace
        WHERE k.contype = 'f' AND target.nspname = %s AND n.nspname <> %s""",
        GREEN,
        GREEN,
    )
    assert inwards == []


def test_no_sequences_and_no_triggers_of_ours(db):
    kinds = dict(
        ask(
            """SELECT c.relkind::text, count(*) FROM pg_class c JOIN pg_namespace n
            ON n.oid = c.relnamespace WHERE n.nspname = %s GROUP BY 1""",
            GREEN,
        )
    )
    assert "S" not in kinds
    assert kinds["r"] <= TABLES
    triggers = ask(
        """SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND NOT t.tgisinternal""",
        GREEN,
    )
    assert triggers == []


def test_indexes_are_few_and_have_names(db):
    own = ask(
        """SELECT indexname FROM pg_indexes WHERE schemaname = %s AND indexname NOT LIKE %s""",
        GREEN,
        "%\\_pkey",
    )
    assert len(own) <= OWN_INDEXES
    assert [name for (name,) in own if name.endswith("_like")] == []


def tenant_models():
    labels = {app.rsplit(".", 1)[-1] for app in settings.TENANT_APPS}
    return [model for model in apps.get_models() if model._meta.app_label in labels]


def test_tenant_models_keep_the_rules():
    assert tenant_models()
    wrong = []
    for model in tenant_models():
        if model._meta.many_to_many:
            wrong.append(f"{model.__name__}: many to many")
        for field in model._meta.fields:
            outside = (
                isinstance(field, models.ForeignKey)
                and field.related_model not in tenant_models()
                and not isinstance(field, SharedForeignKey)
            )
            if outside:
                wrong.append(f"{model.__name__}.{field.name}: a constraint on public")
            if field.unique and not field.primary_key and isinstance(field, models.CharField):
                wrong.append(f"{model.__name__}.{field.name}: unique text")
        if not isinstance(model._meta.pk, models.UUIDField):
            wrong.append(f"{model.__name__}: its key is no UUID")
    assert wrong == []


def test_tenant_migrations_move_no_data():
    folders = [Path(apps.get_app_config(a.rsplit(".", 1)[-1]).path) for a in settings.TENANT_APPS]
    files = [file for folder in folders for file in (folder / "migrations").glob("0*.py")]
    assert files
    assert [f.name for f in files if "RunPython" in f.read_text("utf-8")] == []


def programs(tool):
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"))
    return str(found[-1]) if found else tool


def shell(tool, *args, feed=None):
    base = connection.settings_dict
    environment = {**os.environ, "PGPASSWORD": base["PASSWORD"]}
    where = ["-h", base["HOST"], "-p", str(base["PORT"]), "-U", base["USER"]]
    done = subprocess.run(
        [programs(tool), *where, *args], input=feed, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_schema_can_leave_home(bare_db, request):
    """Dump one hospital, restore it into an empty database: everything is there, nothing missed."""
    away = f"{connection.settings_dict['NAME']}_away"
    here = shape(GREEN)
    shell("dropdb", "--if-exists", away)
    shell("createdb", away)
    # All that a new home must have before: the index over names is made of this.
    shell("psql", "-q", "-d", away, "-c", "CREATE EXTENSION pg_trgm WITH SCHEMA public")
    request.addfinalizer(lambda: shell("dropdb", "--if-exists", away))
    dump = shell("pg_dump", "-n", GREEN, "--no-owner", connection.settings_dict["NAME"])
    shell("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", away, feed=dump)
    columns = COLUMNS.replace("%s", f"'{GREEN}'")
    count = shell("psql", "-At", "-d", away, "-c", f"SELECT count(*) FROM ({columns.strip()}) c")
    assert int(count) == len(here["columns"])


def test_nobody_sees_another_hospitals_rows(cast: Cast):
    connection.set_tenant(cast.green)
    assert ask("SELECT current_schema()") == [(GREEN,)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE only_green (n int)")
    connection.set_tenant(cast.blue)
    assert ask("SELECT to_regclass('only_green')") == [(None,)]
    connection.set_schema_to_public()
    assert ask("SELECT to_regclass('only_green')") == [(None,)]


# --- releases


@pytest.fixture
def release(tmp_path, monkeypatch, cast: Cast):
    """One release that adds a table, from the version that Green has to the one of the code."""
    connection.set_schema_to_public()
    target = schema.version()
    sql = "-- patients.0002_note\nCREATE TABLE note (id uuid PRIMARY KEY);"
    releases.write("note", "0" * 12, target, [sql], folder=tmp_path)
    known = releases.chain(tmp_path)
    monkeypatch.setattr(releases, "chain", lambda: known)
    Facility.objects.update(schema_version=target)
    Facility.objects.filter(pk=cast.green.pk).update(schema_version="0" * 12)


def test_with_no_release_everybody_is_current(cast: Cast):
    connection.set_schema_to_public()
    Facility.objects.update(schema_version=schema.version())
    out = StringIO()
    call_command("roll_out", stdout=out)
    assert out.getvalue() == "All 2 facilities are current.\n"


def test_a_release_reaches_who_is_behind_and_only_once(release, cast: Cast):
    done = roll_out()
    assert (done.current, done.upgraded, done.parked) == (1, 1, {})
    assert ask("SELECT to_regclass(%s)", f"{GREEN}.note") != [(None,)]
    assert ask("SELECT to_regclass('f_test_blu.note')") == [(None,)]
    again = roll_out()
    assert (again.current, again.upgraded) == (2, 0)


def test_who_cannot_be_upgraded_is_parked(release, cast: Cast):
    Facility.objects.filter(pk=cast.blue.pk).update(schema_version="f" * 12)
    with pytest.raises(CommandError, match="parked"):
        call_command("roll_out", stdout=StringIO())
    cast.green.refresh_from_db()
    assert cast.green.schema_version == schema.version()
    cast.blue.refresh_from_db()
    assert "no release leads" in cast.blue.failure  # kept where `doctor` finds it
    roll_out()
    parked = AuditEvent.objects.filter(event="facility.parked", facility_id=cast.blue.pk)
    assert parked.count() == 1  # told once, however often it is tried


def test_a_table_in_use_parks_its_hospital_and_the_next_run_goes_on(
    release, cast: Cast, monkeypatch
):
    """What a lock that does not come within its time-out leaves behind, and its end."""
    known = releases.chain()
    broken = replace(known["0" * 12], sql="DO $$ BEGIN RAISE lock_not_available; END $$;")
    monkeypatch.setattr(releases, "chain", lambda: {"0" * 12: broken})
    done = roll_out()
    assert list(done.parked) == [str(cast.green.pk)] and done.current == 1
    cast.green.refresh_from_db()
    assert cast.green.failure and cast.green.status == "active"  # it works on as it was
    monkeypatch.setattr(releases, "chain", lambda: known)
    assert roll_out().upgraded == 1
    cast.green.refresh_from_db()
    assert (cast.green.failure, cast.green.schema_version) == ("", schema.version())


def test_nothing_to_do_is_one_query(cast: Cast, django_assert_num_queries):
    connection.set_schema_to_public()
    Facility.objects.update(schema_version=schema.version())
    with django_assert_num_queries(1):
        assert roll_out(parallel=4).current == 2


def test_a_release_holds_what_the_script_did_not(tmp_path):
    old = "head\n-- patients.0001_initial\nCREATE TABLE a ();\n"
    new = old + "-- patients.0002_more\nALTER TABLE a ADD b int;\n"
    assert schema.news(old, new) == ["-- patients.0002_more\nALTER TABLE a ADD b int;"]
    with pytest.raises(ValueError, match="changed after their release"):
        schema.news(old, new.replace("TABLE a ()", "TABLE a (c int)"))


def test_a_schema_name_is_never_sql(db):
    with pytest.raises(ValueError, match="no schema name"):
        schema.replay('x"; DROP SCHEMA public; --')
