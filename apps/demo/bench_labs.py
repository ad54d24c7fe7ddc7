"""A day of an analyser: messages through the listener, which is killed, and so is PostgreSQL."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection
from django.db.utils import InterfaceError

from apps.core.tenancy import facility_context
from apps.demo.seed import known_id
from apps.facilities import analysers
from apps.labs import queries
from apps.labs.link.simulator import Machine, astm

SLUG, RESULTS, EACH = "dh-purnia", 20_000, 10
NAMES = ("WBC", "HGB", "RBC", "HCT", "MCV", "MCH", "MCHC", "PLT", "NEU%", "LYM%")
VALUES = dict(zip(NAMES, zip(("8.4", "12.1", "4.4", "38", "86", "28", "32", "210", "60", "30"),
                             ("10^3/uL", "g/dL", "10^6/uL", "%", "fL", "pg", "g/dL", "10^3/uL",
                              "%", "%"), strict=True), strict=True))  # fmt: skip


def measure_labs() -> dict[str, Any]:
    """2,000 messages of ten values as fast as they are acknowledged, with the listener killed (-9)
    after a third and PostgreSQL after two thirds; then everything acknowledged is looked for.

    Needs the demo. The messages carry numbers that no sample has: they wait, parked, marked BENCH.
    """
    facility_id = known_id("facility", SLUG)
    port = next(a.port for a in analysers.of_facility(facility_id) if a.protocol == "astm")
    run = f"BENCH-{int(time.time())}"
    said = [astm(f"{run}-{n:05d}"[-20:], VALUES, machine=run) for n in range(RESULTS // EACH)]
    start, process = time.perf_counter(), _listener(port)
    cpu, acknowledged, again = 0.0, 0, 0
    machine = Machine(port)
    for n, message in enumerate(said):
        if n == len(said) // 3:
            cpu += _cpu(process.pid)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process = _listener(port)
        if n == 2 * len(said) // 3:
            _kill_postgres()
        while not machine.say(message):  # as an analyser does: the whole message once more
            machine.close()
            machine, again = Machine(port), again + 1
        acknowledged += 1
    seconds = time.perf_counter() - start
    cpu += _cpu(process.pid)
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(20)
    return {
        "results": RESULTS,
        "messages": len(said),
        "acknowledged": acknowledged,
        "sent_again": again,
        "lost": acknowledged - _stored(facility_id, run),
        "seconds": round(seconds, 1),
        "results_a_second": round(RESULTS / seconds),
        "listener_cpu_ms_a_message": round(cpu * 1000 / len(said), 1),
    }


def _listener(port: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "analyser_listener", "--port", str(port)],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert str(port) in process.stdout.readline()
    return process


def _cpu(pid: int) -> float:
    """Seconds of one process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kill_postgres() -> None:
    """kill -9 of one server process: PostgreSQL ends every session and recovers from its log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    connection.close()
    os.kill(pid, signal.SIGKILL)


def _stored(facility_id: Any, run: str) -> int:
    """How many different messages of this run are in the database."""
    for _ in range(60):
        connection.close()
        try:
            with facility_context(facility_id):
                return queries.count_messages(run)
        except (OperationalError, InterfaceError):
            time.sleep(0.5)
    raise RuntimeError("the database did not come back")
