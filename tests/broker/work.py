"""Jobs for the tests of a broker: each leaves its marks in a folder, a line for each start and end.

Workers load this file (`--include`); `python -m tests.broker.work '[["name", {…}, 0], …]'` queues.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()

from celery import current_app

from apps.core.queue import job, send

SLOW_S = 1.5


def mark(some_id, what):
    with (Path(os.environ["MARKS"]) / some_id).open("a") as file:  # appended, so never half
        file.write(f"{what}\n")


@job("tests.quick", public=True)
def quick(some_id):
    mark(some_id, "done")


@job("tests.slow", public=True)
def slow(some_id):
    mark(some_id, "begun")
    time.sleep(SLOW_S)
    mark(some_id, "done")


@job("tests.poison", public=True)
def poison(some_id):
    """Ends its process each time, like a job that eats all memory."""
    mark(some_id, "begun")
    os.kill(os.getpid(), signal.SIGKILL)


def queue_all(asked):
    """What was not taken by the broker is not in the list that comes back."""
    tasks = current_app.tasks
    return [ids for name, ids, after_s in asked if send(tasks[name], ids, after_s)]


if __name__ == "__main__":
    current_app.loader.import_default_modules()
    sys.stdout.write(json.dumps(queue_all(json.loads(sys.argv[1]))))
