"""Which linked record counts, in SQL: every record of a month gets one verdict with its reason.

Frozen verdicts (of submitted statements) stand and take their place first: a record that comes
later, or another hospital's statement, never takes money back from one that was submitted.
"""

from apps.facilities.live import IS_NO_TRAINING

# In the order in which they are asked; the first that holds is the reason.
REASONS = ("software", "hfr", "person", "kyc", "same-day", "month-limit")

# A verdict hangs on the records of the same person alone, so those of one hospital's people
# (--OF--) may be judged without the rest of the State.
JUDGE = """
WITH mine AS (
  SELECT r.id, r.facility_id, r.person_id, r.day, r.at, r.statement_id, r.verdict,
         r.hi_type IN ('DiagnosticReport', 'DischargeSummary') AS second,
         CASE WHEN r.statement_id IS NOT NULL THEN r.verdict
              WHEN %(software)s::date IS NULL OR r.day < %(software)s::date THEN 'software'
              WHEN coalesce(f.hfr_id, '') = '' AND NOT coalesce(f.is_demo, false) THEN 'hfr'
              WHEN r.person_id IS NULL THEN 'person'
              WHEN %(kyc_only)s AND NOT r.kyc THEN 'kyc'
              ELSE 'counts' END AS said
    FROM public.reporting_linkedrecord r
    LEFT JOIN public.facilities_facility f ON f.id = r.facility_id
   WHERE r.kind = 'record' AND r.day >= %(first)s AND r.day <= %(last)s --OF--
), daily AS (
  SELECT *, said = 'counts' AND (%(per_day)s::int IS NULL OR row_number() OVER (
           PARTITION BY person_id, day, said = 'counts'
           ORDER BY (statement_id IS NULL),
                    CASE WHEN %(best)s THEN second ELSE false END, at, id) <= %(per_day)s) AS fits
    FROM mine
), monthly AS (
  SELECT *, count(*) FILTER (WHERE fits) OVER (
           PARTITION BY person_id, CASE WHEN %(across)s THEN NULL ELSE facility_id END
           ORDER BY (statement_id IS NULL), day, at, id ROWS UNBOUNDED PRECEDING) AS of_month
    FROM daily
), judged AS (
  SELECT id, CASE
           WHEN said <> 'counts' THEN said
           WHEN NOT fits THEN 'same-day'
           WHEN of_month > %(per_month)s::int THEN 'month-limit'
           ELSE 'counts' END AS verdict, verdict AS before
    FROM monthly
   WHERE statement_id IS NULL
)
UPDATE public.reporting_linkedrecord r SET verdict = j.verdict
  FROM judged j WHERE r.id = j.id AND j.before <> j.verdict AND r.verdict <> j.verdict
"""
OF_PEOPLE = """
     AND (r.facility_id = %(facility)s OR r.person_id IN (
          SELECT o.person_id FROM public.reporting_linkedrecord o
           WHERE o.kind = 'record' AND o.facility_id = %(facility)s
             AND o.day >= %(first)s AND o.day <= %(last)s))
"""
SORTING = "SET LOCAL work_mem = '128MB'"  # a million records of a month are sorted in memory


def judging(*, one_hospital: bool) -> str:
    """All of a month, or what hangs on the people of one hospital."""
    return JUDGE.replace("--OF--", OF_PEOPLE if one_hospital else "")


# Out of the trail: one row a kind of record that was linked, one for each share under a consent.
# A share is a transfer that went well: of the two sides only the asker counts what it `received`.
COLLECT = """
INSERT INTO public.reporting_linkedrecord
  (id, event_id, kind, hi_type, at, day, visit_day, facility_id, subject_id, person_id, kyc,
   verdict)
SELECT gen_random_uuid(), e.id, k.kind, k.hi, e.at, (e.at AT TIME ZONE %(zone)s)::date,
       CASE WHEN e.detail ->> 'visit' ~ '^\\d{4}-\\d{2}-\\d{2}$'
            THEN (e.detail ->> 'visit')::date END,
       e.facility_id, e.subject_id,
       CASE WHEN e.detail ->> 'person' ~ '^[0-9a-f-]{36}$' THEN (e.detail ->> 'person')::uuid END,
       coalesce(e.detail ->> 'kyc', '') = 'true', ''
  FROM public.audit_event e
 CROSS JOIN LATERAL (
    SELECT 'record' AS kind, left(t.hi, 24) AS hi
      FROM jsonb_array_elements_text(
             CASE WHEN jsonb_typeof(e.detail -> 'hi') = 'array' THEN e.detail -> 'hi'
                  ELSE '["unknown"]'::jsonb END) AS t(hi)
     WHERE e.event = 'care_context.linked'
    UNION ALL
    SELECT CASE WHEN e.detail -> 'received' IS NULL THEN 'given' ELSE 'received' END, ''
     WHERE e.event = 'transfer.ended' AND e.detail ->> 'code' = 'sent'
 ) k
 WHERE e.event IN ('care_context.linked', 'transfer.ended')
   AND e.facility_id --REAL-- AND e.facility_id IS NOT NULL
   AND e.subject_id IS NOT NULL AND --WHERE--
ON CONFLICT (event_id, hi_type) DO NOTHING
"""
NEW = "e.xid >= %(low)s::text::xid8 AND e.xid < %(high)s::text::xid8"
OF_DAYS = "e.at >= %(first)s"
EDGE = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


def collecting(where: str) -> str:
    return COLLECT.replace("--REAL--", IS_NO_TRAINING).replace("--WHERE--", where)
