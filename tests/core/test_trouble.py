"""A full disk and a database that is away are told as what they are, in both languages."""

import errno
import json

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.test import RequestFactory
from django.utils import translation

from apps.core.trouble import AWAY, FULL, trouble_of
from apps.core.views import our_fault


def raised(state):
    """PostgreSQL's own error of that code, as Django hands it on."""
    with (
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
    return caught.value


def answer(error, path="/reg/", language="hi", **more):
    request = RequestFactory().post(path)
    vars(request).update(more)
    with translation.override(language):
        try:
            raise error
        except type(error):
            return our_fault(request)


@pytest.mark.parametrize(
    ("state", "told"),
    [("53100", FULL), ("57P01", AWAY), ("57P03", AWAY), ("08006", AWAY), ("53300", AWAY),
     ("23514", ""), ("42P01", ""), ("57014", "")],
)  # fmt: skip
def test_it_works(db, state, told):
    assert trouble_of(raised(state)) == told


def test_a_server_that_is_not_there_is_away(db):
    nobody = DatabaseWrapper({**connection.settings_dict, "PORT": "1"}, "nobody")
    with pytest.raises(OperationalError) as caught:
        nobody.ensure_connection()
    assert trouble_of(caught.value) == AWAY


def test_a_disk_of_files_is_known_by_its_number_and_through_other_errors():
    full = OSError(errno.ENOSPC, "No space left on device")
    assert trouble_of(full) == FULL
    try:
        try:
            raise full
        except OSError as error:
            raise ValueError("the page") from error
    except ValueError as error:
        assert trouble_of(error) == FULL
    assert trouble_of(OSError(errno.ENOENT, "gone")) == trouble_of(ValueError()) == ""


@pytest.mark.parametrize(
    ("language", "first"), [("hi", "डिस्क भर गई"), ("en", "disk of the server")]
)
def test_the_page_says_it_in_both_languages_with_no_question_to_the_database(
    db, django_assert_num_queries, language, first
):
    error = raised("53100")
    with django_assert_num_queries(0):
        told = answer(error, language=language)
    body = told.content.decode()
    assert told.status_code == 503 and told["Retry-After"] == "30"
    assert "disk of the server is full" in body and "डिस्क भर गई है" in body
    assert body.index(first) == min(body.index("disk of the server"), body.index("डिस्क भर गई"))


def test_a_fragment_and_a_program_get_their_own_form(db):
    piece = answer(raised("53100"), htmx=True)
    assert piece.status_code == 503 and piece["HX-Retarget"] == "#bh-messages"
    assert "<html" not in piece.content.decode()
    told = answer(raised("57P03"), path="/api/v1/visits")
    assert told["Content-Type"] == "application/problem+json"
    assert json.loads(told.content)["code"] == "server.away"


def test_another_fault_is_ours(db):
    assert answer(ValueError("x")).status_code == 500
