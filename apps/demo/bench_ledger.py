"""The incentive's ledger at the size of the headlines: 7,835 registered hospitals and
Rs 37.60 crore, by the rule of 2023 to 2025 (Rs 20 for each record above 100 a month).

`measure_ledger` makes and drops a database; `work` is what runs in it (`bench_hand ledger`).
`BENCH_PART=20`: a twentieth of hospitals and rupees. `BENCH_MONTHS`: over how many months.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from django.db import connection

from apps.core.actor import Actor, Permission
from apps.demo.bench_database import disk_mb, measure_in_own, sql
from apps.demo.bench_server import server_ms
from apps.monitoring.period import month_after
from apps.monitoring.queries.ground import STATE
from apps.reporting import actions, queries

PART, MONTHS = int(os.environ.get("BENCH_PART", "1")), int(os.environ.get("BENCH_MONTHS", "22"))
REGISTERED, EARNING, RUPEES = 7835, 594, 376_000_000
RATE, BASE = 20, 100
FIRST, MOST_MONTHS = date(2023, 4, 1), 22  # whole months of one rule, to January 2025
SMALL = 12  # records a month of a hospital that stays below the base
MAKER = Actor.of_system("bench", Permission.MASTER_EDIT)
KEYS = (
    ("reporting_linkedrecord_pkey", "PRIMARY KEY (id)"),
    ("linked_record_once", "UNIQUE (event_id, hi_type)"),
)
INDEX = "CREATE INDEX linked_record_day ON reporting_linkedrecord (day, facility_id)"

HOSPITALS_SQL = """
INSERT INTO facilities_facility (id, schema_name, register_code, facility_type, name_en, name_hi,
  prefix, slug, district_code, block_code, hfr_id, is_demo, status, progress, failure,
  schema_version, config, created_at)
SELECT md5('ledger' || n)::uuid, 'f_ledger_' || n, 'LEDGER-' || n, 'APHC', 'Hospital ' || n,
       'अस्पताल ' || n, 'L' || n, 'ledger-' || n,
       (SELECT coalesce((array_agg(code ORDER BY code))[1 + n %% greatest(count(*), 1)], '')
          FROM facilities_region WHERE kind = 'district'), '',
       'IN10' || lpad(n::text, 8, '0'), false, 'active', 100, '', '', '{}', now()
  FROM generate_series(1, %(n)s) n
"""
# `n` records of each cell (hospital, month) count: a person five times, on five days apart. Above
# them, what no ledger may pay: the same day at the next hospital, the sixth of a month, nobody.
RECORDS_SQL = """
WITH cell AS (
  SELECT * FROM unnest(%(hospitals)s::int[], %(neighbours)s::int[], %(counts)s::int[])
             AS c (hospital, neighbour, n)
), record AS (
  SELECT c.hospital, 'Prescription' AS hi, j / 5 AS who, (j %% 5) * 5 + (j / 5) %% 5 AS day,
         10 AS at
    FROM cell c, generate_series(0, c.n - 1) j
   UNION ALL
  SELECT c.neighbour, 'DiagnosticReport', j, j %% 5, 11
    FROM cell c, generate_series(0, c.n / 20 - 1) j
   UNION ALL
  SELECT c.hospital, 'OPConsultation', j, 26, 10 FROM cell c, generate_series(0, c.n / 50 - 1) j
   UNION ALL
  SELECT c.hospital, 'Prescription', NULL, 3, 10 FROM cell c, generate_series(1, c.n / 100)
), owned AS (
  SELECT r.*, CASE WHEN r.hi = 'DiagnosticReport' THEN c.hospital ELSE r.hospital END AS of
    FROM record r LEFT JOIN cell c ON r.hi = 'DiagnosticReport' AND c.neighbour = r.hospital
)
INSERT INTO reporting_linkedrecord (id, event_id, kind, hi_type, at, day, visit_day, facility_id,
  subject_id, person_id, kyc, verdict)
SELECT gen_random_uuid(), gen_random_uuid(), 'record', hi, moment, moment::date, moment::date,
       md5('ledger' || hospital)::uuid, gen_random_uuid(),
       CASE WHEN who IS NOT NULL THEN md5(of || '/' || who || '/' || %(month)s)::uuid END, true, ''
  FROM (SELECT *, %(month)s::date + day + make_interval(hours => at) AS moment FROM owned) t
"""


@dataclass(frozen=True, slots=True)
class Load:
    """How many hospitals take part, how many of them earn, and what they earn together."""

    hospitals: int
    earning: int
    rupees: int
    months: int

    @classmethod
    def of(cls, part: int, months: int) -> "Load":
        """A part of the headline; money stays a whole number of paid records."""
        if RUPEES // RATE % part or not 0 < months <= MOST_MONTHS:
            raise ValueError(f"{part} parts of {RUPEES} rupees over {months} months")
        earning = max(2, EARNING // part)
        return cls(max(earning + 2, REGISTERED // part), earning, RUPEES // part, months)

    def month_by_month(self) -> Iterator[tuple[date, list[int]]]:
        """Each month with the number of counting records of each hospital, the earning ones first.
        What is paid adds up to `rupees` exactly, bigger hospitals having more of it."""
        paid = self.rupees // RATE
        weights = [20 + 7 * n % 31 for n in range(self.earning * self.months)]
        whole = sum(weights)
        upto = [paid * passed // whole for passed in accumulate(weights, initial=0)]
        share = [after - before for before, after in pairwise(upto)]
        small, month = [SMALL] * (self.hospitals - self.earning), FIRST
        for n in range(self.months):
            mine = share[n * self.earning : (n + 1) * self.earning]
            yield month, [*(BASE + records for records in mine), *small]
            month = month_after(month)


def measure_ledger() -> dict[str, Any]:
    """Figures of `work`, the disk it took, and how busy the machine was."""
    before = (("load_places",), ("load_dhis_rules",))
    return measure_in_own("ledger", *before, DHIS_SOFTWARE_FROM="2023-01-01")


def work() -> dict[str, Any]:
    """Fill, judge every month, add up the State. In an empty database of its own."""
    load = Load.of(PART, MONTHS)
    start = time.monotonic()
    rows = _fill_fast(load)
    filled = time.monotonic() - start
    judged: list[float] = []
    for month, _ in load.month_by_month():
        begin = time.monotonic()
        actions.judge(month)
        judged.append(time.monotonic() - begin)
        connection.cursor().execute("VACUUM (ANALYZE) reporting_linkedrecord")
    month = FIRST
    begin = time.monotonic()
    actions.judge(month)  # once more, nothing changes: what a night costs
    again = time.monotonic() - begin
    total, spent = state_total(load)
    return {
        "hospitals": load.hospitals, "months": load.months, "records": rows,
        "fill_s": round(filled), "disk_mb": disk_mb(),
        "judge_s_a_month": round(sorted(judged)[len(judged) // 2], 1),
        "judge_again_s": round(again, 1), "rows_a_month": rows // load.months,
        "rupees": int(total), "expected": load.rupees, "difference": int(total) - load.rupees,
        "state_month": spent,
        "state_month_server_ms": server_ms(lambda: queries.ledger(STATE, FIRST), rounds=3),
    }  # fmt: skip


def fill(load: Load) -> int:
    """Hospitals and their records; how many records."""
    sql(HOSPITALS_SQL, n=load.hospitals)
    rows = 0
    for month, counts in load.month_by_month():
        hospitals = list(range(1, len(counts) + 1))
        neighbours = [*hospitals[1:], 1]
        rows += sql(RECORDS_SQL, month=month.isoformat(), hospitals=hospitals,
                    neighbours=neighbours, counts=counts)  # fmt: skip
    return rows


def _fill_fast(load: Load) -> int:
    """The same without keys, which cost a tenth when they are built at the end."""
    for name, _kind in KEYS:
        sql(f"ALTER TABLE reporting_linkedrecord DROP CONSTRAINT {name}")
    sql("DROP INDEX linked_record_day")
    sql("SET synchronous_commit = off")
    sql("SET maintenance_work_mem = '512MB'")
    rows = fill(load)
    for name, kind in KEYS:
        sql(f"ALTER TABLE reporting_linkedrecord ADD CONSTRAINT {name} {kind}")
    sql(INDEX)
    connection.cursor().execute("VACUUM (ANALYZE) reporting_linkedrecord")
    return rows


def state_total(load: Load) -> tuple[Decimal, dict[str, float]]:
    """Rupees of all months as the State's page adds them up; seconds and CPU of one such page."""
    total, clocks, cpu = Decimal(0), [], []
    for month, _ in load.month_by_month():
        begin, burnt = time.monotonic(), time.process_time()
        total += queries.ledger(STATE, month)["rupees"]
        clocks.append(time.monotonic() - begin)
        cpu.append(time.process_time() - burnt)
    middle = len(clocks) // 2
    return total, {"s": round(sorted(clocks)[middle], 2), "cpu_s": round(sorted(cpu)[middle], 2)}
