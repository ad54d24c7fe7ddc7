"""The heartbeat that /healthz reads: beat sends it, a worker receives it."""

from typing import Any

from celery.signals import before_task_publish, task_postrun

from apps.core.health import beat, note_depths
from apps.core.queue import job


@job("core.heartbeat", public=True, expires=10)
def heartbeat() -> None:
    beat("worker")


@job("core.note_queues", public=True, expires=14)
def note_queues() -> None:
    note_depths()


@before_task_publish.connect(sender="core.heartbeat")
def _beat_is_alive(**_: Any) -> None:
    beat("beat")


@task_postrun.connect
def _worker_is_alive(**_: Any) -> None:
    # Any finished job proves it: a heartbeat waits its turn behind a morning's papers.
    beat("worker")
