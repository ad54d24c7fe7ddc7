"""A real worker on a real broker, killed in the middle of its work."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.core.tenancy import facility_context
from apps.documents import actions, queries
from apps.documents.models import DocumentReference
from bhavya import env
from bhavya.celery import app
from tests.cast import Cast
from tests.documents.conftest import issue, visit_of
from tests.documents.papers import many, prescription

BIG = 100  # medicines: some seconds of drawing, time enough to die in the middle


@pytest.fixture
def broker():
    """The broker of this checkout, with a queue nobody else listens to."""
    queue = f"test-{uuid4().hex[:8]}"
    names = ("task_always_eager", "task_default_queue", "task_routes")
    before = {name: app.conf[name] for name in names}
    _configure(task_always_eager=False, task_default_queue=queue, task_routes={})
    yield queue
    with app.connection_for_write() as link:
        link.default_channel.queue_delete(queue)
    _configure(**before)


def _configure(**values):
    app.conf.update(values)
    vars(app).pop("amqp", None)  # it remembers the queues it was made with


@contextmanager
def worker(queue, media):
    """A Celery worker in a process group of its own, on the tests' database."""
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "bhavya", "worker", "--pool", "prefork", "-c", "1",
         "-Q", queue, "--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "bhavya.settings",
             "DATABASE_URL": url, "MEDIA_ROOT": str(media),
             "SECRET_KEY": settings.SECRET_KEY, "FIELD_KEY": settings.FIELD_KEY,
             "BROKER_URL": settings.CELERY_BROKER_URL, "CACHE_URL": env.secret("CACHE_URL")},
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(true, seconds=25):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def hospital(transactional_db):
    """Green PHC with rows that another process can see; the tables are emptied afterwards."""
    cast, began = Cast(), timezone.now()
    with facility_context(cast.green.pk):
        yield cast
    with connection.cursor() as cursor:
        # Emptying leaves the trail alone. Its owner may give itself back what it gave up.
        cursor.execute("GRANT DELETE ON public.audit_event TO CURRENT_USER")
        cursor.execute("DELETE FROM public.audit_event WHERE at >= %s", [began])
        cursor.execute("REVOKE DELETE ON public.audit_event FROM CURRENT_USER")


def pool_child(process):
    """The process that does the work, below the worker's own."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if children else 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing(hospital, broker, tmp_path):
    visit = visit_of(hospital.ravi.actor)

    def state():
        return queries.rendition(queries.document(paper.pk), "hi-a5")

    def files():
        return [path.name for path in tmp_path.rglob("*") if path.is_file()]

    with worker(broker, tmp_path) as first:
        paper = issue(visit, hospital.dr_rao.actor, content=prescription(many(BIG)))
        wait_for(lambda: state().tries == 1)
        time.sleep(0.3)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert state().status == "waiting"
    assert files() == []

    with worker(broker, tmp_path) as second:
        assert actions.sweep(older_than=timedelta(0)) == 1
        wait_for(lambda: state().tries == 2)
        os.kill(pool_child(second), signal.SIGKILL)  # the broker gives its job back at once
        wait_for(lambda: state().status == "ready")
    assert state().tries == 3
    assert DocumentReference.objects.count() == 1
    assert files() == [f"{paper.pk}.hi-a5.pdf"]
    assert next(tmp_path.rglob("*.pdf")).stat().st_size == state().size
