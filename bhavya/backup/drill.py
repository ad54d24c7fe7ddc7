"""Losing a cluster on purpose: rows are written, the server is killed, its folder deleted, all is
restored from the base copy and the streamed log, and every acknowledged row is looked for."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from bhavya.backup import restore, take
from bhavya.local import places, ports, processes
from bhavya.local.postgres import ADMIN, Cluster

PASSWORD = "drill-only"
TABLE = "CREATE TABLE acknowledged (n bigint PRIMARY KEY, at timestamptz DEFAULT clock_timestamp())"


def run(*, seconds: float = 3.0) -> dict[str, Any]:
    """The report: rows acknowledged, rows missing, seconds to be back, what was done."""
    with tempfile.TemporaryDirectory(prefix="bhavya-drill-") as name:
        home = Path(name)
        user = places.server_user(home / "new")
        places.make_folder(home / "servers", user)
        home.chmod(0o755)
        cluster = Cluster(
            home=home / "servers",
            name="lost",
            user=user,
            port=ports.private(f"{home}drill", frozenset()),
            password=PASSWORD,
            admin_password=PASSWORD,
        )
        return _Drill(home, cluster).run(seconds)


class _Drill:
    def __init__(self, home: Path, cluster: Cluster) -> None:
        self.home, self.cluster, self.root = home, cluster, home / "backups"
        self.url = f"postgres://{ADMIN}:{PASSWORD}@127.0.0.1:{cluster.port}/postgres"

    def run(self, seconds: float) -> dict[str, Any]:
        begin = time.monotonic()
        receiver = None
        try:
            self.cluster.fast = True  # initdb need not wait for the disk; what is written must
            self.cluster.create()
            self.cluster.fast = False
            self.cluster.start()
            receiver = self.stream()
            self.execute("CREATE TABLE before_the_copy (n int)", TABLE)
            media = self.home / "media"
            (media / "f_x").mkdir(parents=True)
            (media / "f_x" / "paper.pdf").write_bytes(b"%PDF drill")
            take.take_base(self.root, self.url)
            take.copy_papers(self.root, media)
            told, moment, after = self.write(seconds)
            self.destroy(receiver)
            shutil.rmtree(media)
            lost = time.monotonic()
            there = self.restore("back")
            back = time.monotonic() - lost
            restore.papers(self.root, media)
            then = self.restore("then", until=moment)
        finally:
            self.clean(receiver)
        return {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "acknowledged": len(told),
            "missing": len(told - there),
            "written_but_not_acknowledged": len(there - told),
            "seconds_until_open_again": round(back, 1),
            "point_in_time": {"rows": len(then), "expected": after, "exact": len(then) == after},
            "papers_back": (media / "f_x" / "paper.pdf").is_file(),
            "how": "pg_basebackup + pg_receivewal --synchronous, synchronous_standby_names; "
            "kill -9 of every server process, data folder deleted",
            "seconds": round(time.monotonic() - begin, 1),
        }

    def execute(self, *statements: str) -> None:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as link:
            for statement in statements:
                link.execute(statement.encode())

    def stream(self) -> subprocess.Popen[bytes]:
        """The receiver runs, and from now on a COMMIT waits for its disk."""
        take.prepare_stream(self.root, self.url)
        command, environment = take.stream_command(self.root, self.url)
        receiver = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.execute(
            f"ALTER SYSTEM SET synchronous_standby_names = '{take.SLOT}'",
            "SELECT pg_reload_conf()",
        )
        if not processes.wait_until(self.in_step, 10):
            raise TimeoutError("the receiver did not become synchronous within 10 s")
        return receiver

    def in_step(self) -> bool:
        with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as link:
            row = link.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
            return row.fetchone() is not None

    def write(self, seconds: float) -> tuple[set[int], datetime, int]:
        """Rows whose COMMIT was answered; a moment half-way, and how many there were then.

        The server is killed from outside while the next row is on its way.
        """
        told: set[int] = set()
        moment, after = datetime.now(UTC), 0
        pid = self.cluster.pid()
        assert pid is not None
        killer = subprocess.Popen(["sh", "-c", f"sleep {seconds}; kill -9 {pid}"])
        half = time.monotonic() + seconds / 2
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as link:
                for n in range(10**9):
                    link.execute("INSERT INTO acknowledged (n) VALUES (%s)", [n])
                    told.add(n)
                    if not after and time.monotonic() > half:
                        row = link.execute("SELECT clock_timestamp()").fetchone()
                        moment, after = row[0] if row else moment, len(told)
                        time.sleep(0.05)
        except psycopg.OperationalError:
            pass  # this is the moment in which it was lost
        killer.wait(seconds + 10)
        return told, moment, after

    def destroy(self, receiver: subprocess.Popen[bytes]) -> None:
        """The machine is gone: what is left is the folder of backups."""
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if (process / "cwd").resolve() == self.cluster.data.resolve():
                    os.kill(int(process.name), signal.SIGKILL)
        shutil.rmtree(self.cluster.data)
        receiver.kill()  # no time for a last word either
        receiver.wait(15)

    def restore(self, name: str, until: datetime | None = None) -> set[int]:
        """The rows in a cluster made from the backups alone."""
        back = Cluster(
            home=self.cluster.home,
            name=name,
            user=self.cluster.user,
            port=ports.private(f"{self.home}{name}", frozenset()),
            password=PASSWORD,
            admin_password=PASSWORD,
        )
        restore.prepare(self.root, back.data, until=until)
        self.hand_over(back.data, self.root / "wal")
        with (back.data / "postgresql.auto.conf").open("a") as file:
            file.write("fsync = off\n")  # it is looked at once and thrown away
        back.configure()
        back.call_pg_ctl("-w", "-t", "60", "-l", back.log, "start")
        try:
            url = f"postgres://{ADMIN}:{PASSWORD}@127.0.0.1:{back.port}/postgres"
            with psycopg.connect(url, autocommit=True, connect_timeout=5) as link:
                processes.wait_until(lambda: not self.recovering(link), 30)
                return {n for (n,) in link.execute("SELECT n FROM acknowledged")}
        finally:
            back.call_pg_ctl("-m", "immediate", "-w", "-t", "30", "stop")

    def recovering(self, link: psycopg.Connection[Any]) -> bool:
        row = link.execute("SELECT pg_is_in_recovery()").fetchone()
        return bool(row and row[0])

    def hand_over(self, *folders: Path) -> None:
        """What root copied becomes PostgreSQL's user's."""
        if places.is_root():
            self.root.chmod(0o755)
            for folder in folders:
                subprocess.run(["chown", "-R", self.cluster.user, str(folder)], check=True)

    def clean(self, receiver: subprocess.Popen[bytes] | None) -> None:
        if receiver is not None and receiver.poll() is None:
            receiver.kill()
            receiver.wait(10)
        if self.cluster.pid() is not None:
            self.cluster.stop()
