"""The fault run in small: a bad gateway, worker and broker killed in the middle, all linked once.

In full: `manage.py bench links` (docs/benchmarks.md).
"""

import json
import os
from pathlib import Path

import pytest

from tests.e2e.site import Site

CONTEXTS = 20


@pytest.fixture
def place(tmp_path_factory, monkeypatch):
    """The seeded demo in a database of its own, with no program of ours on it."""
    monkeypatch.setenv("BENCH_CONTEXTS", str(CONTEXTS))
    monkeypatch.setenv("BENCH_OUTAGE_S", "3")
    monkeypatch.setenv("BENCH_LATE_S", "4")
    shared = os.environ.get("SEEDED_SITE") or tmp_path_factory.getbasetemp()
    made = Site(tmp_path_factory.mktemp("place"), Path(shared), number=3)
    made.renew()
    yield made
    made.forget()


@pytest.mark.drill
def test_every_visit_ends_linked_and_none_twice(place):
    told = json.loads(place.manage("bench", "links", "--json"))
    assert told["contexts"] == told["linked"] == told["known_there"] == CONTEXTS
    assert told["twice"] == 0
    assert set(told["events"]) == {"outage", "worker killed", "broker killed"}
    assert told["gateway"]["lost"] + told["gateway"]["repeated"] > 0
