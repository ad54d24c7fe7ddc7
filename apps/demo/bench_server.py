"""What the database server itself says of statements, without the queues of a busy machine."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def server_ms(read: Callable[[], Any], *, rounds: int) -> float:
    """Planning and running of every statement of `read`, the best of some rounds, added up."""
    with CaptureQueriesContext(connection) as seen:
        read()
    return round(sum(_best(query["sql"], rounds) for query in seen.captured_queries), 1)


def _best(text: str, rounds: int) -> float:
    told = []
    for _ in range(rounds):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {text}")
            plan = cursor.fetchone()[0][0]
        told.append(float(plan["Planning Time"] + plan["Execution Time"]))
    return min(told)
