"""Jobs by name. Actions name a job; the job calls one action. Only ids travel."""

import logging
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from celery import current_app, current_task, shared_task
from django.db import transaction

from apps.core import poison
from apps.core.tenancy import current_facility_id, facility_context, public_context

log = logging.getLogger(__name__)


def enqueue(name: str, /, *, after_s: int = 0, **ids: Any) -> None:
    """Run job `name` after commit (and `after_s` seconds), in the current facility. An unknown
    name fails here.

    A broker that is down does not undo the work: the row stays "waiting" and a sweep finds it.
    """
    task = current_app.tasks[name]
    facility_id = current_facility_id()
    where = {"facility_id": str(facility_id)} if facility_id else {}
    kwargs = {**where, **{key: str(value) for key, value in ids.items()}}
    transaction.on_commit(partial(_send, task, kwargs, after_s))


def _send(task: Any, kwargs: dict[str, str], after_s: int) -> None:
    later = {"countdown": after_s} if after_s else {}
    try:
        task.apply_async(kwargs=kwargs, **later)
    except task.OperationalError:
        log.warning("broker unreachable, left to the sweep: %s", task.name)


def job(name: str, *, public: bool = False, **options: Any) -> Callable[..., Any]:
    """Declare a Celery job. It enters the facility's schema unless it is `public`."""

    def declare(function: Callable[..., None]) -> Any:
        @wraps(function)
        def run(facility_id: str | None = None, **ids: Any) -> None:
            message = str(current_task.request.id or "") if current_task else ""
            if message and poison.is_poison(message, name):
                return
            try:
                _run(function, facility_id if not public else None, ids)
            finally:
                if message:
                    poison.ended(message)

        declared = shared_task(name=name, acks_late=True, **options)
        return declared(run)  # type: ignore[no-untyped-call]

    return declare


def _run(function: Callable[..., None], facility_id: str | None, ids: dict[str, Any]) -> None:
    # The former schema comes back for a job that runs at once inside a request or a test.
    with public_context():
        if facility_id is None:
            function(**ids)
            return
        with facility_context(facility_id):
            function(**ids)
