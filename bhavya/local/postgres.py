"""A private PostgreSQL cluster: made, started, stopped. TCP on 127.0.0.1 only, passwords always."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from bhavya.local import places, ports, processes
from bhavya.local.problem import Problem, cause

ADMIN = "cluster_admin"
ROLE = "bhavya"
DATABASE = "bhavya"
# For psql; safe to repeat. The role may end PostgreSQL's own workers: one of them (autovacuum) may
# be at work in a database that is dropped.
MAKE_DATABASE = r"""
SELECT format('CREATE ROLE %I LOGIN CREATEDB', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
GRANT pg_signal_backend TO :"role";
SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
"""
# After a kill -9 the old shared memory is held for about 3 s.
RETRY_SECONDS = 10.0
DEBIAN_HOME = Path("/usr/lib/postgresql")

# Small box, many schemas: a lock for each table of a schema that is created or dropped in one
# transaction.
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "120",
    "shared_buffers": "'192MB'",
    "max_locks_per_transaction": "512",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "jit": "off",
    "log_min_duration_statement": "'2s'",
}
# A cluster for tests is thrown away after a power cut, so it need not wait for the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


def find_binaries(data: Path | None = None) -> Path | None:
    """Folder with initdb and pg_ctl: of the cluster's own major version when `data` exists, else
    the newest."""
    wanted = ""
    if data and (data / "PG_VERSION").exists():
        wanted = (data / "PG_VERSION").read_text().strip()
    found = sorted(
        (folder for folder in DEBIAN_HOME.glob("*/bin") if (folder / "initdb").exists()),
        key=lambda folder: (
            float(folder.parent.name) if folder.parent.name.replace(".", "").isdigit() else 0
        ),
    )
    if wanted:
        found = [folder for folder in found if folder.parent.name == wanted]
    if found:
        return found[-1]
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere and not wanted else None


@dataclass
class Cluster:
    """One data folder and the port it is served on."""

    home: Path
    name: str
    user: str
    port: int
    password: str
    admin_password: str
    fast: bool = False

    @property
    def data(self) -> Path:
        return self.home / self.name

    @property
    def log(self) -> Path:
        return self.home / f"{self.name}.log"

    @property
    def url(self) -> str:
        return f"postgres://{ROLE}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def binaries(self) -> Path:
        found = find_binaries(self.data)
        if found:
            return found
        if (self.data / "PG_VERSION").exists():
            version = (self.data / "PG_VERSION").read_text().strip()
            raise Problem(
                f"The data was made by PostgreSQL {version}, which is not installed: "
                f"apt-get install postgresql-{version}, or start over with `make reset`."
            )
        raise Problem("PostgreSQL is not installed: apt-get install postgresql")

    def pid(self) -> int | None:
        """Number of the running server, or None. A pid file left by a kill does not count."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.data).encode() in command else None

    def identity(self) -> str:
        """Differs from one initdb to the next; empty when there is no cluster."""
        mark = self.data / "PG_VERSION"
        return str(mark.stat().st_mtime_ns) if mark.exists() else ""

    def running(self) -> bool:
        return self.pid() is not None and ports.answers(self.port)

    def create(self) -> None:
        """initdb into a folder beside and rename, so that an interrupted start leaves no half
        cluster."""
        half = self.home / f"{self.name}.new"
        shutil.rmtree(half, ignore_errors=True)
        secret = self.home / f"{self.name}.secret"
        places.give_file(secret, self.admin_password + "\n", self.user)
        command: list[str | Path] = [
            self.binaries() / "initdb",
            "-D",
            half,
            "-U",
            ADMIN,
            "--pwfile",
            secret,
        ]
        command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]
        try:
            processes.call(
                command + (["--no-sync"] if self.fast else []),
                places.LOGS / "postgresql.log",
                "PostgreSQL could not make its data folder",
                cwd=self.home,
                env=clean_environment(),
                **places.run_as(self.user),
            )
        finally:
            secret.unlink(missing_ok=True)
        with (half / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists = 'bhavya.conf'\n")
        half.rename(self.data)

    def configure(self) -> None:
        settings = SETTINGS | {"port": str(self.port)} | (FAST if self.fast else {})
        text = "".join(f"{key} = {value}\n" for key, value in settings.items())
        places.give_file(self.data / "bhavya.conf", text, self.user)

    def start(self) -> None:
        """Start and wait until it answers.

        Tries again for ten seconds: a killed server lets go slowly.
        """
        if not self.data.exists():
            self.create()
        self.configure()
        limit = time.monotonic() + RETRY_SECONDS
        while True:
            begin = self.log.stat().st_size if self.log.exists() else 0
            try:
                self.call_pg_ctl("-w", "-t", "60", "-l", self.log, "start")
                break
            except Problem:
                if time.monotonic() < limit:
                    time.sleep(0.5)
                    continue
                reason = cause(processes.since(self.log, begin)) if self.log.exists() else ""
                raise Problem(
                    f"PostgreSQL did not start{': ' + reason if reason else ''}.", self.log
                ) from None
        self.make_database()

    def stop(self) -> None:
        if self.pid() is not None:
            self.call_pg_ctl("-m", "fast", "-w", "-t", "30", "stop")

    def call_pg_ctl(self, *words: str | Path) -> None:
        processes.call(
            [self.binaries() / "pg_ctl", "-D", self.data, *words],
            places.LOGS / "postgresql.log",
            "PostgreSQL did not obey",
            cwd=self.home,
            env=clean_environment(),
            start_new_session=True,
            **places.run_as(self.user),
        )

    def make_database(self) -> None:
        """The application's role (may create test databases, no superuser) and its database."""
        names = {"role": ROLE, "database": DATABASE, "password": self.password}
        # By standard input: what is on the command line can be read by every user of the machine.
        script = "".join(f"\\set {key} '{value}'\n" for key, value in names.items())
        address = f"host=127.0.0.1 port={self.port} user={ADMIN} dbname=postgres"
        done = subprocess.run(
            [str(self.binaries() / "psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", address],
            input=script + MAKE_DATABASE,
            text=True,
            capture_output=True,
            check=False,
            env=clean_environment() | {"PGPASSWORD": self.admin_password},
        )
        if done.returncode:
            raise Problem(
                f"PostgreSQL would not make the database: {done.stderr.strip()}", self.log
            )


def clean_environment() -> dict[str, str]:
    """Our environment without PG* variables, which would send pg_ctl and psql to another server."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {
        "LC_ALL": "C.UTF-8"
    }
