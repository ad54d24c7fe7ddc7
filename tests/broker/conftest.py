"""A RabbitMQ of the test's own, real workers on it, and a way to queue from outside."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from kombu import Connection

from bhavya import env, queues
from bhavya.local import places, ports, rabbit

NAMES = ("port", "inner_port", "mapper_port")


@pytest.fixture(scope="module")
def mq():
    """A running node; the tests are told as skipped where Debian's package is missing."""
    if os.environ.get("RABBITMQ", "0") in {"", "0"} or not rabbit.is_there():
        pytest.skip("not run: three minutes of RabbitMQ, by `RABBITMQ=1 make test`")
    with TemporaryDirectory(prefix="bhavya-rabbit-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        chosen: dict[str, int] = {}
        for part in NAMES:
            chosen[part] = ports.private(name + part, frozenset(chosen.values()))
        node = rabbit.Rabbit(folder / "node", places.server_user(folder / "node"), **chosen)
        try:
            node.start()
            yield node
        finally:
            node.stop()


class Site:
    """Programs on one broker: what they left in the folder of marks says what was done."""

    def __init__(self, node, folder):
        self.node, self.marks = node, folder

    def environment(self):
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "bhavya.settings",
            "BROKER_URL": self.node.url,
            "DATABASE_URL": env.secret("DATABASE_URL"),
            "CACHE_URL": env.secret("CACHE_URL"),
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_KEY": settings.FIELD_KEY,
            "MARKS": str(self.marks),
        }

    def queue(self, name, ids, after_s=0):
        """Ids that the broker confirmed."""
        asked = [[f"tests.{name}", {"some_id": one}, after_s] for one in ids]
        done = subprocess.run(
            [sys.executable, "-m", "tests.broker.work", json.dumps(asked)],
            cwd=settings.BASE_DIR,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr[-1500:]
        return [row["some_id"] for row in json.loads(done.stdout)]

    def told(self, some_id):
        file = self.marks / some_id
        return file.read_text().split() if file.exists() else []

    def done(self, ids):
        return all("done" in self.told(one) for one in ids)

    def depth(self, queue=queues.PROMPT):
        with Connection(self.node.url) as link:
            return link.default_channel.queue_declare(queue=queue, passive=True).message_count

    @contextmanager
    def worker(self, processes=2):
        log = (self.marks.parent / "worker.log").open("ab")
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "bhavya", "worker", "-c", str(processes),
             "--include", "tests.broker.work", "--without-gossip", "--without-mingle",
             "-l", "WARNING"],
            cwd=settings.BASE_DIR, env=self.environment(), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            log.close()

    def wait(self, true, seconds=60):
        until = time.monotonic() + seconds
        while not true():
            log = self.marks.parent / "worker.log"
            assert time.monotonic() < until, log.read_text()[-2000:] if log.exists() else "no log"
            time.sleep(0.05)


@pytest.fixture
def site(mq, tmp_path):
    """Empty queues, an empty folder of marks."""
    (tmp_path / "marks").mkdir()
    with Connection(mq.url) as link:
        for queue in queues.declared(quorum=True):
            bound = queue(link.default_channel)
            bound.declare()
            bound.purge()
    return Site(mq, tmp_path / "marks")
