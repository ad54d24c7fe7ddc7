"""A message that kills its worker again and again is set aside, others are not."""

import pytest
from django.core.cache import cache

from apps.core import poison
from apps.core.queue import job
from apps.workflows.doctor import servers

RAN = []


@job("tests.count", public=True)
def count(some_id: str) -> None:
    RAN.append(some_id)
    if some_id == "breaks":
        raise ValueError(some_id)


@pytest.fixture(autouse=True)
def _fresh():
    RAN.clear()
    cache.delete(poison.PARKED)


def killed(task_id, times):
    """Started so often, and its process was gone each time before the end."""
    return [poison.is_poison(task_id, "tests.count") for _ in range(times)]


def test_the_sixth_start_without_an_end_is_set_aside(db):
    assert killed("m-1", poison.STARTS) == [False] * poison.STARTS
    count.apply(kwargs={"some_id": "a"}, task_id="m-1")
    assert RAN == []
    assert [(row["id"], row["name"]) for row in poison.parked()] == [("m-1", "tests.count")]
    found = servers.parked_jobs()
    assert found.state == "bad" and "tests.count" in found.says


def test_an_end_forgets_the_starts_before(db):
    killed("m-2", poison.STARTS - 1)
    count.apply(kwargs={"some_id": "b"}, task_id="m-2")
    assert RAN == ["b"] and killed("m-2", poison.STARTS) == [False] * poison.STARTS


def test_an_error_is_an_end_and_no_poison(db):
    for _ in range(poison.STARTS + 2):
        count.apply(kwargs={"some_id": "breaks"}, task_id="m-3", throw=False)
    assert len(RAN) == poison.STARTS + 2 and poison.parked() == []
    assert servers.parked_jobs().state == "ok"


def test_the_same_message_is_told_once_and_called_directly_it_just_runs(db):
    killed("m-4", poison.STARTS + 3)
    assert len(poison.parked()) == 1
    count.run(some_id="c")
    assert RAN == ["c"]
