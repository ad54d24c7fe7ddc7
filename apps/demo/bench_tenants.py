"""What many hospitals cost on one server: coming on board, a release, memory, hosts at random.

Makes hospitals of its own (register codes BENCH-…) and takes them away again.
"""

import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.test import Client

from apps.core.tenancy import connection
from apps.facilities import actions, releases, schema, tenants
from apps.facilities.actions import scratch
from apps.facilities.releases import Release

OLD = "b" * 12
PARALLEL, SAMPLE, ASKED = 2, 3, 200
# What issue and aim call an additive release: a column, an index, a table.
SQL = """-- patients.9999_bench
ALTER TABLE patients_patient ADD COLUMN bench integer;
CREATE INDEX bench_column ON patients_patient (bench);
CREATE TABLE bench_table (id uuid PRIMARY KEY, n integer);"""
READS = ("patients_patient", "encounters_encounter", "encounters_queuetoken",
         "prescriptions_prescription", "documents_documentreference")  # fmt: skip


def measure_tenants(facilities: int = 20) -> dict[str, Any]:
    """Seconds and megabytes; nothing is kept."""
    connection.set_schema_to_public()
    made = [scratch.make_scratch(n) for n in range(facilities)]
    try:
        ids = [row.pk for row in made]
        board = _timed(lambda: _all(ids))
        figures = {
            "facilities": facilities,
            "parallel": PARALLEL,
            "provision_s": round(board, 2),
            "provision_each_s": round(board / facilities, 3),
            **_release(ids),
            **_memory(made),
            **_requests(made),
            "dump_of_one_s": _dump(made[0].schema_name),
        }
    finally:
        connection.set_schema_to_public()
        scratch.clear_scratch(made)
    return figures


def _timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _alone(facility_id: UUID) -> None:
    try:
        actions.create_schema(facility_id)
    finally:
        connection.close()


def _all(ids: list[UUID]) -> None:
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        list(pool.map(_alone, ids))


def _one_more_release() -> dict[str, Release]:
    """A chain of one release that leads from OLD to the schema of this code."""
    with tempfile.TemporaryDirectory() as folder:
        releases.write("bench", OLD, schema.version(), [SQL], folder=Path(folder))
        return releases.chain(Path(folder))


def _release(ids: list[UUID]) -> dict[str, Any]:
    """No-op and additive release of ours; per schema, the least that django-tenants' own takes:
    its look at a schema in which there is nothing to do."""
    nothing = _timed(lambda: actions.roll_out(parallel=PARALLEL))
    scratch.set_scratch_back(ids, OLD)
    known = _one_more_release()
    additive = _timed(lambda: actions.roll_out(parallel=PARALLEL, known=known))
    theirs = statistics.median(_migrate_sample())
    each = additive / len(ids)
    return {
        "release_nothing_to_do_s": round(nothing, 3),
        "release_additive_s": round(additive, 2),
        "release_additive_each_s": round(each, 4),
        "release_not_reached": scratch.scratch_behind(ids),
        "migrate_schemas_nothing_each_s": round(theirs, 3),
        "ratio": round(theirs / each, 1),
    }


def _migrate_sample() -> list[float]:
    name, found = "f_bench_theirs", []
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        cursor.execute(f'CREATE SCHEMA "{name}"')

    def migrate() -> None:
        call_command("migrate_schemas", tenant=True, schema_name=name, verbosity=0)

    connection.set_schema(name)
    try:
        migrate()  # all there is: not measured
        for _ in range(SAMPLE):
            connection.set_schema(name)
            found.append(_timed(migrate))
    finally:
        connection.set_schema_to_public()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
    return found


def _memory(made: list[Any]) -> dict[str, Any]:
    """One backend that reads five tables of every hospital: its own memory before and after, from
    /proc; nothing where the database runs on another machine."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/status")
        before = _own_kb(status)
        for row in made:
            for table in READS:
                cursor.execute(f'SELECT * FROM "{row.schema_name}".{table} LIMIT 1')
        after = _own_kb(status)
    if before is None or after is None:
        return {"backend_kb_each": None}
    return {
        "backend_mb_before": round(before / 1024, 1),
        "backend_mb_after": round(after / 1024, 1),
        "backend_kb_each": round((after - before) / len(made)),
    }


def _own_kb(status: Path) -> int | None:
    """Memory that the process shares with nobody; None when it is not on this machine."""
    try:
        found = re.search(r"^RssAnon:\s+(\d+) kB$", status.read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) if found else None


def _requests(made: list[Any]) -> dict[str, Any]:
    """The log-in page in this process, without the web server."""
    tenants.forget()
    client, hosts = Client(), [f"{row.slug}.{settings.PARENT_DOMAIN}" for row in made]

    def ask(host: str) -> float:
        return _timed(lambda: client.get("/accounts/login/", headers={"host": host}))

    ask(hosts[0])  # the program's own first request
    first = [ask(host) for host in hosts[1:]] or [ask(hosts[0])]
    warm = [ask(host) for host in hosts]
    random.seed(7)
    many = _timed(lambda: [ask(random.choice(hosts)) for _ in range(ASKED)])
    one = _timed(lambda: [ask(hosts[0]) for _ in range(ASKED)])
    close_old_connections()
    return {
        "first_request_ms": round(statistics.median(first) * 1000, 1),
        "warm_request_ms": round(statistics.median(warm) * 1000, 1),
        "random_hosts_per_s": round(ASKED / many, 1),
        "one_host_per_s": round(ASKED / one, 1),
        "random_is_slower_by_percent": round(100 * (many / one - 1), 1),
    }


def _dump(schema_name: str) -> float | None:
    """Seconds of pg_dump of one hospital; None where the program is not on the path."""
    tool = shutil.which("pg_dump")
    if tool is None:
        return None
    told = connection.get_connection_params()
    where = ["-h", str(told["host"]), "-p", str(told["port"]), "-U", str(told["user"])]
    start = time.perf_counter()
    done = subprocess.run(
        [tool, *where, "-n", schema_name, "-f", "/dev/null", str(told["dbname"])],
        env={"PGPASSWORD": str(told["password"])}, check=False, capture_output=True, timeout=300,
    )  # fmt: skip
    return round(time.perf_counter() - start, 2) if done.returncode == 0 else None
