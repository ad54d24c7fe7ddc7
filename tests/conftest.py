"""Two facilities made once per run from the same SQL as a real one; every test is rolled back."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connection
from django.test.utils import setup_databases
from pytest_django.plugin import blocking_manager_key

from apps.facilities import schema, tenants
from tests.cast import Cast, forget_trail, make_facilities


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        # pytest-django makes no database for a run of `bare_db` tests alone.
        if not str(connection.settings_dict["NAME"]).startswith("test_"):
            setup_databases(0, False, aliases={DEFAULT_DB_ALIAS}, keepdb=django_db_keepdb)
        make_facilities(schema.replay)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """A test with real transactions ends with empty tables: bring the two facilities back. Its
    trail stays, as no model of Django's manages that table: take it away."""
    yield
    mark = item.get_closest_marker("django_db")
    if mark is not None and mark.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            make_facilities(schema.replay)
            forget_trail()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: at the end of a run no process waits for another's last journey."""
    items.sort(key=lambda item: not ("e2e" in item.path.parts or "permissions" in item.path.name))


@pytest.fixture(autouse=True)
def _clean_process() -> Iterator[None]:
    """No test sees another's cache, tenant or schema."""
    cache.clear()
    tenants.forget()
    yield
    if connection.connection is not None:
        connection.set_schema_to_public()


@pytest.fixture
def bare_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The test database with no transaction around, for two connections that meet. Nothing is
    emptied afterwards (the two facilities would be gone) but the trail: take away what you made."""
    with django_db_blocker.unblock():
        yield
        connection.set_schema_to_public()
        forget_trail()


@pytest.fixture
def cast(db) -> Iterator[Cast]:
    """The people of the tests, standing in Green PHC's schema."""
    cast = Cast()
    connection.set_tenant(cast.green)
    yield cast
    connection.set_schema_to_public()
