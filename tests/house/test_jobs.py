"""A job that is named somewhere exists; a job takes ids only."""

import ast
import inspect
from fnmatch import fnmatch

from celery import current_app
from django.conf import settings

from bhavya import queues
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


def test_every_job_stands_in_a_queue_that_workers_listen_to():
    current_app.loader.import_default_modules()
    route = current_app.amqp.router.route
    jobs = [name for name, task in current_app.tasks.items() if task.__module__[:5] == "apps."]
    where = {name: route({}, name)["queue"] for name in jobs}
    assert {queue.name for queue in where.values()} == set(queues.NAMES)
    assert where["documents.render"].name == queues.PAPERS
    assert where["reporting.fill"].name == queues.REPORTS
    assert where["monitoring.count"].name == where["core.heartbeat"].name == queues.PROMPT
    dead = [one for one in queues.ROUTES if not any(fnmatch(name, one) for name in jobs)]
    assert dead == []


def test_on_rabbitmq_every_queue_is_kept_on_several_servers():
    for queue in queues.declared(quorum=True):
        assert queue.queue_arguments == {"x-queue-type": "quorum"}
        assert queue.exchange.type == "topic"  # else a retry would wait in a worker's memory


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
