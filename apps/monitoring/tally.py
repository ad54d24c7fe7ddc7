"""The sums over the trail, in SQL: what one row of it counts as.

A wait is no event, so the call carries its minutes and counts in a bucket of five: buckets of many
hospitals add up, a percentile of percentiles would not.
"""

from apps.facilities.live import IS_NO_TRAINING

STEP, MOST = 5, 240  # minutes of one bucket, and of the last one, which is open
WAIT = "wait/"
REPORT, REPORT_EDGES = "report/", (30, 60, 90, 120, 180, 240, 360, 480, 720, 1440)  # minutes

FIGURES = """
SELECT e.facility_id, (e.at AT TIME ZONE %(zone)s)::date AS day, k.event, sum(k.n) AS n,
       max(e.at) FILTER (WHERE e.user_id IS NOT NULL) AS last_at
  FROM public.audit_event e
 CROSS JOIN LATERAL (VALUES
    (e.event::text, 1),
    (CASE WHEN e.event = 'encounter.started' AND e.detail ->> 'abha' = 'true'
          THEN 'encounter.started/abha' END, 1),
    (CASE WHEN e.event = 'token.issued' AND e.detail ->> 'source' = 'scan-and-share'
          THEN 'token.issued/scan' END, 1),
    (CASE WHEN e.event = 'prescription.signed' AND e.detail ->> 'later' IS NULL
          THEN 'prescription.signed/first' END, 1),
    (CASE WHEN e.event = 'medication.dispensed' AND e.detail ->> 'whole' IN ('true', 'false')
          THEN 'medication.dispensed/closed' END, 1),
    (CASE WHEN e.event = 'medication.dispensed' AND e.detail ->> 'whole' = 'true'
          THEN 'medication.dispensed/whole' END, 1),
    (CASE WHEN e.event = 'report.verified' THEN 'report.verified/tests' END,
     CASE WHEN e.detail ->> 'reports' ~ '^[0-9]{1,4}$' THEN (e.detail ->> 'reports')::int
          ELSE 1 END),
    (CASE WHEN e.event = 'report.verified' AND e.detail ->> 'minutes' ~ '^[0-9]{1,6}$'
          THEN 'report/' || lpad((ARRAY[0, 30, 60, 90, 120, 180, 240, 360, 480, 720, 1440])[
               1 + width_bucket((e.detail ->> 'minutes')::int,
                                ARRAY[30, 60, 90, 120, 180, 240, 360, 480, 720, 1440])]::text,
               4, '0') END,
     CASE WHEN e.detail ->> 'reports' ~ '^[0-9]{1,4}$' THEN (e.detail ->> 'reports')::int
          ELSE 1 END),
    (CASE WHEN e.event = 'token.called' AND e.detail ->> 'wait' ~ '^[0-9]{1,5}$'
          THEN 'wait/' || lpad((least((e.detail ->> 'wait')::int, 240) / 5 * 5)::text, 3, '0')
     END, 1)
 ) k (event, n)
 WHERE e.facility_id IS NOT NULL AND e.facility_id --REAL-- AND k.event IS NOT NULL AND --WHERE--
 GROUP BY 1, 2, 3
"""

# How many counters were touched, and of which days.
ADD = """
WITH added AS (
INSERT INTO public.monitoring_facilityday AS f (id, facility_id, day, event, n, last_at, is_demo)
SELECT gen_random_uuid(), facility_id, day, event, n, last_at, false FROM (--FIGURES--) t
 ORDER BY day, facility_id, event
ON CONFLICT (day, facility_id, event) DO UPDATE
   SET n = f.n + EXCLUDED.n, last_at = greatest(f.last_at, EXCLUDED.last_at)
RETURNING f.day
)
SELECT count(*), coalesce(array_agg(DISTINCT day), '{}') FROM added
"""

# Whole days in one row a place. Added up from the counters as they stand, never onto the old row,
# so a row cannot drift; and written only where it differs, so a quiet place costs no write. A move
# to another block changes rows of blocks and districts, so those say nothing about wrong counting.
WIDEN = """
WITH place AS (
  SELECT * FROM unnest(%(ids)s::uuid[], %(districts)s::text[], %(blocks)s::text[])
             AS p (id, district, block)
), sums AS (
  SELECT f.day, k.kind, k.code, f.event, sum(f.n)::bigint AS n, max(f.last_at) AS last_at,
         bool_or(f.is_demo) AS is_demo
    FROM public.monitoring_facilityday f
    JOIN place p ON p.id = f.facility_id
   CROSS JOIN LATERAL (VALUES ('hospital', p.id::text), ('block', nullif(p.block, '')),
                              ('district', p.district), ('state', '')) k (kind, code)
   WHERE f.day = ANY(%(days)s::date[]) AND k.code IS NOT NULL
   GROUP BY 1, 2, 3, 4
), rows AS (
  SELECT day, kind, code,
         coalesce(jsonb_object_agg(event, n) FILTER (WHERE event = ANY(%(keys)s)), '{}') AS figures,
         max(last_at) AS last_at,
         coalesce(bool_or(is_demo) FILTER (WHERE event = ANY(%(keys)s)), false) AS is_demo
    FROM sums GROUP BY 1, 2, 3
), fresh AS (
  SELECT * FROM rows
   UNION ALL
  SELECT d, 'state', '', '{}'::jsonb, NULL, false FROM unnest(%(days)s::date[]) d
   WHERE NOT EXISTS (SELECT 1 FROM rows r WHERE r.kind = 'state' AND r.day = d)
), gone AS (
  DELETE FROM public.monitoring_placeday p
   WHERE p.day = ANY(%(days)s::date[]) AND NOT EXISTS (
         SELECT 1 FROM fresh f WHERE f.day = p.day AND f.kind = p.kind AND f.code = p.code)
  RETURNING p.kind
), written AS (
  INSERT INTO public.monitoring_placeday AS p (id, day, kind, code, figures, last_at, is_demo)
  SELECT gen_random_uuid(), day, kind, code, figures, last_at, is_demo FROM fresh
   ORDER BY day, kind, code
  ON CONFLICT (day, kind, code) DO UPDATE
     SET figures = EXCLUDED.figures, last_at = EXCLUDED.last_at, is_demo = EXCLUDED.is_demo
   WHERE (p.figures, p.last_at, p.is_demo)
         IS DISTINCT FROM (EXCLUDED.figures, EXCLUDED.last_at, EXCLUDED.is_demo)
  RETURNING p.kind
)
SELECT count(*) FILTER (WHERE kind IN ('hospital', 'state'))
  FROM (SELECT kind FROM gone UNION ALL SELECT kind FROM written) t
"""

# Written while the counting ran, and never seen before: finished transactions of this cluster only.
NEW = (
    "e.xid >= %(low)s::text::xid8 AND e.xid < %(high)s::text::xid8 "
    "AND (%(since)s::timestamptz IS NULL OR e.at >= %(since)s)"
)
COUNTED = (
    "(e.xid < %(high)s::text::xid8 OR (%(since)s::timestamptz IS NOT NULL AND e.at < %(since)s))"
)
OF_DAYS = f"e.at >= %(first)s AND e.at < %(last)s AND {COUNTED}"

# The oldest transaction that is still open decides up to when all is counted.
EDGE = """
SELECT pg_snapshot_xmin(s)::text::bigint,
       pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint,
       coalesce((SELECT min(xact_start) FROM pg_stat_activity
                  WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()),
                CASE WHEN pg_snapshot_xmin(s) = pg_snapshot_xmax(s) THEN statement_timestamp() END)
  FROM pg_current_snapshot() s
"""


def adding(where: str) -> str:
    """Add up the rows of the trail that `where` picks."""
    figures = FIGURES.replace("--REAL--", IS_NO_TRAINING).replace("--WHERE--", where)
    return ADD.replace("--FIGURES--", figures)
