"""Several database servers: refused in words on plain PostgreSQL, tried on a cluster if given."""

import os

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.audit.models import AuditEvent
from apps.core.errors import Refused
from apps.facilities import cluster, schema

CITUS = os.environ.get("CITUS_DATABASE_URL", "")
needs_citus = pytest.mark.skipif(
    not CITUS, reason="NOT RUN: no CITUS_DATABASE_URL (Citus is in no package registry)"
)


@pytest.mark.parametrize("words", [["prepare"], ["show"], ["move", "green-phc", "db2:5432"]])
def test_plain_postgresql_is_refused_in_words_and_nothing_is_changed(cast, words):
    connection.set_schema_to_public()
    before = AuditEvent.objects.count()
    with pytest.raises(CommandError, match="plain PostgreSQL, not a Citus cluster"):
        call_command("cluster", *words)
    assert AuditEvent.objects.count() == before
    assert cluster.version() == ""


def test_a_node_without_a_port_is_refused(cast, monkeypatch):
    monkeypatch.setattr(cluster, "version", lambda: "13.2")
    with pytest.raises(Refused) as no:
        cluster.move("f_test_grn", "db2")
    assert no.value.code == "cluster.node"


@needs_citus
def test_a_hospitals_schema_lands_whole_on_one_node_of_a_cluster():
    """On the cluster's own database: the script of a hospital runs, and lives on one node."""
    name = "f_cluster_test"
    with psycopg.connect(CITUS, autocommit=True) as link:
        link.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
        link.execute("SET citus.enable_schema_based_sharding = on")
        link.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        try:
            link.execute(f'CREATE SCHEMA "{name}"')
            link.execute(f'SET search_path = "{name}", public')
            for statement in schema.statements():
                link.execute(statement)
            rows = link.execute(cluster.LIVES).fetchall()
            assert len({row[1:] for row in rows if row[0] == name}) == 1
        finally:
            link.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
