"""A page that asks the same thing for each row fails here, and is told in production; so is a slow
statement. Values are never told."""

import logging

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from apps.core.statements import Repeated, StatementsMiddleware


def asks(times, sql="SELECT %s::int", values=(7,)):
    def page(request):
        with connection.cursor() as cursor:
            for _ in range(times):
                cursor.execute(sql, values)
        return HttpResponse()

    return StatementsMiddleware(page)


def get(page, method="get"):
    request = getattr(RequestFactory(), method)("/x/")
    request.resolver_match = None
    return page(request)


def test_it_works(db, settings):
    assert get(asks(settings.REPEATED_STATEMENTS - 1)).status_code == 200
    with pytest.raises(Repeated, match=r"asked 20 times: SELECT %s::int"):
        get(asks(settings.REPEATED_STATEMENTS))


def test_lists_of_any_length_are_one_shape(db):
    def page(request):
        with connection.cursor() as cursor:
            for n in range(1, 30):
                marks = ", ".join(["%s"] * n)
                cursor.execute(f"SELECT 1 WHERE 1 IN ({marks}, 0)", list(range(n)))
        return HttpResponse()

    with pytest.raises(Repeated):
        get(StatementsMiddleware(page))


def test_a_form_may_write_many_rows_and_production_only_tells(db, settings, caplog):
    assert get(asks(40), "post").status_code == 200
    settings.REPEATED_STATEMENTS_FAIL = False
    with caplog.at_level(logging.WARNING):
        assert get(asks(40)).status_code == 200
    assert "asked 40 times" in caplog.text


def test_a_slow_statement_is_told_without_its_values(db, settings, caplog):
    settings.SLOW_QUERY_MS = 20
    with caplog.at_level(logging.WARNING):
        get(asks(1, "SELECT pg_sleep(0.03), %s", ("Asha Devi",)))
    assert "slow statement" in caplog.text and "pg_sleep" in caplog.text
    assert "Asha" not in caplog.text
