"""Counting what a hospital's schema weighs in PostgreSQL's catalogue."""

from dataclasses import dataclass, fields

from django.db import connection

from apps.facilities.models import Facility

COUNT = """
WITH here AS (SELECT c.oid, c.relkind, c.relname, c.reltoastrelid FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s),
     toast AS (SELECT t.oid FROM here JOIN pg_class t ON t.oid = here.reltoastrelid
               UNION ALL SELECT i.indexrelid FROM here JOIN pg_index i
               ON i.indrelid = here.reltoastrelid)
SELECT (SELECT count(*) FROM here WHERE relkind = 'r')::float,
       ((SELECT count(*) FROM here) + (SELECT count(*) FROM toast))::float,
       (SELECT count(*) FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM here))::float,
       (SELECT count(*) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM here UNION ALL SELECT oid FROM toast))::float,
       (SELECT count(*) FROM here WHERE relkind = 'r')::float * 8192
       + (SELECT count(*) FROM here WHERE relkind = 'i')::float * 8192
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """`bytes`: a page for each index and the first page of each table, before the first patient."""

    tables: float
    relations: float
    triggers: float
    columns: float
    bytes: float


def any_schema() -> str:
    """Some open hospital's schema, or "". 1 query."""
    found = Facility.objects.filter(status=Facility.Status.ACTIVE).order_by("pk")
    return found.values_list("schema_name", flat=True).first() or ""


def of_schema(name: str) -> tuple[Cost, Cost]:
    """A whole schema, and its average table with its indexes, TOAST and keys. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [name])
        whole = Cost(*cursor.fetchone())
    each = {f.name: getattr(whole, f.name) / (whole.tables or 1) for f in fields(Cost)}
    return whole, Cost(**each)
