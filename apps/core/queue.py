"""Jobs by name. Actions name a job; the job calls one action. Only ids travel."""

import logging
import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from celery import Task, current_app, current_task, shared_task
from django.db import transaction

from apps.core import poison, trace
from apps.core.tenancy import current_facility_id, facility_context, public_context

log = logging.getLogger(__name__)
CONFIRM_S = 3.0
SLOW_S, LEFT_ALONE_S = 2.0, 20.0
_refused: dict[str, float] = {}


class ConfirmedTask(Task):  # type: ignore[type-arg]
    """A job whose sending never waits for ever: a broker that has no majority or no memory left
    takes a message and does not confirm it."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        options.setdefault("confirm_timeout", CONFIRM_S)
        return super().apply_async(*args, **options)


def enqueue(name: str, /, *, after_s: int = 0, **ids: Any) -> None:
    """Run job `name` after commit (and `after_s` seconds), in the current facility. An unknown
    name fails here.

    A broker that is down does not undo the work: the row stays "waiting" and a sweep finds it.
    """
    task = current_app.tasks[name]
    facility_id = current_facility_id()
    where = {"facility_id": str(facility_id)} if facility_id else {}
    kwargs = {**where, **{key: str(value) for key, value in ids.items()}}
    transaction.on_commit(partial(send, task, kwargs, after_s))


def send(task: Any, kwargs: dict[str, str], after_s: int = 0) -> bool:
    """Whether the broker has it. One that was slow to refuse is left alone for a moment: what
    comes meanwhile is the sweep's, and no page waits for each of its jobs in turn."""
    begun = time.monotonic()
    if begun < _refused.get("until", 0.0):
        return False
    later = {"countdown": after_s} if after_s else {}
    try:
        task.apply_async(kwargs=kwargs, **later)
    except (task.OperationalError, TimeoutError):
        log.warning("broker unreachable, left to the sweep: %s", task.name)
        if time.monotonic() - begun > SLOW_S:
            _refused["until"] = time.monotonic() + LEFT_ALONE_S
        return False
    return True


def job(name: str, *, public: bool = False, **options: Any) -> Callable[..., Any]:
    """Declare a Celery job. It enters the facility's schema unless it is `public`."""

    def declare(function: Callable[..., None]) -> Any:
        @wraps(function)
        def run(facility_id: str | None = None, **ids: Any) -> None:
            message = str(current_task.request.id or "") if current_task else ""
            if message and poison.is_poison(message, name):
                return
            with trace.traced(_word()):
                try:
                    _run(function, facility_id if not public else None, ids)
                except Exception as error:
                    log.warning("job failed: %s: %s", name, type(error).__name__)
                    raise
                finally:
                    if message:
                        poison.ended(message)

        declared = shared_task(name=name, base=ConfirmedTask, acks_late=True, **options)
        return declared(run)  # type: ignore[no-untyped-call]

    return declare


def _word() -> str:
    return trace.of_job(current_task.request) if current_task else trace.current()


def _run(function: Callable[..., None], facility_id: str | None, ids: dict[str, Any]) -> None:
    # The former schema comes back for a job that runs at once inside a request or a test.
    with public_context():
        if facility_id is None:
            function(**ids)
            return
        with facility_context(facility_id):
            function(**ids)
