"""A connection that has seen many hospitals is changed for a new one, and nobody notices."""

import pytest
from django.db import connection, transaction

from apps.core import tenancy
from apps.core.tenancy import facility_context
from apps.facilities.models import Facility


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), current_schema()")
        return cursor.fetchone()


@pytest.fixture
def two(bare_db, monkeypatch):
    """Both hospitals, a connection that is full with one, and none left over from before."""
    connection.set_schema_to_public()
    monkeypatch.setattr(tenancy, "MOST_SCHEMAS", 1)
    found = list(Facility.objects.order_by("schema_name").values_list("pk", "schema_name"))
    connection.close()
    yield found
    connection.close()


def visit(facility_id):
    with facility_context(facility_id):
        return backend()


def test_it_works(two):
    (blue, blue_schema), (green, green_schema) = two
    first, again, other = visit(blue), visit(blue), visit(green)
    assert first == again  # the same hospital costs nothing more
    assert first[1] == blue_schema and other[1] == green_schema
    assert other[0] != first[0]
    assert backend()[1] == "public"


def test_a_transaction_keeps_its_connection(two):
    (blue, blue_schema), (green, green_schema) = two
    with transaction.atomic():
        first, other = visit(blue), visit(green)
        assert first[0] == other[0]
        assert (first[1], other[1]) == (blue_schema, green_schema)


def test_a_hospital_inside_another_comes_back_to_the_first(two):
    (blue, blue_schema), (green, green_schema) = two
    with facility_context(blue):
        assert visit(green)[1] == green_schema
        assert backend()[1] == blue_schema


def test_a_page_counts_as_a_visit(two, client):
    (blue, _), (green, _) = two
    hosts = dict(Facility.objects.values_list("pk", "slug"))
    first = visit(blue)
    client.get("/accounts/login/", headers={"host": f"{hosts[green]}.bhavya.localhost"})
    assert backend()[0] != first[0]
