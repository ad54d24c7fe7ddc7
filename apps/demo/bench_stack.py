"""A whole Bhavya for one measuring, beside the database: own broker, stand-in of ABDM, web, worker,
clock. Each is a process that can be killed (-9) and started again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from apps.core.tenancy import public_context
from apps.demo import bench_town
from apps.demo.seed import SYSTEM
from apps.gateway import actions as gateway

SERVICE_ID = "IN1010009999"  # of the range kept for demonstration
STEM = "bench"
UP_WITHIN_S = 60
AWAY = (
    "DELETE FROM public.gateway_outboundmessage WHERE facility_id = %(facility)s",
    "DELETE FROM public.gateway_inboundmessage WHERE facility_id = %(facility)s",
    "DELETE FROM public.gateway_linktoken WHERE facility_id = %(facility)s",
    "DELETE FROM public.gateway_service WHERE facility_id = %(facility)s",
    "DELETE FROM public.persons_arrival WHERE facility_id = %(facility)s",
    "DELETE FROM public.persons_personlink WHERE facility_id = %(facility)s",
    "DELETE FROM public.persons_person WHERE abha_address LIKE %(ours)s",
)


class Stack:
    """`environment` is what our programs run with; `gate` the address of the stand-in."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.ports = {name: free_port() for name in ("broker", "gate", "web")}
        self.gate = f"http://127.0.0.1:{self.ports['gate']}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.cpu = 0.0  # seconds of workers that have ended
        self.web_workers = 1
        broker = f"redis://127.0.0.1:{self.ports['broker']}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "bhavya.settings",
            "BROKER_URL": f"{broker}/0",
            "CACHE_URL": f"{broker}/1",
            "WEB_PORT": str(self.ports["web"]),
            "ABDM_ENVIRONMENT": self.gate,
            "ABDM_CLIENT_ID": "bench",
            "ABDM_CLIENT_SECRET": "bench",
            "MEDIA_ROOT": str(home / "media"),
            "LOG_LEVEL": "ERROR",
        }
        services = [{"service_id": SERVICE_ID, "name": "Bench"}]
        (home / "services.json").write_text(json.dumps(services), "utf-8")

    def words(self, name: str) -> list[str]:
        """How the program is started. The broker keeps nothing: killed, it forgets every job."""
        celery = [sys.executable, "-m", "celery", "-A", "bhavya.celery"]
        bridge = f"http://{settings.PARENT_DOMAIN}:{self.ports['web']}/abdm"
        return {
            "broker": [
                shutil.which("valkey-server") or shutil.which("redis-server") or "redis-server",
                *("--port", str(self.ports["broker"]), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(self.home)),
            ],
            "gate": [
                *(sys.executable, "-m", "apps.abdm_sandbox", "--port", str(self.ports["gate"])),
                *("--bridge", bridge, "--services", str(self.home / "services.json")),
            ],
            "web": [
                *(sys.executable, "-m", "gunicorn", "bhavya.wsgi"),
                *("--workers", str(self.web_workers), "--no-control-socket"),
                *("--worker-class", "gthread", "--threads", "8"),
                *("--bind", f"127.0.0.1:{self.ports['web']}"),
            ],
            "worker": [*celery, "worker", "-l", "error", "-c", "2"],
            "clock": [*celery, "beat", "-l", "error", "-s", str(self.home / "beat"), "--pidfile="],
        }[name]

    def start(self, *names: str) -> None:
        for name in names:
            log = (self.home / f"{name}.log").open("ab")
            self.running[name] = subprocess.Popen(
                self.words(name), cwd=settings.BASE_DIR, env=self.environment,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
            if name in self.ports:
                wait_for(partial(self._listens, name), f"{name} does not listen")

    def kill(self, name: str) -> None:
        """As when the power goes: the whole group, no good-bye."""
        process = self.running.pop(name)
        if name == "worker":
            self.cpu += cpu_of_group(process.pid)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def tend(self) -> list[str]:
        """What ended by itself is started again, as the supervisor of a server does: a worker whose
        broker was killed ends. Returns the names."""
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        for name in ended:
            self.kill(name)
            self.start(name)
        return ended

    def worker_cpu(self) -> float:
        """Seconds of all workers so far, killed ones included."""
        return self.cpu + cpu_of_group(self.running["worker"].pid)

    def hand(self, *words: str) -> subprocess.Popen[str]:
        """A `manage.py` command with this stack's broker and stand-in."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=settings.BASE_DIR, env=self.environment,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def tell(self, path: str, told: Any) -> Any:
        """A word to the stand-in's switches."""
        return httpx.post(f"{self.gate}/sandbox/{path}", json=told, timeout=60).json()

    def state(self) -> dict[str, Any]:
        return dict(httpx.get(f"{self.gate}/sandbox/state", timeout=60).json())

    def _listens(self, name: str) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.ports[name]), timeout=1):
                return True
        except OSError:
            return False


@contextmanager
def stack(*, patients: int) -> Iterator[Stack]:
    """A hospital of so many patients at the stand-in, and everything around it running."""
    with bench_town.town(patients=patients) as facility_id, TemporaryDirectory() as folder:
        remove()
        made = Stack(Path(folder))
        try:
            gateway.link_service(facility_id, service_id=SERVICE_ID, name="Bench", actor=SYSTEM)
            made.start("broker", "gate", "web", "worker", "clock")
            yield made
        finally:
            for name in list(made.running):
                made.kill(name)
            remove()


def remove() -> None:
    """Its mail, its people: nothing is left but the trail."""
    told: dict[str, Any] = {"facility": bench_town.FACILITY, "ours": f"{STEM}%@sbx"}
    with public_context(), connection.cursor() as cursor:
        for statement in AWAY:
            cursor.execute(statement, told)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(true: Callable[[], bool], why: str, within_s: float = UP_WITHIN_S) -> None:
    ends = time.monotonic() + within_s
    while not true():
        if time.monotonic() > ends:
            raise RuntimeError(why)
        time.sleep(0.1)


def cpu_of_group(group: int) -> float:
    """Seconds of all living processes of a group, with the children they have buried."""
    total = 0
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            continue
        if folder.name.isdecimal() and int(fields[2]) == group:
            total += sum(int(fields[n]) for n in (11, 12, 13, 14))
    return total / os.sysconf("SC_CLK_TCK")
