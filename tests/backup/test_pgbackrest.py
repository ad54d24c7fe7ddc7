"""pgBackRest as docs/production.md sets it up, on a private cluster: full and incremental copies,
an archive of the log, back to a moment, and back after the machine is lost.

Not run where the program is not installed (apt-get install pgbackrest).
"""

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from bhavya.local import places, ports
from bhavya.local.postgres import ADMIN, Cluster, clean_environment

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(shutil.which("pgbackrest") is None, reason="pgbackrest is not installed"),
]
PASSWORD = "drill-only"
CONF = """[global]
repo1-path={home}/repo
repo1-retention-full=2
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=drill-only-drill-only
compress-type=zst
start-fast=y
log-path={home}
lock-path={home}/lock
spool-path={home}/spool

[drill]
pg1-path={data}
pg1-port={port}
pg1-user={admin}
"""


@pytest.fixture
def home():
    """A folder that PostgreSQL's user reaches; /tmp/pytest-of-root is closed to it."""
    folder = Path(f"/tmp/bhavya-pgbackrest-{os.getpid()}")
    user = places.server_user(folder)
    places.make_folder(folder, user)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def cluster(home, name):
    return Cluster(
        home=home, name=name, user=places.server_user(home),
        port=ports.private(f"{home}{name}", frozenset()), password=PASSWORD,
        admin_password=PASSWORD,
    )  # fmt: skip


def execute(server, *statements):
    url = f"postgres://{ADMIN}:{PASSWORD}@127.0.0.1:{server.port}/postgres"
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as link:
        for statement in statements:
            found = link.execute(statement)
        return found.fetchall() if found.description else []


def rest(home, server, *words):
    """pgbackrest as PostgreSQL's user, with its own file alone."""
    done = subprocess.run(
        ["pgbackrest", f"--config={home}/pgbackrest.conf", "--stanza=drill", *words],
        env=clean_environment() | {"PGHOST": "127.0.0.1", "PGPASSWORD": PASSWORD},
        cwd=home, capture_output=True, text=True, check=False, timeout=120,
        **places.run_as(server.user),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def restored(home, server, name, *words):
    back = cluster(home, name)
    places.make_folder(back.data, back.user)
    rest(home, server, f"--pg1-path={back.data}", "--archive-mode=off", *words, "restore")
    back.configure()
    back.call_pg_ctl("-w", "-t", "60", "-l", back.log, "start")
    try:
        end = time.monotonic() + 30
        while execute(back, "SELECT pg_is_in_recovery()")[0][0] and time.monotonic() < end:
            time.sleep(0.1)
        return {n for (n,) in execute(back, "SELECT n FROM kept")}
    finally:
        back.call_pg_ctl("-m", "immediate", "-w", "-t", "30", "stop")


def lose(server):
    """Every process killed, the folder gone."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").resolve() == server.data.resolve():
                os.kill(int(process.name), signal.SIGKILL)
    shutil.rmtree(server.data)


def test_it_comes_back_to_a_moment_and_after_the_machine_is_lost(home):
    server = cluster(home, "lost")
    text = CONF.format(home=home, data=server.data, port=server.port, admin=ADMIN)
    places.give_file(home / "pgbackrest.conf", text, server.user)
    server.fast = True  # initdb need not wait for the disk
    server.create()
    server.fast = False
    try:
        server.start()
        push = f"pgbackrest --config={home}/pgbackrest.conf --stanza=drill archive-push %p"
        execute(
            server, "ALTER SYSTEM SET archive_mode = on",
            f"ALTER SYSTEM SET archive_command = '{push}'",
        )  # fmt: skip
        server.call_pg_ctl("-w", "-t", "60", "-l", server.log, "restart")
        rest(home, server, "stanza-create")
        rest(home, server, "check")
        execute(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1)")
        rest(home, server, "--type=full", "backup")
        execute(server, "INSERT INTO kept VALUES (2)")
        rest(home, server, "--type=incr", "backup")
        execute(server, "INSERT INTO kept VALUES (3)")
        time.sleep(0.05)
        moment = execute(server, "SELECT clock_timestamp()::text")[0][0]
        time.sleep(0.05)
        execute(server, "DELETE FROM kept", "INSERT INTO kept VALUES (4)")
        rest(home, server, "check")  # switches the log and waits until it is archived
        target = (f"--target={moment}", "--type=time", "--target-action=promote")
        assert restored(home, server, "then", *target) == {1, 2, 3}
        lose(server)
        assert restored(home, server, "back") == {4}
        info = rest(home, server, "info")
        assert "status: ok" in info and info.count("full backup:") == info.count("incr backup:")
    finally:
        server.stop()
