"""The boards of 594 hospitals over 24 months, in a database of its own that is dropped afterwards.

`measure_dashboards` makes and drops the database; `work` is what runs in it (`bench_hand boards`).
"""

import os
import statistics
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.urls import resolve, set_urlconf
from django.utils import timezone

from apps.core.actor import Actor, Level, Permission, Scope
from apps.demo.bench_database import disk_mb, measure_in_own, sql
from apps.demo.bench_server import server_ms
from apps.monitoring import actions, period, queries
from apps.monitoring.period import Period

HOSPITALS, MONTHS = 594, int(os.environ.get("BENCH_MONTHS", "24"))
A_DAY = 52_100_000 // 594 // (24 * 26)  # 5.21 crore tokens over 24 months of working days
ROUNDS = 15
TRAIL = int(os.environ.get("BENCH_EVENTS", "200000"))
EVERY_S = 4.0  # as the schedule counts
PEAK, PEAK_S = 600, int(os.environ.get("BENCH_SECONDS", "40"))
STATE = Actor(scope=Scope.STATE, grants={p: Level.SEE for p in Permission if "dash." in p})

KEYS_OF_DAYS = (
    ("monitoring_facilityday_pkey", "PRIMARY KEY (id)"),
    ("facility_day", "UNIQUE (day, facility_id, event)"),
)

HOSPITAL_SQL = """
INSERT INTO facilities_facility (id, schema_name, register_code, facility_type, name_en, name_hi,
  prefix, slug, district_code, block_code, hfr_id, is_demo, status, progress, failure,
  schema_version, config, created_at)
SELECT gen_random_uuid(), 'f_bench_' || n, code, 'CHC', name_en, name_hi, 'B' || n, 'bench-' || n,
  district_code, block_code, '', true, 'active', 100, '', '', '{}', now()
FROM (SELECT *, row_number() OVER (ORDER BY code) AS n FROM facilities_registerentry
       WHERE facility_type <> 'MCH') r WHERE n <= %(hospitals)s
"""
# As a hospital is set up: what a board does not read must not slow it either.
CONFIG_SQL = """
UPDATE facilities_facility SET config = jsonb_build_object(
  'departments', (SELECT jsonb_agg(jsonb_build_object('code', 'D' || n, 'name_hi', 'विभाग ' || n,
    'name_en', 'Department ' || n, 'letter', chr(64 + n), 'active', true))
    FROM generate_series(1, 6) n),
  'rooms', (SELECT jsonb_agg(jsonb_build_object('code', n::text, 'department', 'D' || n))
    FROM generate_series(1, 6) n),
  'sessions', '[{"code": "1", "starts": "09:00", "ends": "14:00"},
                {"code": "2", "starts": "16:00", "ends": "18:00"}]'::jsonb)
"""
# The last look into each hospital, and 120 medicines of each, two of them out.
NOW_SQL = """
INSERT INTO monitoring_hospitalnow (id, facility_id, at, waiting, longest, seated, posted,
  departments)
SELECT gen_random_uuid(), id, now(), 20, 35, 4, 6, config -> 'departments'
  FROM facilities_facility
"""
STOCK_SQL = """
INSERT INTO supply_stocklevel (id, facility_id, district_code, medication_code, usable, expired,
  weekly_use, updated_at)
SELECT gen_random_uuid(), f.id, f.district_code, 'M' || n,
       CASE WHEN (n + hashtext(f.slug)) %% 60 = 0 THEN 0 ELSE 100 END, 0, 10 * n, now()
  FROM facilities_facility f, generate_series(1, 120) n
"""
# What a hundred tokens leave behind: the shares are round, the rows are as many as real days have.
DAY_SQL = """
INSERT INTO monitoring_facilityday (id, facility_id, day, event, n, last_at, is_demo)
SELECT gen_random_uuid(), f.id, d::date, e.event,
       greatest(1, e.share * %(tokens)s / 100 * (70 + (hashtext(f.slug) & 63)) / 100), d, false
  FROM facilities_facility f,
       generate_series(%(first)s::date, %(last)s::date, interval '1 day') d,
       (VALUES ('encounter.started', 100), ('token.issued', 100), ('encounter.finished', 95),
         ('encounter.started/abha', 55), ('token.issued/scan', 48),
         ('prescription.signed/first', 70),
         ('medication.dispensed/closed', 66), ('medication.dispensed/whole', 55),
         ('report.verified/tests', 25), ('care_context.linked', 40), ('token.called', 190),
         ('wait/000', 6), ('wait/005', 9), ('wait/010', 12), ('wait/015', 14), ('wait/020', 13),
         ('wait/025', 11), ('wait/030', 9), ('wait/035', 7), ('wait/040', 5), ('wait/045', 4),
         ('wait/060', 3), ('wait/090', 2), ('report/0060', 8), ('report/0120', 9),
         ('report/0240', 5), ('report/0480', 3)) e (event, share)
 WHERE extract(isodow FROM d) < 7
"""
TRAIL_SQL = """
INSERT INTO audit_event (id, at, event, facility_id, user_id, system, subject_type, detail)
SELECT gen_random_uuid(), now(), (ARRAY['token.issued', 'token.called', 'encounter.started',
         'encounter.finished', 'prescription.signed', 'medication.dispensed'])[1 + n %% 6],
       f.id, f.id, '', '', '{"wait": 17, "station": "doctor", "whole": true}'
  FROM generate_series(1, %(n)s) n
  JOIN (SELECT id, row_number() OVER () AS k FROM facilities_facility) f
    ON f.k = 1 + n %% %(hospitals)s
"""


def measure_dashboards() -> dict[str, Any]:
    """Figures of `work`, the disk it took, and how busy the machine was."""
    return measure_in_own("boards", ("load_places",), ("load_register",))


def work() -> dict[str, Any]:
    """Fill the days, add up the months, measure. In an empty database of its own."""
    today = timezone.localdate()
    first = today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
    start = time.monotonic()
    sql(HOSPITAL_SQL, hospitals=HOSPITALS)
    for rest in (CONFIG_SQL, NOW_SQL, STOCK_SQL):
        sql(rest)
    for name, _kind in KEYS_OF_DAYS:  # built at the end they cost a tenth
        sql(f"ALTER TABLE monitoring_facilityday DROP CONSTRAINT {name}")
    sql("SET synchronous_commit = off")
    sql("SET maintenance_work_mem = '512MB'")
    rows = sql(DAY_SQL, first=first, last=today, tokens=A_DAY)
    for name, kind in KEYS_OF_DAYS:
        sql(f"ALTER TABLE monitoring_facilityday ADD CONSTRAINT {name} {kind}")
    filled = time.monotonic() - start
    connection.cursor().execute("VACUUM (ANALYZE) monitoring_facilityday")
    start = time.monotonic()
    months = actions.roll_up(_months(first))
    summed = time.monotonic() - start
    start = time.monotonic()
    actions.widen_past(_months(first))
    actions.widen([today])
    widened = time.monotonic() - start
    connection.cursor().execute("VACUUM (ANALYZE) monitoring_placeday")
    found = {
        "rows_of_days": rows, "fill_s": round(filled), "rows_of_months": months,
        "months_s": round(summed, 1), "widen_s": round(widened, 1),
        "widen_today_ms": _widen_today_ms(today), "disk_mb": disk_mb(),
        "pages": _pages(), "page_cpu_ms": _page_cpu(),
    }  # fmt: skip
    return {**found, "rollup": _rollup(), "peak": _peak(), "recount": _recount()}


def _widen_today_ms(today: Any) -> int:
    """What a run pays for the wide rows of the day, all of which are new or differ."""
    sql("UPDATE monitoring_placeday SET figures = '{}' WHERE day = %(day)s", day=today)
    begin = time.perf_counter()
    actions.widen([today])
    return round((time.perf_counter() - begin) * 1000)


def _months(first: Any) -> list[Any]:
    found = [first]
    while len(found) < MONTHS:
        found.append(period.month_after(found[-1]))
    return found


def _pages() -> dict[str, Any]:
    """Milliseconds in the database for each board: all its queries together, median."""
    state = queries.ground(STATE)
    district = queries.ground(STATE, "district", "212")
    cases: dict[str, tuple[Any, Period]] = {
        "State today": (state, period.last_days("today")),
        "district today": (district, period.last_days("today")),
        "State 30 days": (state, period.last_days("30")),
        "State 12 months by district": (state, period.last_year()),
        "district 12 months by block": (district, period.last_year()),
    }
    return {name: _timed(partial(queries.board, *case)) for name, case in cases.items()}


def _timed(read: Callable[[], Any]) -> dict[str, float]:
    """`sql_ms`: as the program waits, the machine's queues included; `server_ms`: planning and
    running as the server itself says, best of the rounds."""
    spent: list[float] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent[-1] += (time.perf_counter() - begin) * 1000

    for _ in range(ROUNDS):
        spent.append(0.0)
        with connection.execute_wrapper(watch):
            read()
    return {
        "sql_ms": round(statistics.median(spent), 1), "best_ms": round(min(spent), 1),
        "server_ms": server_ms(read, rounds=ROUNDS),
    }  # fmt: skip


def _page_cpu() -> dict[str, float]:
    """Our process's CPU for the part of the page that is drawn anew and asked for every ten
    seconds; without log-in, session and frame."""
    set_urlconf("bhavya.urls_public")
    return {
        f"State {words}": _cpu(path)
        for words, path in (("today", "/board/"), ("12 months", "/board/?p=12m"))
    }


def _cpu(path: str) -> float:
    spent = []
    for _ in range(ROUNDS):
        cache.clear()
        request: Any = RequestFactory().get(path)
        request.actor, request.facility, request.htmx = STATE, None, True
        request.LANGUAGE_CODE, request.urlconf = "hi", "bhavya.urls_public"
        request.session, request.META["REMOTE_ADDR"] = {}, "127.0.0.1"
        request.user = type("Officer", (), {"is_authenticated": True, "pk": uuid4()})()
        found = resolve("/board/", urlconf="bhavya.urls_public")
        begin = time.process_time()
        answer = found.func(request)
        spent.append((time.process_time() - begin) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return round(statistics.median(spent), 1)


def _rollup() -> dict[str, Any]:
    """Events a second that one run counts, most of them onto rows that are there already."""
    sql("DELETE FROM monitoring_facilityday WHERE day = %(day)s", day=timezone.localdate())
    actions.count()
    best = 0.0
    for _ in range(3):
        sql(TRAIL_SQL, n=TRAIL, hospitals=HOSPITALS)
        begin = time.monotonic()
        actions.count()
        best = max(best, TRAIL / (time.monotonic() - begin))
    return {"events": TRAIL, "events_a_second": round(best)}


def _peak() -> dict[str, Any]:
    """The Monday peak for a while, counted as often as in production: how old an event
    is when it stands on a board."""
    done, written = threading.Event(), []

    def hand() -> None:
        while not done.is_set():
            begin = time.monotonic()
            sql(TRAIL_SQL, n=PEAK // 10, hospitals=HOSPITALS)
            written.append(time.monotonic())
            time.sleep(max(0.0, 0.1 - (time.monotonic() - begin)))
        connection.close()

    writer = threading.Thread(target=hand)
    ages: list[float] = []
    counted = 0
    writer.start()
    until = time.monotonic() + PEAK_S
    while time.monotonic() < until:
        tick = time.monotonic()
        known = len(written)  # committed before this run began, so this run counts them
        actions.count()
        ages += [time.monotonic() - at for at in written[counted:known]]
        counted = known
        time.sleep(max(0.0, EVERY_S - (time.monotonic() - tick)))
    done.set()
    writer.join()
    actions.count()
    ages.sort()
    return {
        "events_a_second": round(len(written) * (PEAK // 10) / PEAK_S),
        "age_p50_s": round(ages[len(ages) // 2], 2),
        "age_p99_s": round(ages[int(len(ages) * 0.99)], 2),
        "age_max_s": round(ages[-1], 2),
    }


def _recount() -> dict[str, Any]:
    """All that was counted above, anew from the trail: how many figures were wrong."""
    begin = time.monotonic()
    wrong = actions.recount(timezone.localdate(), timezone.localdate())
    return {"figures_wrong": wrong, "seconds": round(time.monotonic() - begin, 1)}
