"""One word that follows a request into its jobs and their log lines, so that support finds all of
them from the code on the page. Random: it says nothing of anybody."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from celery.signals import before_task_publish

from apps.core.ids import short_code

HEADER = "X-Request-ID"
FORM = re.compile(r"^[A-Za-z0-9-]{8,40}$")
_trace: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """The word of what we are doing now; "" outside of requests and jobs."""
    return _trace.get()


@contextmanager
def traced(word: str = "") -> Iterator[str]:
    """Work under `word`, or under a new one when there is none or it is not of the form."""
    word = word if FORM.match(word) else short_code(12)
    token = _trace.set(word)
    try:
        yield word
    finally:
        _trace.reset(token)


@before_task_publish.connect
def _goes_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and current():
        headers["trace"] = current()


def of_job(request: Any) -> str:
    """The word that came with a job's message; a job called at once stays under its caller's."""
    return str(request.get("trace") or (request.headers or {}).get("trace") or current())


class AddTrace(logging.Filter):
    """Every log line knows its word; Celery's line of a failed job loses the words of the error."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.trace = current() or "-"
        if isinstance(record.args, dict) and "exc" in record.args and record.exc_info:
            error = record.exc_info[1]
            record.args = {**record.args, "exc": type(error).__name__, "traceback": ""}
        return True


class OnLine(logging.Formatter):
    """A line for people. Of an error its kind and places: its text may repeat what was typed."""

    def formatException(self, ei: Any) -> str:
        kind, error, _traceback = ei
        return "\n".join([f"  {place}" for place in _places(error)] + [f"  {kind.__name__}"])


class AsJson(logging.Formatter):
    """One JSON object a line: at, level, logger, trace, message, and the kind of an error with the
    places it passed. The text of an error may repeat what somebody typed, so it stays out."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "trace": getattr(record, "trace", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info and (error := record.exc_info[1]):
            told["error"] = type(error).__name__
            told["where"] = _places(error)
        return json.dumps(told, ensure_ascii=False)


def _places(error: BaseException) -> list[str]:
    found, step = [], error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        found.append(f"{code.co_filename}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return found[-12:]
