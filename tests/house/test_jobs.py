"""A job that is named somewhere exists; a job takes ids only."""

import ast
import inspect

from celery import current_app
from django.conf import settings

from tests.house.tree import name, sources


def named_jobs():
    for path in sources("apps"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "enqueue"
            if called and isinstance(node.args[0], ast.Constant):
                yield name(path), node.args[0].value


def test_every_named_job_is_registered():
    current_app.loader.import_default_modules()
    assert [(where, job) for where, job in named_jobs() if job not in current_app.tasks] == []


def test_every_scheduled_job_is_registered():
    current_app.loader.import_default_modules()
    planned = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert planned - set(current_app.tasks) == set()


def test_jobs_take_ids_only():
    current_app.loader.import_default_modules()
    ours = {n: t for n, t in current_app.tasks.items() if t.__module__.startswith("apps.")}
    assert ours
    odd = [
        (job, parameter)
        for job, task in ours.items()
        for parameter in inspect.signature(task.run.__wrapped__).parameters
        if not (parameter.endswith("_id") or parameter == "rendition")
    ]
    assert odd == []
