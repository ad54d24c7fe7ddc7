"""Standing inside one facility's schema. `facility_context` is the only door."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection as _connection
from django_tenants.utils import schema_context, tenant_context

connection: Any = _connection  # django-tenants adds set_tenant, set_schema_to_public, tenant
# PostgreSQL's process keeps the catalogue of every schema it has looked at, and gives none of it
# back. After so many of them a connection is changed for a new one, which keeps that process under
# 150 MB however many hospitals there are (docs/scale.md).
MOST_SCHEMAS = 400


def current_facility() -> Any | None:
    """The Facility whose schema we stand in, or None in public."""
    tenant = connection.tenant
    return tenant if getattr(tenant, "pk", None) else None


def current_facility_id() -> UUID | None:
    facility = current_facility()
    return facility.pk if facility else None


def here() -> UUID:
    """The id of the facility whose schema we stand in; ValueError in public."""
    facility_id = current_facility_id()
    if facility_id is None:
        raise ValueError("this is done inside a facility")
    return facility_id


def in_training() -> bool:
    """Whether we stand in a training place: its patients are invented, nothing leaves it."""
    return getattr(current_facility(), "trains_for", None) is not None


def home_id(facility_id: UUID) -> UUID:
    """The hospital whose postings count in `facility_id`: itself, or for the training place we
    stand in the hospital it trains for. No query."""
    place = current_facility()
    if place is not None and place.pk == facility_id:
        return getattr(place, "trains_for", None) or facility_id
    return facility_id


@contextmanager
def facility_context(facility_id: UUID | str) -> Iterator[Any]:
    """Work inside one facility's schema; the former schema comes back afterwards."""
    # The base manager: the default one leaves out training places, and jobs work there, too.
    facility = apps.get_model(settings.TENANT_MODEL)._base_manager.get(pk=facility_id)
    _change_full_connection(facility.schema_name)
    with tenant_context(facility):
        yield facility


def _change_full_connection(schema_name: str) -> None:
    """Give the connection back when it has seen enough schemas; never inside a transaction."""
    raw = connection.connection
    seen: set[str]
    seen, of = getattr(connection, "schemas_seen", (set(), None))
    if raw is None or of is not raw:
        seen, of = set(), raw
    if len(seen) >= MOST_SCHEMAS and schema_name not in seen and not connection.in_atomic_block:
        connection.close()  # the next question opens another one
        seen, of = set(), None
    seen.add(schema_name)
    connection.schemas_seen = (seen, of)


@contextmanager
def public_context() -> Iterator[None]:
    """Work in public, whatever the work before left behind; the former schema comes back."""
    with schema_context("public"):
        yield


def enter_facility(facility: Any) -> None:
    """Stand in a facility's schema until leave_facility(); for the middleware only."""
    _change_full_connection(facility.schema_name)
    connection.set_tenant(facility)


def leave_facility() -> None:
    """Stand in public, whatever the work before left behind."""
    connection.set_schema_to_public()
