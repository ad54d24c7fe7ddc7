"""Slow and repeated statements of a request, told to the log without their values."""

import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from apps.core.http import Request

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

    def tell(self, route: str, *, fail: bool) -> None:
        """What `route` asked too often."""
        for shape, n in self.shapes.items():
            if n >= settings.REPEATED_STATEMENTS:
                told = f"{route} asked {n} times: {shape[:SHOWN]}"
                log.warning("repeated statement: %s", told)
                if fail:
                    raise Repeated(told)


class StatementsMiddleware:
    """Looks at what each request asks of the database. In tests a page that asks the same thing for
    each row of a list fails; a form may write many rows."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        watch = Watch()
        with connection.execute_wrapper(watch.execute):
            response = self.get_response(request)
        match = request.resolver_match
        route = match.view_name if match else "-"
        fail = settings.REPEATED_STATEMENTS_FAIL and request.method == "GET"
        watch.tell(route, fail=fail)
        return response
