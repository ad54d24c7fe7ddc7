"""Debian's RabbitMQ with quorum queues: what was taken is done, whoever is killed meanwhile."""

import json
import os
import signal
import subprocess
import time
from uuid import uuid4

import pytest
from django.core.cache.backends.redis import RedisCache
from kombu import Connection

from apps.core import poison
from bhavya import env, queues
from tests.broker.work import SLOW_S

pytestmark = [pytest.mark.drill, pytest.mark.rabbitmq]


def names(n):
    return [uuid4().hex for _ in range(n)]


def test_every_queue_is_a_quorum_queue_and_a_job_is_done_once(site):
    ids = site.queue("quick", names(40))
    assert len(ids) == 40 == site.depth()
    with site.worker():
        site.wait(lambda: site.done(ids))
    assert [site.told(one) for one in ids] == [["done"]] * 40
    listed = subprocess.run(
        ["/usr/lib/rabbitmq/bin/rabbitmqctl", "-q", "list_queues", "name", "type", "--formatter",
         "json"], env=site.node.environment(), cwd=site.node.home, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    kinds = {row["name"]: row["type"] for row in json.loads(listed.stdout)}
    assert {kinds[name] for name in queues.NAMES} == {"quorum"}
    assert kinds["celery_delayed_0"] == "quorum"  # where retries wait


def test_kill_9_of_the_worker_gives_the_job_to_the_next(site):
    ids = site.queue("slow", names(2))
    with site.worker() as first:
        site.wait(lambda: all(site.told(one) == ["begun"] for one in ids))
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert not site.done(ids)
    with site.worker():
        site.wait(lambda: site.done(ids))
    assert [site.told(one) for one in ids] == [["begun", "begun", "done"]] * 2


def test_kill_9_of_the_broker_loses_nothing_that_it_confirmed(site):
    ids = site.queue("quick", names(60))
    assert len(ids) == 60
    site.node.kill()
    assert not site.node.answers()
    refused = time.monotonic()
    assert site.queue("quick", names(1)) == []  # told at once, left to the sweep
    assert time.monotonic() - refused < 25
    site.node.start()
    site.wait(lambda: site.depth() == 60)  # it opens before it has counted
    with site.worker():
        site.wait(lambda: site.done(ids))
    assert [site.told(one) for one in ids] == [["done"]] * 60


def test_a_worker_comes_back_by_itself_when_the_broker_was_killed_under_it(site):
    ids = site.queue("slow", names(4))
    with site.worker() as worker:
        site.wait(lambda: any(site.told(one) for one in ids))
        site.node.kill()
        time.sleep(SLOW_S)
        site.node.start()
        more = site.queue("quick", names(5))
        site.wait(lambda: site.done([*ids, *more]), seconds=90)
        assert worker.poll() is None
    # One that was under way when its broker went is done again: at least once, never less.
    assert all(site.told(one).count("done") in (1, 2) for one in ids)
    assert [site.told(one) for one in more] == [["done"]] * 5


def test_a_job_that_ends_its_worker_is_set_aside_and_the_others_go_on(site):
    (bad,), ids = site.queue("poison", names(1)), site.queue("quick", names(5))
    cache = RedisCache(env.secret("CACHE_URL"), {"KEY_PREFIX": "bhavya"})
    cache.delete(poison.PARKED)
    with site.worker(processes=1):
        site.wait(lambda: site.done(ids))
        site.wait(lambda: cache.get(poison.PARKED))
        assert [row["name"] for row in json.loads(cache.get(poison.PARKED))] == ["tests.poison"]
        site.wait(lambda: site.depth() == 0)
    assert site.told(bad) == ["begun"] * poison.STARTS
    cache.delete(poison.PARKED)


def test_a_job_for_later_waits_in_the_broker_and_not_in_a_worker(site):
    begun = time.monotonic()
    with site.worker() as first:
        site.wait(lambda: later_is_bound(site))
        (late,) = site.queue("quick", names(1), after_s=12)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    assert site.told(late) == []
    with site.worker():
        site.wait(lambda: site.done([late]))
    assert site.told(late) == ["done"] and time.monotonic() - begun > 12


def later_is_bound(site):
    """The worker has made the queues in which jobs for later wait."""
    with Connection(site.node.url) as link:
        try:
            link.default_channel.exchange_declare("celery_delayed_delivery", "topic", passive=True)
        except link.channel_errors:
            return False
    return True


def test_a_broker_without_memory_is_not_waited_for(site):
    ctl = ["/usr/lib/rabbitmq/bin/rabbitmqctl", "-q", "set_vm_memory_high_watermark"]
    how = {"env": site.node.environment(), "cwd": site.node.home, "check": True}
    subprocess.run([*ctl, "0"], **how)
    try:
        begun = time.monotonic()
        assert site.queue("quick", names(50)) == []
        assert time.monotonic() - begun < 60  # for all together, with the start of the program
    finally:
        subprocess.run([*ctl, "0.4"], **how)
    with site.worker():
        ids = site.queue("quick", names(3))
        site.wait(lambda: site.done(ids))
