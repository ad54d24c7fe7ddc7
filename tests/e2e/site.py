"""A whole Bhavya for the browser tests: own database, own broker space, web, worker and beat.

The demo day is seeded once a run; each file of tests begins with a copy of it (0.2 s, not 50).
`make test` lets this module seed beside the static checks: `python -m tests.e2e.site FOLDER`.
"""

import fcntl
import json
import os
import shutil
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
import redis

from bhavya import env
from tests.house.tree import ROOT

UP_WITHIN_S = 60
SEEDED = "bhavya_e2e_seeded"
# Seeded twice, as `make run` does after an update: the second time must add nothing.
SEED = """
from django.core.management import call_command as do
from django.db import connection

def rows():
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, relname FROM pg_stat_user_tables")
        tables = [t for t in cursor.fetchall() if "audit" not in t[1]]
        cursor.execute(" UNION ALL ".join(
            f"SELECT '{s}.{t}', count(*) FROM \\"{s}\\".\\"{t}\\"" for s, t in tables
        ))
        return dict(cursor.fetchall())

do("migrate", verbosity=0)
do("load_master")
do("load_treatment_sets")
do("load_dhis_rules")
do("seed_demo", "--small")
before = rows()
do("seed_demo", "--small")
after = rows()
added = {table: n - before.get(table, 0) for table, n in after.items() if n != before.get(table)}
assert not added, f"seeding again added {added}"
do("collectstatic", interactive=False, verbosity=0)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=path))


@dataclass
class Site:
    """One for each process of the test run (`number`); `shared` is the folder they all see."""

    home: Path
    shared: Path
    number: int = 0
    port: int = field(default_factory=free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    accounts: dict[str, Any] = field(default_factory=dict)
    web: Any = None
    lang: str = "hi"  # of the journey that runs now
    gate_port: int = field(default_factory=free_port)
    gate: Any = None  # the stand-in of ABDM, once a journey asked for it

    @property
    def database(self) -> str:
        return f"bhavya_e2e_{self.number}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "bhavya.settings",
            "DATABASE_URL": with_path(env.text("DATABASE_URL"), f"/{self.database}"),
            "BROKER_URL": with_path(env.text("BROKER_URL"), f"/{7 + 2 * self.number}"),
            "CACHE_URL": with_path(env.text("CACHE_URL"), f"/{8 + 2 * self.number}"),
            "SECRET_KEY": "browser-tests",
            "FIELD_KEY": "browser-tests",
            "DEMO": "true",
            "WEB_PORT": str(self.port),
            "MEDIA_ROOT": str(self.home / "media"),
            "LOG_LEVEL": "WARNING",
            "ABDM_ENVIRONMENT": f"http://127.0.0.1:{self.gate_port}",
            "ABDM_CLIENT_ID": "browser-tests",
            "ABDM_CLIENT_SECRET": "browser-tests",
        }

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
        self.renew()
        self.accounts = json.loads(self.manage("demo_accounts", "--json"))
        self.start_web()
        self.start_worker()
        celery = str(Path(sys.executable).parent / "celery")
        self.run(celery, "-A", "bhavya.celery", "beat", "-l", "warning",
                 "-s", str(self.home / "beat"), "--pidfile", "")  # fmt: skip
        self.wait()

    def renew(self) -> None:
        """The seeded day again, under the running processes: they hold no connection for long."""
        self.seed_once()
        with self._server() as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {self.database} TEMPLATE {SEEDED}")
        for name in ("BROKER_URL", "CACHE_URL"):
            with redis.Redis.from_url(self.environment[name]) as space:
                space.flushdb()
        shutil.rmtree(self.home / "media", ignore_errors=True)
        shutil.copytree(self.shared / "media", self.home / "media")

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

    def phone(self, path: str = "/phr/") -> str:
        """A page of the patient's phone, which the stand-in of ABDM shows."""
        return f"http://127.0.0.1:{self.gate_port}{path}"

    def start_stand_in(self) -> None:
        """ABDM as a process of its own, with nothing remembered; before, nobody answers there."""
        if self.gate is not None:
            os.killpg(self.gate.pid, signal.SIGKILL)
            self.gate.wait(10)
            self.processes.remove(self.gate)
        self.gate = self.run(
            sys.executable, "-m", "apps.abdm_sandbox", "--port", str(self.gate_port),
            "--bridge", f"{self.url()}abdm", "--messages", self.url("", "/messages/"),
            "--services", "apps/demo/services.json",
        )  # fmt: skip
        until = time.monotonic() + UP_WITHIN_S
        while not self._answers(self.phone()):
            assert self.gate.poll() is None, f"ended at start: logs in {self.home}"
            assert time.monotonic() < until, f"not up: logs in {self.home}"
            time.sleep(0.1)

    def _answers(self, address: str) -> bool:
        try:
            with urllib.request.urlopen(address, timeout=3) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

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

    def forget(self) -> None:
        """Its database is not needed any more."""
        with self._server() as server:
            server.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")

    def seed_once(self) -> None:
        """The first process of the run seeds, the others wait for it."""
        done = self.shared / "seeded"
        with (self.shared / "seeding").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if done.exists():
                return
            with self._server() as server:
                for name in (self.database, SEEDED):
                    server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                server.execute(f"CREATE DATABASE {self.database}")
            self.manage("shell", "-c", SEED)
            with self._server() as server:
                server.execute(f"ALTER DATABASE {self.database} RENAME TO {SEEDED}")
            (self.home / "media").mkdir(exist_ok=True)
            shutil.copytree(self.home / "media", self.shared / "media", dirs_exist_ok=True)
            done.touch()

    def _server(self) -> psycopg.Connection[Any]:
        return psycopg.connect(with_path(env.text("DATABASE_URL"), "/postgres"), autocommit=True)


if __name__ == "__main__":
    shared = Path(sys.argv[1])
    home = shared / "home"
    home.mkdir()
    Site(home, shared).seed_once()
