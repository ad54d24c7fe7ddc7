"""A facility's schema as one SQL script: written from the migrations, replayed for each hospital.

Replaying takes a tenth of the time of migrating, and is one transaction: a schema is there
whole or not at all. `django_migrations` is left out on purpose: a schema's version stands on
its Facility row, where a release can compare 7,835 of them with one query.
"""

import hashlib
import re
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_tenants.utils import schema_context

SCRIPT = Path(__file__).with_name("tenant_schema.sql")
HEADER = "-- Written by `make tenant-sql` from the migrations of the tenant apps. Do not edit.\n"
MIGRATION = re.compile(r"^(-- [a-z_]+\.\d{4}\w*)$", re.MULTILINE)
SET_CONSTRAINTS = re.compile(r'; SET CONSTRAINTS "\w+" IMMEDIATE;$')
TRAINING = "_train"
NAME = re.compile(r"^[a-z][a-z0-9_]{0,40}$")


def write_script() -> str:
    """The SQL of every tenant migration, in order. Public migrations only shape the state."""
    labels = {app.rsplit(".", 1)[-1] for app in settings.TENANT_APPS}
    graph = MigrationLoader(connection).graph
    plan = list(dict.fromkeys(n for leaf in graph.leaf_nodes() for n in graph.forwards_plan(leaf)))
    state = ProjectState()
    lines: list[str] = []
    with schema_context(settings.TENANT_MIGRATION_SCHEMA):  # the router asks where we stand
        for node in plan:
            migration = graph.nodes[node]
            if node[0] not in labels:
                state = migration.mutate_state(state, preserve=False)
                continue
            with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                state = migration.apply(state, editor, collect_sql=True)
            lines += [f"-- {node[0]}.{node[1]}", *editor.collected_sql]
    return HEADER + "\n".join(_plain(line) for line in lines) + "\n"


def _plain(line: str) -> str:
    # Deferred checks cost a trigger queue and do not exist on a Citus cluster.
    line = line.replace(" DEFERRABLE INITIALLY DEFERRED", "")
    # Then nothing is left to be made immediate; and one statement a line, also for Citus.
    return SET_CONSTRAINTS.sub(";", line)


def version() -> str:
    """Names the schema that SCRIPT makes (12 hex of its SHA-256)."""
    return version_of(SCRIPT.read_text("utf-8"))


def version_of(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()[:12]


def news(old: str, script: str) -> list[str]:
    """The migrations in `script` that `old` does not hold, each with its own SQL.

    ValueError when a migration of `old` is gone or says something else now: releases only add.
    """
    before, after = _chunks(old), _chunks(script)
    if changed := [label for label in before if before[label] != after.get(label)]:
        raise ValueError(f"These migrations were changed after their release: {changed}")
    return [f"{label}\n{sql}" for label, sql in after.items() if label not in before]


def _chunks(script: str) -> dict[str, str]:
    """SQL by the comment line that names its migration."""
    parts = MIGRATION.split(script)
    return {label: sql.strip() for label, sql in zip(parts[1::2], parts[2::2], strict=True)}


def statements(script: str | None = None) -> list[str]:
    """The single statements of SCRIPT, or of another script of the same making."""
    script = SCRIPT.read_text("utf-8") if script is None else script
    lines = [line for line in script.splitlines() if not line.startswith("--")]
    text = "\n".join(line for line in lines if line not in {"BEGIN;", "COMMIT;"})
    return [part.strip() for part in text.split(";\n") if part.strip()]


def drop_training(schema_name: str) -> None:
    """Take a training place's schema away; ValueError for the name of anything else."""
    if not NAME.match(schema_name) or not schema_name.endswith(TRAINING):
        raise ValueError(f"{schema_name!r} is no schema of a training place")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")  # somebody's page is still being made
        cursor.execute(f'DROP SCHEMA IF EXISTS "{schema_name}" CASCADE')


@transaction.atomic
def replay(schema_name: str) -> bool:
    """Make the schema; False when it was there already. Safe to repeat, whole or nothing."""
    if not NAME.match(schema_name):
        raise ValueError(f"{schema_name!r} is no schema name")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [schema_name])
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema_name])
        if cursor.fetchone():
            return False
        cursor.execute("SHOW search_path")
        before = cursor.fetchone()[0]
        cursor.execute(f'CREATE SCHEMA "{schema_name}"')
        cursor.execute(f'SET LOCAL search_path = "{schema_name}"')
        for statement in statements():
            cursor.execute(statement)
        cursor.execute(f"SET LOCAL search_path = {before}")
    return True
