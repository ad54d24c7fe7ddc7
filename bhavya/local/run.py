"""`make run`: install, servers, tables, data, programs; and stop them again."""

import http.client
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from bhavya.local import install, places, ports, processes, steps
from bhavya.local.problem import Problem
from bhavya.local.progress import Step, run_steps, say
from bhavya.local.servers import Servers
from bhavya.local.supervisor import Child, Supervisor, end_leftovers

PIDS = places.LOCAL / "run"
HEALTHY_SECONDS = 120.0
LOOPBACK = "127.0.0.1"
EVERYWHERE = "0.0.0.0"
# How often the servers below are looked at: a look costs two connections.
TEND_SECONDS = 2.0


def run() -> int:
    places.prepare()
    with only_one():
        servers = Servers()
        end_leftovers(PIDS, places.ROOT)
        choose_port(servers)
        try:
            prepare(servers)
            return serve(servers)
        finally:
            if servers.stop():
                say("Stopped. The data is kept; `make run` goes on where it was.")


def only_one() -> AbstractContextManager[None]:
    """Two supervisors would fight over the same ports and data."""
    return processes.only_one(
        places.LOCAL / "run.lock",
        "Bhavya already runs from this folder (process {pid}); stop it there with Ctrl-C.",
    )


def web_host() -> str:
    return os.environ.get("WEB_HOST") or LOOPBACK


def choose_port(servers: Servers) -> None:
    asked = os.environ.get("WEB_PORT")
    port = ports.web(asked, web_host())
    if not asked and port != ports.WEB:
        say(f"Port {ports.WEB} is in use by another program; using {port} instead.")
    servers.state["web_port"] = str(port)
    if servers.needs_stand_in():
        servers.state["abdm_port"] = str(ports.stand_in())
    servers.save()


def prepare(servers: Servers) -> None:
    run_steps(
        [
            *install.steps(tests=False),
            Step("PostgreSQL", servers.start_cluster),
            Step("Redis or Valkey", servers.start_broker),
            *(manage_step(step, servers) for step in steps.MANAGE),
        ]
    )


def manage_step(step: steps.Manage, servers: Servers) -> Step:
    return Step(step.title, lambda: steps.run_manage(step, servers))


def serve(servers: Servers) -> int:
    """Start the programs, say where they are, keep them running until Ctrl-C or SIGTERM."""
    stop = threading.Event()
    supervisor = Supervisor(children(servers), Tending(servers))
    with stopping(stop), listing_accounts(servers) as accounts:
        try:
            supervisor.start()
            say("Starting …")
            if wait_until_healthy(servers, supervisor, stop):
                announce(servers, accounts)
            while not stop.wait(0.5):
                supervisor.round()
        finally:
            say("\nStopping …")
            supervisor.stop()
    return 0


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C, SIGTERM and a closed terminal end the loop in an orderly way; nothing is cut off in
    the middle."""

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Tending:
    """Looks after PostgreSQL and Redis now and then, and starts one that was killed."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.next = time.monotonic() + TEND_SECONDS

    def __call__(self) -> None:
        if time.monotonic() < self.next:
            return
        if self.servers.start_cluster():
            say("PostgreSQL had stopped; started it again.")
        if self.servers.start_broker():
            say("Redis or Valkey had stopped; started it again.")
        self.next = time.monotonic() + TEND_SECONDS


def children(servers: Servers) -> list[Child]:
    environment = steps.program_environment(servers)
    parent = os.environ.get("PARENT_DOMAIN", "bhavya.localhost")
    values = {"port": environment["WEB_PORT"], "host": web_host(), "parent": parent,
              "abdm_port": servers.state.get("abdm_port", ""),
              "memory": str(places.STAND_IN_MEMORY)}  # fmt: skip
    programs = steps.PROGRAMS + ((steps.STAND_IN,) if servers.needs_stand_in() else ())
    return [
        Child(
            name=program.name,
            title=program.title,
            command=[places.PYTHON, *(word.format(**values) for word in program.words)],
            cwd=places.ROOT,
            environment=environment,
            log=places.LOGS / f"{program.name}.log",
            pid_file=PIDS / f"{program.name}.pid",
        )
        for program in programs
    ]


def wait_until_healthy(servers: Servers, supervisor: Supervisor, stop: threading.Event) -> bool:
    """True when /healthz is green; False when told to stop meanwhile; a Problem when it stays
    red."""
    limit = time.monotonic() + HEALTHY_SECONDS
    while not stop.wait(0.25):
        supervisor.round()
        answer = health(int(servers.environment()["WEB_PORT"]))
        if answer[0] == http.HTTPStatus.OK:
            return True
        if time.monotonic() > limit:
            raise Problem(
                f"Bhavya did not become healthy within {HEALTHY_SECONDS:.0f} s: {answer[1]}",
                places.LOGS,
            )
    return False


def health(port: int) -> tuple[int, str]:
    """Status and text of /healthz; 0 and the reason when nobody answers."""
    host = LOOPBACK if web_host() == EVERYWHERE else web_host()
    connection = http.client.HTTPConnection(host, port, timeout=5)
    parent = os.environ.get("PARENT_DOMAIN", "bhavya.localhost")
    try:
        connection.request("GET", "/healthz", headers={"Host": f"{parent}:{port}"})
        response = connection.getresponse()
        return response.status, response.read(2000).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


@contextmanager
def listing_accounts(servers: Servers) -> Iterator[subprocess.Popen[str]]:
    """The list of demo logins is made while the programs start."""
    process = subprocess.Popen(
        [str(places.PYTHON), "manage.py", "demo_accounts"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=places.ROOT,
        env=steps.program_environment(servers),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def announce(servers: Servers, accounts: subprocess.Popen[str]) -> None:
    listing = accounts.communicate()[0].rstrip()
    parent = os.environ.get("PARENT_DOMAIN", "bhavya.localhost")
    say(f"\nBhavya is running: http://{parent}:{servers.environment()['WEB_PORT']}/\n")
    say(listing)
    say(f"\nLogs: {places.LOGS}/  Stop: Ctrl-C")


def reset(yes: bool) -> int:
    """Stop and delete the data of this checkout. What is installed stays."""
    places.prepare()
    with only_one():
        home = places.data_home()
        if not yes and not confirmed(f"Delete all data of this checkout ({home})? [y/N] "):
            say("Nothing was deleted.")
            return 1
        end_leftovers(PIDS, places.ROOT)
        for test in (False, True):
            Servers(test=test).stop()
        shutil.rmtree(home, ignore_errors=True)
        for name in ("media", "static", "run"):
            shutil.rmtree(places.LOCAL / name, ignore_errors=True)
        for name in ("env", "env.test", "servers.json", "servers-test.json"):
            (places.LOCAL / name).unlink(missing_ok=True)
        for memory in places.LOCAL.glob(f"{places.STAND_IN_MEMORY.stem}.*"):
            memory.unlink()
        steps.forget()
        say("The data is deleted; `make run` starts over.")
        if os.environ.get("DATABASE_URL"):
            say("The database of DATABASE_URL is not ours to delete and was left as it is.")
    return 0


def confirmed(question: str) -> bool:
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        raise Problem("\nNobody answered; to delete without asking: make reset YES=1") from None
