"""What a new hospital's schema costs: our script beside django-tenants' own migrate, same run."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.core.management import call_command

from apps.core.tenancy import connection
from apps.facilities import schema

ROUNDS = 5
NAME = "f_bench"


def measure_provision() -> dict[str, Any]:
    """Median seconds of each way over five rounds, taken in turns, and their ratio.

    Nothing is kept: each round's schema is dropped, outside of the time that is measured.
    """
    ours: list[float] = []
    theirs: list[float] = []
    connection.set_schema_to_public()
    try:
        for _ in range(ROUNDS):
            ours.append(_timed(_replay))
            theirs.append(_timed(_migrate))
    finally:
        _drop()
        connection.set_schema_to_public()
    replay, migrate = statistics.median(ours), statistics.median(theirs)
    return {
        "replay_s": round(replay, 3),
        "migrate_s": round(migrate, 3),
        "ratio": round(migrate / replay, 1),
        "replay_all_s": [round(seconds, 3) for seconds in ours],
        "migrate_all_s": [round(seconds, 3) for seconds in theirs],
        "rounds": ROUNDS,
        "statements": len(schema.statements()),
    }


def _timed(make: Callable[[], None]) -> float:
    _drop()
    start = time.perf_counter()
    make()
    return time.perf_counter() - start


def _replay() -> None:
    schema.replay(NAME)


def _migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{NAME}"')
    connection.set_schema(NAME)
    try:
        call_command("migrate_schemas", tenant=True, schema_name=NAME, verbosity=0)
    finally:
        connection.set_schema_to_public()


def _drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{NAME}" CASCADE')
