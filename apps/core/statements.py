"""Slow and repeated statements of a request, told to the log without their values."""

import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)
SHOWN = 300
# `IN (%s, %s, %s)` is one shape however many there are; savepoints are numbered.
MANY = re.compile(r"%s(?:, %s)+")
QUIET = ("SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SHOW ")


class Repeated(AssertionError):
    """One page asked the same thing of the database again and again (tests only)."""


class Watch:
    """Counts the shapes of statements; `execute` is Django's execute wrapper."""

    def __init__(self) -> None:
        self.shapes: Counter[str] = Counter()

    def execute(self, run: Callable[..., Any], sql: Any, params: Any, many: bool, told: Any) -> Any:
        begun = time.monotonic()
        try:
            return run(sql, params, many, told)
        finally:
            shape = MANY.sub("%s, …", str(sql))
            if not shape.startswith(QUIET):
                self.shapes[shape] += 1
            ms = round((time.monotonic() - begun) * 1000)
            if ms >= settings.SLOW_QUERY_MS:
                log.warning("slow statement, %s ms: %s", ms, shape[:SHOWN])


@contextmanager
def watched(name: str) -> Iterator[None]:
    """Look at all statements inside; `name` is the route that asks."""
    watch = Watch()
    with connection.execute_wrapper(watch.execute):
        yield
    for shape, n in watch.shapes.items():
        if n >= settings.REPEATED_QUERIES:
            told = f"{name} asked {n} times: {shape[:SHOWN]}"
            log.warning("repeated statement: %s", told)
            if settings.REPEATED_QUERIES_FAIL:
                raise Repeated(told)
