"""Eight counters that hand over medicine at the same time, in a hospital of their own.

A scratch facility with medicines x batches lots is made by SQL, and dropped afterwards. Each
worker is a process; half of all dispenses go for the same ten medicines, so that counters meet.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.tenancy import connection, facility_context
from apps.demo.seed import SYSTEM, known_id
from apps.facilities import actions as facilities
from apps.pharmacy import actions, queries

WORKERS = 8
STORE, SLUG = "counter-1", "bench-pharmacy"
RIGHTS = (Permission.RX_DISPENSE, Permission.TOKEN_CALL, Permission.STOCK_MOVE)
FACILITY = known_id("facility", SLUG)
Figures = tuple[float, float, int, str, float]  # wall and CPU ms, SQL, refusal, ended at
LOTS = """
INSERT INTO pharmacy_stockbatch
  (id, medication_code, store, batch_no, expiry, on_hand, unit, source, gtin, blocked)
SELECT gen_random_uuid(), 'B' || m, %s, 'L' || b, current_date + 30 + b, 100, 'tab', '', '', ''
FROM generate_series(1, %s) m, generate_series(1, %s) b
"""
MOVES = """
INSERT INTO pharmacy_stockmovement (id, batch_id, kind, quantity, reason, at)
SELECT gen_random_uuid(), id, 'received', on_hand, '', now() FROM pharmacy_stockbatch
"""
TAKEN = "SELECT -sum(quantity) FROM pharmacy_stockmovement WHERE kind = 'issued'"
PATIENT = """
INSERT INTO patients_patient (id, mrn, name_hi, name_en, name_auto, search_key, sex, birth_date,
  birth_estimated, mobile, guardian_relation, guardian_name, village, block_code, district_code,
  abha_number, abha_address, language, conditions, registered_at)
VALUES (%s, 'BENCH', 'क', 'K', '', 'k', 'male', '1990-01-01', false, '', '', '', '', '', '', '', '',
  'hi', '[]', now())
"""
VISITS = """
INSERT INTO encounters_encounter (id, number, code, kind, status, department, room, started_at,
  draft, draft_version, patient_id)
SELECT gen_random_uuid(), 'B-' || n, 'B' || n, 'OPD', 'finished', 'MED', '', now(), '{}', 0, %s
FROM generate_series(1, %s) n
"""
TOKENS = """
INSERT INTO encounters_queuetoken (id, queue, day, session, number, station, status, source,
  priority, priority_reason, room, waiting_since, times, encounter_id)
SELECT gen_random_uuid(), 'MED', current_date, '1', substr(number, 3)::int, 'pharmacy', 'waiting',
  'walk-in', 0, '', '', now(), '{}', id FROM encounters_encounter
"""
SIGNED = """
INSERT INTO prescriptions_prescription (id, status, signed_at, signed_by_id, encounter_id)
SELECT gen_random_uuid(), 'active', now(), gen_random_uuid(), id FROM encounters_encounter
"""
LINES = """
INSERT INTO prescriptions_medicationrequest (id, position, medication_code, display, display_hi,
  form, dosage, days, quantity, unit, dispensed, note, prescription_id)
SELECT gen_random_uuid(), 1, 'B' || CASE WHEN e.n %% 2 = 0 THEN 1 + e.n %% 10
  ELSE 1 + (e.n * 7919) %% %s END, 'x', '', 'Tablet', '{}', 5, 10, 'tab', 0, '', p.id
FROM prescriptions_prescription p
JOIN (SELECT id, substr(number, 3)::int n FROM encounters_encounter) e ON e.id = p.encounter_id
"""


def measure_pharmacy() -> dict[str, Any]:
    """p50/p95 of the time, CPU ms and SQL of a dispense; what was refused; shelf against ledger.

    BENCH_MEDICINES, BENCH_BATCHES, BENCH_SECONDS and BENCH_A_MINUTE make it smaller.
    """
    medicines, lots = _number("BENCH_MEDICINES", 5000), _number("BENCH_BATCHES", 20)
    seconds, rate = _number("BENCH_SECONDS", 120), _number("BENCH_A_MINUTE", 300)
    wanted = seconds * rate // 60
    _open(medicines, lots)
    try:
        lines = _prescriptions(medicines, wanted)
        shares = [lines[n::WORKERS] for n in range(WORKERS)]
        ours = _crowd(shares, seconds)
        with facility_context(FACILITY):
            figures = {
                "medicines": medicines,
                "lots": medicines * lots,
                "workers": WORKERS,
                **_summary(ours),
                "unbalanced": queries.unbalanced().count(),
                "negative": _ask("SELECT count(*) FROM pharmacy_stockbatch WHERE on_hand < 0"),
                "taken": _ask(TAKEN),
                "handed_over": _ask("SELECT sum(quantity) FROM pharmacy_medicationdispense"),
            }
    finally:
        _close()
    return figures


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(name, usual))


def _ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()[0] if cursor.description else None
    return float(found) if found is not None else None


def _open(medicines: int, lots: int) -> None:
    """A hospital of its own, with full shelves."""
    _close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code FROM facilities_registerentry WHERE active AND facility_type = 'DH' AND "
            "code NOT IN (SELECT register_code FROM facilities_facility) LIMIT 1"
        )
        code = cursor.fetchone()[0]
    facilities.provision(
        code, id=FACILITY, slug=SLUG, prefix="BPH", facility_type="DH", is_demo=True, actor=SYSTEM
    )
    facilities.create_schema(FACILITY)
    with facility_context(FACILITY):
        _ask(LOTS, STORE, medicines, lots)
        _ask(MOVES)
        _ask("ANALYZE pharmacy_stockbatch")


def _prescriptions(medicines: int, wanted: int) -> list[tuple[UUID, UUID]]:
    """(prescription, line) of so many signed prescriptions, one line of ten tablets each."""
    patient = uuid7()
    with facility_context(FACILITY):
        _ask(PATIENT, patient)
        _ask(VISITS, patient, wanted)
        for sql in (TOKENS, SIGNED):
            _ask(sql)
        _ask(LINES, medicines)
        with connection.cursor() as cursor:
            cursor.execute("SELECT prescription_id, id FROM prescriptions_medicationrequest")
            return list(cursor.fetchall())


def _crowd(shares: list[list[tuple[UUID, UUID]]], seconds: int) -> list[Any]:
    """Every counter a process of its own, begun together; their figures in one list."""
    with TemporaryDirectory() as folder:
        running = []
        for n, share in enumerate(shares):
            told = Path(folder, f"{n}.json")
            told.write_text(json.dumps([[str(a), str(b)] for a, b in share]), encoding="ascii")
            words = [
                "bench_hand",
                "counter",
                str(n),
                "--seconds",
                str(seconds),
                "--share",
                str(told),
            ]
            running.append(
                subprocess.Popen(
                    [sys.executable, "manage.py", *words],
                    cwd=settings.BASE_DIR,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        answers = [process.communicate(timeout=seconds + 180)[0] for process in running]
    return [row for answer in answers for row in json.loads(answer)]


def serve(share: str, seconds: int) -> list[Any]:
    """What the process of one counter does with the lines in the file `share`."""
    told = json.loads(Path(share).read_text("ascii"))
    return _work([(UUID(a), UUID(b)) for a, b in told], seconds)


def _work(lines: list[tuple[UUID, UUID]], seconds: int) -> list[Figures]:
    """A dispense at an even pace; (wall ms, CPU ms, statements, refusal, when it ended)."""
    actor = Actor.of_system("bench", *RIGHTS, facility_id=FACILITY)
    figures = []
    with facility_context(FACILITY):
        _dispense(*lines[0], actor)  # warm
        began = time.perf_counter()
        for n, line in enumerate(lines[1:], 1):
            time.sleep(max(began + n * seconds / len(lines) - time.perf_counter(), 0))
            figures.append(_dispense(*line, actor))
    return figures


def _dispense(prescription: UUID, line: UUID, actor: Actor) -> Figures:
    asked = 0

    def counted(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal asked
        asked += "SAVEPOINT" not in sql
        return execute(sql, *rest)

    wall, spent, refusal = time.perf_counter(), time.process_time(), ""
    with connection.execute_wrapper(counted):
        try:
            give = actions.Give(line, Decimal(10))
            actions.hand_over(prescription, id=uuid7(), store=STORE, gives=[give], actor=actor)
        except Refused as no:
            refusal = no.code
    spent_ms = (time.process_time() - spent) * 1000
    return ((time.perf_counter() - wall) * 1000, spent_ms, asked, refusal, time.time())


def _summary(rows: list[Any]) -> dict[str, Any]:
    """`a_minute` from the first beginning to the last end over all counters."""
    walls, cpus = sorted(row[0] for row in rows), [row[1] for row in rows]
    took = max(row[4] for row in rows) - min(row[4] - row[0] / 1000 for row in rows)
    return {
        "dispenses": len(rows),
        "a_minute": round(len(rows) * 60 / took),
        "refused": dict(Counter(row[3] for row in rows if row[3])),
        "wall_ms_p50": round(statistics.median(walls), 1),
        "wall_ms_p95": round(walls[int(len(walls) * 0.95)], 1),
        "cpu_ms_p50": round(statistics.median(cpus), 1),
        "cpu_ms_mean": round(statistics.mean(cpus), 1),
        "sql_most": max(row[2] for row in rows),
        "sql_p50": statistics.median(row[2] for row in rows),
    }


def _close() -> None:
    """Nothing is kept. The audit trail of the run stays: it is append-only."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT schema_name FROM facilities_facility WHERE id = %s", [FACILITY])
        if found := cursor.fetchone():
            cursor.execute(f'DROP SCHEMA IF EXISTS "{found[0]}" CASCADE')
        for table, column in (
            ("supply_stocklevel", "facility_id"),
            ("facilities_domain", "tenant_id"),
            ("facilities_facility", "id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [FACILITY])
