"""django-tenants' own `migrate_schemas`, really applying the same release, on a few schemas.

The migration lives in a package made for the moment: its path is that of the app's migrations and
one folder more, so nothing of the code is changed.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings

from apps.core.tenancy import connection

APP, PACKAGE, SAMPLE = "patients", "bhavya_bench_migrations", 5
# As `makemigrations` would write it; the SQL is that of bench_tenants.CHANGE.
MIGRATION = """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("{app}", "{last}")]
    operations = [
        migrations.AddField("patient", "bench", models.IntegerField(null=True)),
        migrations.AddIndex("patient", models.Index(fields=["bench"], name="bench_column")),
        migrations.CreateModel(
            "Bench",
            [
                ("id", models.UUIDField(primary_key=True)),
                ("n", models.IntegerField(null=True)),
            ],
            options={{"db_table": "bench_table"}},
        ),
    ]
"""


def measure_theirs() -> dict[str, Any]:
    """Median seconds a schema: a look with nothing to do, and the release applied."""
    names = [f"f_bench_theirs_{n}" for n in range(SAMPLE)]
    try:
        for name in names:
            _make(name)
        nothing = [_migrate(name) for name in names]
        with _one_more():
            applied = [_migrate(name) for name in names]
        reached = sum(map(_has_table, names))
    finally:
        connection.set_schema_to_public()
        for name in names:
            _drop(name)
    return {
        "theirs_sample": SAMPLE,
        "theirs_applied": reached,
        "theirs_nothing_each_s": round(statistics.median(nothing), 3),
        "theirs_additive_each_s": round(statistics.median(applied), 3),
    }


@contextmanager
def _one_more() -> Iterator[None]:
    """While it lasts the app has one migration more, after its last one."""
    own = Path(str(import_module(f"apps.{APP}.migrations").__file__)).parent
    last = max(path.stem for path in own.glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / PACKAGE
        package.mkdir()
        (package / "__init__.py").write_text(f"__path__ = [{str(own)!r}, {str(package)!r}]\n")
        text = MIGRATION.format(app=APP, last=last)
        (package / "9999_bench.py").write_text(text)
        sys.path.insert(0, folder)
        invalidate_caches()
        try:
            with override_settings(MIGRATION_MODULES={APP: PACKAGE}):
                yield
        finally:
            sys.path.remove(folder)
            for name in [n for n in sys.modules if n.split(".")[0] == PACKAGE]:
                del sys.modules[name]


def _make(name: str) -> None:
    _drop(name)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{name}"')
    _migrate(name)


def _migrate(name: str) -> float:
    connection.set_schema(name)
    start = time.perf_counter()
    call_command("migrate_schemas", tenant=True, schema_name=name, verbosity=0)
    took = time.perf_counter() - start
    connection.set_schema_to_public()
    return took


def _has_table(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{name}.bench_table"])
        return cursor.fetchone()[0] is not None


def _drop(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
