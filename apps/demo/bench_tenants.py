"""What many hospitals cost on one server: coming on board, a release, memory, hosts at random.

Makes hospitals of its own (register codes BENCH-…) and takes them away again; what a run that was
killed left behind goes first. Nothing else may be on the same database meanwhile, for the figures'
sake only.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.core.ids import uuid7
from apps.core.tenancy import connection
from apps.demo import bench_web
from apps.demo.bench_bar import bar
from apps.demo.bench_theirs import measure_theirs
from apps.demo.seed import SYSTEM
from apps.documents import actions as documents
from apps.facilities import actions, releases, schema, tenants
from apps.facilities.actions import scratch
from apps.facilities.releases import Release

OLD = "b" * 12
PARALLEL, ROUNDS, ROUND_S = 2, 3, 8.0
SLOPE_OVER = 200  # hospitals; under core.tenancy.MOST_SCHEMAS
USERNAME = "bench.everywhere"
# What issue and aim call an additive release: a column, an index, a table.
CHANGE = [
    "ALTER TABLE patients_patient ADD COLUMN bench integer;",
    "CREATE INDEX bench_column ON patients_patient (bench);",
    "CREATE TABLE bench_table (id uuid PRIMARY KEY, n integer);",
]
READS = ("patients_patient", "encounters_encounter", "encounters_queuetoken",
         "prescriptions_prescription", "documents_documentreference")  # fmt: skip
MB = 1024 * 1024


def measure_tenants(facilities: int = 20) -> dict[str, Any]:
    """Seconds and megabytes; nothing is kept. Ctrl-C and SIGTERM clear up, too."""
    connection.set_schema_to_public()
    _clear(scratch.left_scratch())
    before = _database_mb()
    sys.stderr.write(f"{facilities} hospitals: about {facilities * 0.95:.0f} MB of disk for now\n")
    made = []
    try:
        told = bar("rows")
        for n in range(facilities):
            made.append(scratch.make_scratch(n))
            told(n + 1, facilities)
        ids = [row.pk for row in made]
        board = _timed(lambda: _all(ids))
        disk = _database_mb() - before
        figures = {
            "facilities": facilities,
            "parallel": PARALLEL,
            "provision_s": round(board, 2),
            "provision_each_s": round(board / facilities, 3),
            "disk_mb": round(disk),
            "disk_each_mb": round(disk / facilities, 2),
            **_release(ids),
            **_memory(made),
            **_requests(made),
            "dump_of_one_s": _dump(made[0].schema_name),
        }
    finally:
        connection.set_schema_to_public()
        _clear(scratch.left_scratch())  # also the one that was being made
    return figures


def _clear(made: list[Any]) -> None:
    scratch.clear_scratch(made, bar("taking away"))
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM public.accounts_practitionerrole WHERE user_id IN "
            "(SELECT id FROM public.accounts_user WHERE username = %s)", [USERNAME])  # fmt: skip
        cursor.execute("DELETE FROM public.accounts_user WHERE username = %s", [USERNAME])


def _database_mb() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return float(cursor.fetchone()[0] / MB)


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
    told = bar("coming on board")
    with ThreadPoolExecutor(max_workers=PARALLEL) as pool:
        for done, _ in enumerate(pool.map(_alone, ids), 1):
            told(done, len(ids))


def _one_more_release() -> dict[str, Release]:
    """A chain of one release that leads from OLD to the schema of this code."""
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(["-- patients.9999_bench", *CHANGE])
        releases.write("bench", OLD, schema.version(), [text], folder=Path(folder))
        return releases.chain(Path(folder))


def _release(ids: list[UUID]) -> dict[str, Any]:
    """No-op and additive release, and theirs with the same change on a few schemas.

    `ratio`: hospital by hospital as each is used, ours two at a time, theirs one at a time;
    `ratio_one_hand`: as if ours, too, had one process only.
    """
    nothing = _timed(lambda: actions.roll_out(parallel=PARALLEL))
    scratch.set_scratch_back(ids, OLD)
    known, told = _one_more_release(), bar("release")
    additive = _timed(lambda: actions.roll_out(parallel=PARALLEL, known=known, told=told))
    theirs = measure_theirs()
    each = additive / len(ids)
    return {
        "release_nothing_to_do_s": round(nothing, 3),
        "release_additive_s": round(additive, 2),
        "release_additive_each_s": round(each, 4),
        "release_not_reached": scratch.scratch_behind(ids),
        **theirs,
        "ratio": round(theirs["theirs_additive_each_s"] / each, 1),
        "ratio_one_hand": round(theirs["theirs_additive_each_s"] / each / PARALLEL, 1),
    }


def _memory(made: list[Any]) -> dict[str, Any]:
    """One backend that reads five tables of every hospital: its own memory before and after, from
    /proc; nothing where the database runs on another machine."""
    connection.close()
    before = _backend_kb()
    with connection.cursor() as cursor:
        for row in made:
            for table in READS:
                cursor.execute(f'SELECT * FROM "{row.schema_name}".{table} LIMIT 1')
    after = _backend_kb()
    connection.close()
    if before is None or after is None:
        return {"backend_kb_each": None}
    return {
        "backend_mb_before": round(before / 1024, 1),
        "backend_mb_after": round(after / 1024, 1),
        "backend_kb_each": round((after - before) / len(made)),
    }


def _backend_kb() -> int | None:
    """Of the backend of this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _own_kb(Path(f"/proc/{cursor.fetchone()[0]}/status"))


def _own_kb(status: Path) -> int | None:
    """Memory that the process shares with nobody; None when it is not on this machine."""
    try:
        found = re.search(r"^RssAnon:\s+(\d+) kB$", status.read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) if found else None


def _requests(made: list[Any]) -> dict[str, Any]:
    """The registration page of somebody who is posted everywhere: tables of the hospital are read.

    First and warm in this process, without the web server; a crowd through the real one.
    """
    session = bench_web.session_of(_everywhere(made))
    try:
        return {**_first_and_warm(made, session), **_crowds(made, session)}
    finally:
        session.delete()
        close_old_connections()


def _everywhere(made: list[Any]) -> Any:
    user = accounts.create_user(
        id=uuid7(), username=USERNAME, name_hi="मापन", name_en="Measuring", mobile="", actor=SYSTEM
    )
    for row in made:
        accounts.post_user(
            user.pk, id=uuid7(), role="REG", facility_id=row.pk, from_date=date(2026, 1, 1),
            actor=SYSTEM,
        )  # fmt: skip
    return user


def _hosts(made: list[Any]) -> list[str]:
    return [f"{row.slug}.{settings.PARENT_DOMAIN}" for row in made]


def _first_and_warm(made: list[Any], session: Any) -> dict[str, Any]:
    tenants.forget()
    client, hosts = Client(), _hosts(made)
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    page = reverse("encounters:registration")

    def asked(host: str) -> float:
        def get() -> None:
            status = client.get(page, headers={"host": host}).status_code
            if status != 200:
                raise RuntimeError(f"{host}{page} answered {status}")

        return _timed(get) * 1000

    asked(hosts[0])  # the program's own first request
    before, slope = _backend_kb(), None
    told, first = bar("first request"), []
    for host in hosts[1:] or hosts:
        first.append(asked(host))
        told(len(first), max(1, len(hosts) - 1))
        if before and len(first) == min(SLOPE_OVER, len(hosts) - 1):  # no new connection so far
            slope = round(((_backend_kb() or before) - before) / len(first))
    warm = [asked(host) for host in hosts]
    after = _backend_kb()
    return {
        "page_backend_kb_each": slope,
        "page_backend_mb_after": round(after / 1024, 1) if after else None,
        "first_request_ms": round(statistics.median(first), 1),
        "warm_request_ms": round(statistics.median(warm), 1),
        **_sweep(),
    }


def _sweep() -> dict[str, Any]:
    """The longest way that a regular job has: a look at each hospital's papers, every 30 s."""
    connection.set_schema_to_public()
    connection.close()
    took = _timed(documents.sweep)
    after = _backend_kb()
    return {
        "sweep_of_papers_s": round(took, 2),
        "sweep_backend_mb_after": round(after / 1024, 1) if after else None,
    }


def _crowds(made: list[Any], session: Any) -> dict[str, Any]:
    """Random hosts and one host in turns, so that a busy minute does not hit one of them alone."""
    hosts, page = _hosts(made), reverse("encounters:registration")
    headers, wrong = bench_web.cookie(session), 0
    many: list[float] = []
    one: list[float] = []
    with bench_web.web_server() as port:
        bench_web.crowd(port, hosts, page, headers, ROUND_S)  # each worker gets to know them
        for _ in range(ROUNDS):
            for found, asked in ((many, hosts), (one, hosts[:1])):
                a_second, bad = bench_web.crowd(port, asked, page, headers, ROUND_S)
                found.append(a_second)
                wrong += bad
    at_random, at_one = statistics.median(many), statistics.median(one)
    return {
        "web_workers": bench_web.WORKERS,
        "random_hosts_per_s": round(at_random, 1),
        "one_host_per_s": round(at_one, 1),
        "random_is_slower_by_percent": round(100 * (1 - at_random / at_one), 1),
        "answers_that_were_no_page": wrong,
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
