"""The rules that keep a second server possible: schemas that can live on another node."""

import re
from io import StringIO

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from apps.core.fields import SharedForeignKey
from apps.facilities import releases, schema
from tests.house.tree import ROOT, name, sources

GREEN = "f_test_grn"
TENANT = [app.removeprefix("apps.") for app in settings.TENANT_APPS]
SCRIPTS = [schema.SCRIPT, *sorted(releases.FOLDER.glob("*.sql"))]


def ask(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def code():
    """(name, text) of the tenant apps' own sources, comments left out."""
    for path in sources(*(f"apps/{app}" for app in TENANT)):
        yield name(path), re.sub(r"#.*", "", path.read_text("utf-8"))


def found(pattern):
    return [f"{file}: {hit[0]}" for file, text in code() for hit in re.finditer(pattern, text)]


def test_no_identity_no_serial_no_generated_key(db):
    wrong = ask(
        """SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = %s AND (is_identity = 'YES' OR column_default LIKE 'nextval%%')""",
        GREEN,
    )
    assert wrong == []


def test_every_table_has_a_key_of_one_uuid(db):
    keys = ask(
        """SELECT c.relname, array_agg(a.atttypid::regtype::text) FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
        WHERE n.nspname = %s AND c.relkind = 'r' AND c.relname <> 'django_migrations'
        GROUP BY 1""",
        GREEN,
    )
    assert keys and [key for key in keys if key[1] != ["uuid"]] == []


def test_defaults_are_constants(db):
    """A function called for each row may say something else on another node."""
    defaults = ask(
        """SELECT table_name, column_name, column_default FROM information_schema.columns
        WHERE table_schema = %s AND column_default IS NOT NULL""",
        GREEN,
    )
    assert [row for row in defaults if "(" in row[2].split("::")[0]] == []


def test_no_rules_views_or_functions_of_ours(db):
    kinds = ask(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = %s AND c.relkind NOT IN ('r', 'i', 't')""",
        GREEN,
    )
    functions = ask(
        """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = %s""",
        GREEN,
    )
    assert (kinds, functions) == ([], [])


def test_the_scripts_hold_one_plain_statement_a_line():
    for script in SCRIPTS:
        for statement in schema.statements(script.read_text("utf-8")):
            low = statement.lower()
            assert low.count("add constraint") <= 1, statement
            assert "deferrable" not in low, statement
            assert not re.match(r"(create|alter) (trigger|function|rule|sequence)|merge|do ", low)


def test_a_tenant_query_joins_no_shared_table():
    """Shared rows are fetched by id in a second query: half a millisecond against 264."""
    tenant = [model for model in apps.get_models() if model._meta.app_label in TENANT]
    shared = {
        field.name
        for model in tenant
        for field in model._meta.fields
        if isinstance(field, SharedForeignKey)
    }
    own = {f.name for model in tenant for f in model._meta.get_fields() if f.is_relation} - shared
    names = "|".join(sorted(shared - own))
    assert shared
    through = rf"\b({names})__(?!in\b|isnull\b|exact\b)\w+\s*="
    beside = rf"(select_related|prefetch_related)\([^)]*[\"']([a-z_]*__)?({names})[\"']"
    assert found(through) == []
    assert found(beside) == []


def test_no_merge_no_volatile_update_no_name_of_a_constraint():
    assert found(r"\bMERGE INTO\b|session_variable|set_config\(") == []
    assert found(r"\.update\([^)]*\b(Now|Random|RandomUUID)\(") == []
    assert found(r"diag\.constraint_name|update_conflicts|unique_fields") == []


def test_one_more_table_has_a_price(db):
    out = StringIO()
    call_command("tenant_cost", schema=GREEN, stdout=out)
    assert "one more table" in out.getvalue() and "x 7835 hospitals" in out.getvalue()
    assert (ROOT / "docs" / "scale.md").exists()
