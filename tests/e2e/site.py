"""A whole Bhavya for the browser tests: own database, own broker space, web, worker and beat."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bhavya import env
from tests.house.tree import ROOT

NAME = "bhavya_e2e"
UP_WITHIN_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


@dataclass
class Site:
    """Started once for all browser tests; everything is ended and dropped at the end."""

    home: Path
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    accounts: dict[str, Any] = field(default_factory=dict)
    web: Any = None
    lang: str = "hi"  # of the journey that runs now

    @property
    def environment(self) -> dict[str, str]:
        return (
            os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "bhavya.settings",
                "DATABASE_URL": with_path(env.text("DATABASE_URL"), f"/{NAME}"),
                "BROKER_URL": with_path(env.text("BROKER_URL"), "/7"),
                "CACHE_URL": with_path(env.text("CACHE_URL"), "/8"),
                "SECRET_KEY": secrets.token_hex(16),
                "FIELD_KEY": "browser-tests",
                "DEMO": "true",
                "WEB_PORT": str(self.port),
                "MEDIA_ROOT": str(self.home / "media"),
                "LOG_LEVEL": "WARNING",
            }
            | self._secrets()
        )

    def _secrets(self) -> dict[str, str]:
        """The same key for every process of this site."""
        path = self.home / "secret"
        if not path.exists():
            path.write_text(secrets.token_hex(16), encoding="ascii")
        return {"SECRET_KEY": path.read_text("ascii")}

    def url(self, slug: str = "", path: str = "/") -> str:
        host = f"{slug}.bhavya.localhost" if slug else "bhavya.localhost"
        return f"http://{host}:{self.port}{path}"

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, f"manage.py {words[0]}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self) -> None:
        self._make_database()
        self.manage("migrate", "-v", "0")
        self.manage("load_master")
        self.manage("load_treatment_sets")
        self.manage("seed_demo", "--small")
        self.manage("collectstatic", "--noinput", "-v", "0")
        self.accounts = json.loads(self.manage("demo_accounts", "--json"))
        binary = Path(sys.executable).parent
        self.start_web()
        self.start_worker()
        self.run(str(binary / "celery"), "-A", "bhavya.celery", "beat", "-l", "warning",
                 "-s", str(self.home / "beat"), "--pidfile", "")  # fmt: skip
        self.wait()

    def start_web(self) -> None:
        gunicorn = str(Path(sys.executable).parent / "gunicorn")
        self.web = self.run(gunicorn, "bhavya.wsgi", "-b", f"127.0.0.1:{self.port}",
                            "-k", "gthread", "--threads", "8", "-w", "1")  # fmt: skip

    def stop_web(self) -> None:
        """As when the power goes: no good-bye."""
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait(10)
        self.processes.remove(self.web)

    def power_cut(self) -> None:
        """The web processes are gone in the middle of whatever they did, then come back."""
        self.stop_web()
        self.start_web()
        self.wait()

    def start_worker(self) -> subprocess.Popen[bytes]:
        celery = str(Path(sys.executable).parent / "celery")
        return self.run(celery, "-A", "bhavya.celery", "worker", "-l", "warning", "-c", "1")

    def run(self, *words: str) -> subprocess.Popen[bytes]:
        log = (self.home / f"{Path(words[0]).name}-{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            words, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        self.processes.append(process)
        return process

    def health(self) -> dict[str, str]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/healthz", headers={"Host": "bhavya.localhost"}
        )
        try:
            with urllib.request.urlopen(request, timeout=3) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)
        except OSError:
            return {"status": "unreachable"}

    def wait(self) -> None:
        until = time.monotonic() + UP_WITHIN_S
        while (state := self.health())["status"] != "ok":
            dead = [p.args for p in self.processes if p.poll() is not None]
            assert not dead, f"ended at start: {dead}; logs in {self.home}"
            assert time.monotonic() < until, f"not up: {state}; logs in {self.home}"
            time.sleep(0.5)

    def stop(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def _make_database(self) -> None:
        url = with_path(env.text("DATABASE_URL"), "/postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {NAME}")
