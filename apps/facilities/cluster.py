"""A Citus cluster under the hospitals' schemas: what is prepared, where each lives, how it moves.

Written from Citus' own manual and an earlier trial (docs/scale.md); PostgreSQL alone knows none of
these functions, so each verb asks first what it stands on.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.core.errors import Refused

# Read-mostly lists that every node holds whole. Everything else that is shared stays plain.
REFERENCE = ("terminology_medication", "terminology_code", "terminology_catalogue")
# In the metadata, so that a transaction over a hospital and the trail is two-phase.
MANAGED = ("audit_event",)

LIVES = """
SELECT DISTINCT split_part(table_name::text, '.', 1), nodename, nodeport
  FROM citus_shards WHERE citus_table_type = 'schema' ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Home:
    """`node` is "" for a schema that is not distributed yet: it lives on the coordinator."""

    schema: str
    node: str


def version() -> str:
    """Citus' version, "" on plain PostgreSQL. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'citus'")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def require_cluster() -> None:
    if not version():
        raise Refused("cluster.plain")


def prepare() -> list[str]:
    """Reference and managed tables, and new schemas distributed from now on. What was done; a
    second run does nothing."""
    require_cluster()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name::text FROM citus_tables")
        known = {str(name).rsplit(".", 1)[-1] for (name,) in cursor.fetchall()}
        done = []
        for table in REFERENCE:
            if table not in known:
                cursor.execute("SELECT create_reference_table(%s)", [f"public.{table}"])
                done.append(f"reference table {table}")
        for table in MANAGED:
            if table not in known:
                cursor.execute(
                    "SELECT citus_add_local_table_to_metadata(%s, true)", [f"public.{table}"]
                )
                done.append(f"managed table {table}")
        cursor.execute("SELECT current_database()")
        name = cursor.fetchone()[0]
        cursor.execute("SHOW citus.enable_schema_based_sharding")
        if cursor.fetchone()[0] != "on":
            cursor.execute(f'ALTER DATABASE "{name}" SET citus.enable_schema_based_sharding = on')
            done.append("schemas are distributed from the next connection on")
    return done


def homes(schemas: list[str]) -> list[Home]:
    """Where each hospital's schema lives. 2 queries."""
    require_cluster()
    with connection.cursor() as cursor:
        cursor.execute(LIVES)
        at = {name: f"{node}:{port}" for name, node, port in cursor.fetchall()}
    return [Home(name, at.get(name, "")) for name in schemas]


def move(schema_name: str, node: str) -> str:
    """One schema to a node "host:port"; "distributed", "moved" or "there"."""
    require_cluster()
    host, _, port = node.rpartition(":")
    if not host or not port.isdigit():
        raise Refused("cluster.node", node=node)
    (home,) = homes([schema_name])
    if home.node == node:
        return "there"
    with connection.cursor() as cursor:
        if not home.node:
            cursor.execute("SELECT citus_schema_distribute(%s)", [schema_name])
            if homes([schema_name])[0].node == node:
                return "distributed"
        values: list[Any] = [schema_name, host, int(port)]
        cursor.execute("SELECT citus_schema_move(%s, %s, %s)", values)
    return "moved"
