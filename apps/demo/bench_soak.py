"""Twenty minutes of many hospitals at work through the real web server, worker and clock: nothing
may fail, and memory may not grow.

`BENCH_SECONDS` (1200) and `BENCH_FACILITIES` (50). It makes its own hospitals and takes them away.
"""

import os
import re
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import redis
from django.conf import settings

from apps.demo import bench_soak_day as day
from apps.demo.bench_bar import bar
from apps.demo.bench_browser import Browser, Wrong
from apps.demo.bench_memory import Sampler, growth
from apps.demo.bench_soak_town import Place, build, remove
from apps.demo.bench_stack import Stack
from apps.demo.bench_web import session_of

SECONDS = int(os.environ.get("BENCH_SECONDS", "1200"))
FACILITIES = int(os.environ.get("BENCH_FACILITIES", "50"))
COMPLAINT = re.compile(r"(?<!%)ERROR|Traceback")  # celery's banner names a file %ERROR
HANDS, PAUSE_S, DRAIN_S = 4, 0.1, 60.0


class Load:
    """What the hands share: which hospitals are free, what took how long, what went wrong."""

    def __init__(self, teams: list[dict[str, Browser]], state: Browser) -> None:
        self.free, self.state = list(teams), state
        self.lock = threading.Lock()
        self.took: dict[str, list[float]] = defaultdict(list)
        self.wrong: Counter[str] = Counter()
        self.patients = 0
        self.ends = time.monotonic() + SECONDS

    def step(self, name: str, act: Callable[[], str]) -> str:
        start = time.perf_counter()
        told = act()
        self.took[name].append((time.perf_counter() - start) * 1000)
        time.sleep(PAUSE_S)
        return told

    def work(self, n: int) -> None:
        """One pair of hands: patient after patient, each in a hospital nobody else is in."""
        chance = Random(n)
        while time.monotonic() < self.ends:
            with self.lock:
                team = self.free.pop(chance.randrange(len(self.free)))
            try:
                day.patient(team, self.step, chance)
                self.patients += 1
                if chance.random() < 0.3:
                    self.step("State's board", lambda: self.state.get("/board/"))
            except (Wrong, OSError, KeyError) as error:
                self.wrong[f"{type(error).__name__} {error}"[:80]] += 1
            finally:
                with self.lock:
                    self.free.append(team)


def measure_soak() -> dict[str, Any]:
    """Errors, requests a second, times, memory, jobs that still wait. Nothing is kept."""
    sessions: list[Any] = []
    try:
        places, state = build(FACILITIES)
        with TemporaryDirectory() as folder:
            return _run(places, state, sessions, Path(folder))
    finally:
        for session in sessions:
            session.delete()
        remove()


def _run(places: list[Place], state: Any, sessions: list[Any], home: Path) -> dict[str, Any]:
    stack = Stack(home)
    stack.web_workers = 2
    stack.environment |= {"ABDM_ENVIRONMENT": "", "MFA_REQUIRED_FROM": ""}
    stack.environment["CACHE_URL"] = str(settings.CACHES["default"]["LOCATION"])
    try:
        stack.start("broker", "web", "worker", "clock")
        load = _crowd(stack, places, state, sessions)
        sampler = Sampler({name: p.pid for name, p in stack.running.items()}, SECONDS)
        begin = time.monotonic()
        _work(load, sampler)
        seconds = time.monotonic() - begin
        waiting = _drain(stack)
        return {
            **_told(load, seconds),
            **growth(sampler.samples),
            "jobs_waiting_at_end": waiting[0],
            f"jobs_waiting_{DRAIN_S:.0f}_s_later": waiting[1],
            "papers_on_disk": len(list((home / "media").rglob("*.pdf"))),
            "errors_in_logs": len(found := _complaints(home)),
            "what_logs_say": [line[-160:] for line in found[:5]],
        }
    finally:
        for name in list(stack.running):
            stack.kill(name)


def _crowd(stack: Stack, places: list[Place], state: Any, sessions: list[Any]) -> Load:
    port = stack.ports["web"]

    def browser(user: Any, host: str) -> Browser:
        sessions.append(session_of(user))
        return Browser(port, host, sessions[-1])

    teams = [
        {post: browser(user, f"{place.slug}.{settings.PARENT_DOMAIN}")
         for post, user in place.staff.items()}
        for place in places
    ]  # fmt: skip
    for team in teams:
        for one in team.values():
            one.get("/me")  # a CSRF cookie, as from the first page of the day
    return Load(teams, browser(state, settings.PARENT_DOMAIN))


def _work(load: Load, sampler: Sampler) -> None:
    load.ends = time.monotonic() + SECONDS
    hands = [
        threading.Thread(target=load.work, args=(n,)) for n in range(min(HANDS, len(load.free)))
    ]
    for hand in hands:
        hand.start()
    told, begin = bar("soak"), time.monotonic()
    while time.monotonic() < load.ends:
        sampler.look()
        told(min(SECONDS, round(time.monotonic() - begin)), SECONDS)
        time.sleep(min(sampler.every, max(0.1, load.ends - time.monotonic())))
    for hand in hands:
        hand.join()


def _waiting(stack: Stack) -> int:
    link = redis.Redis(port=stack.ports["broker"], db=0)
    lists = [key for key in link.scan_iter() if link.type(key) == b"list"]
    return sum(int(link.llen(key)) for key in lists)


def _drain(stack: Stack) -> tuple[int, int]:
    """Jobs that wait when the load ends, and once the worker had a minute for them."""
    first, ends = _waiting(stack), time.monotonic() + DRAIN_S
    while _waiting(stack) and time.monotonic() < ends:
        time.sleep(1)
    return first, _waiting(stack)


def _complaints(home: Path) -> list[str]:
    """Lines of an error in what web, worker and clock wrote."""
    files = [home / f"{name}.log" for name in ("web", "worker", "clock")]
    text = "\n".join(file.read_text("utf-8", "replace") for file in files if file.exists())
    return [line for line in text.splitlines() if COMPLAINT.search(line)]


def _told(load: Load, seconds: float) -> dict[str, Any]:
    every = sorted(ms for took in load.took.values() for ms in took)
    return {
        "facilities": FACILITIES,
        "seconds": round(seconds),
        "patients": load.patients,
        "requests": len(every),
        "requests_per_s": round(len(every) / seconds, 1),
        "errors": sum(load.wrong.values()),
        "what_went_wrong": dict(load.wrong.most_common(10)),
        "p50_ms": round(statistics.median(every)) if every else None,
        "p95_ms": round(every[int(len(every) * 0.95)]) if every else None,
        "steps": {
            name: {
                "n": len(took),
                "p50_ms": round(statistics.median(took)),
                "p95_ms": round(sorted(took)[int(len(took) * 0.95)]),
            }
            for name, took in load.took.items()
        },
    }
