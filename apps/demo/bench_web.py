"""The real web server for one measuring, and a crowd of browsers that asks it."""

import http.client
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from apps.demo.bench_stack import free_port, wait_for

WORKERS, THREADS, BROWSERS = 2, 4, 4
Store = import_module(settings.SESSION_ENGINE).SessionStore


@contextmanager
def web_server() -> Iterator[int]:
    """gunicorn with two workers on a port of its own; the port."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "bhavya.wsgi", "--preload"),
                *("--no-control-socket", "--workers", str(WORKERS)),
                *("--worker-class", "gthread", "--threads", str(THREADS)),
                *("--bind", f"127.0.0.1:{port}"),
            ],
            cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "bhavya.settings", "LOG_LEVEL": "ERROR"},
        )  # fmt: skip
        try:
            wait_for(lambda: answers(port), "the web server does not answer")
            yield port
        finally:
            process.terminate()
            process.wait(40)


def answers(port: int) -> bool:
    try:
        return ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "localhost", "/") > 0
    except OSError:
        return False


def ask(
    link: http.client.HTTPConnection, host: str, path: str, headers: dict[str, str] | None = None
) -> int:
    """The answer's status; its body is read."""
    link.request("GET", path, headers={"Host": host} | (headers or {}))
    answer = link.getresponse()
    answer.read()
    return answer.status


def session_of(user: Any) -> Any:
    """A log-in made by hand: one through the page would leave a trail. Delete it afterwards."""
    session = Store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session


def cookie(session: Any) -> dict[str, str]:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}; lang=hi"}


def crowd(
    port: int, hosts: Sequence[str], path: str, headers: dict[str, str], seconds: float
) -> tuple[float, int]:
    """Answers a second of `BROWSERS` that ask random hosts, and how many were no 200."""
    ends, done, wrong = time.monotonic() + seconds, [0] * BROWSERS, [0] * BROWSERS

    def browse(n: int) -> None:
        chance = random.Random(n)
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < ends:
            status = ask(link, chance.choice(hosts), path, headers)
            done[n] += 1
            wrong[n] += status != 200
        link.close()

    begin = time.monotonic()
    browsers = [threading.Thread(target=browse, args=(n,)) for n in range(BROWSERS)]
    for browser in browsers:
        browser.start()
    for browser in browsers:
        browser.join()
    return sum(done) / (time.monotonic() - begin), sum(wrong)
