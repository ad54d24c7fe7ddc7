"""A private Redis or Valkey: broker (database 0) and cache (database 1)."""

import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from bhavya.local import places, processes
from bhavya.local.problem import Problem, cause

BINARIES = ("valkey-server", "redis-server")
START_SECONDS = 20.0


def find_binary() -> str | None:
    return next((path for name in BINARIES if (path := shutil.which(name))), None)


@dataclass
class Broker:
    """One data folder and the port it is served on."""

    home: Path
    name: str
    user: str
    port: int
    password: str
    fast: bool = False

    @property
    def data(self) -> Path:
        return self.home / self.name

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.data / "server.pid"

    def url(self, database: int) -> str:
        return f"redis://default:{self.password}@127.0.0.1:{self.port}/{database}"

    def pid(self) -> int | None:
        """Number of the running server, or None. A pid file left by a kill does not count."""
        try:
            pid = int(self.pid_file.read_text())
            here = Path(f"/proc/{pid}/cwd").resolve(strict=True) == self.data.resolve()
        except (OSError, ValueError):
            return None
        return pid if here and processes.birth(pid) else None

    def running(self) -> bool:
        return self.pid() is not None and self.ping()

    def ping(self) -> bool:
        """True when the server takes our password and is done loading its file."""
        question = f"AUTH {self.password}\r\nPING\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as sock:
                sock.sendall(question)
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := sock.recv(256)):
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"

    def configuration(self) -> str:
        """Broker messages outlive a kill (append-only file); the test broker keeps nothing."""
        return "\n".join(
            [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                "daemonize yes",
                f'pidfile "{self.pid_file}"',
                f'logfile "{self.log}"',
                f'dir "{self.data}"',
                f"appendonly {'no' if self.fast else 'yes'}",
                "appendfsync everysec",
                'save ""',
                "maxmemory-policy noeviction",
                "",
            ]
        )

    def start(self) -> None:
        binary = find_binary()
        if not binary:
            raise Problem("Neither Redis nor Valkey is installed: apt-get install redis-server")
        places.make_folder(self.data, self.user)
        self.pid_file.unlink(missing_ok=True)
        conf = self.data / "server.conf"
        places.give_file(conf, self.configuration(), self.user)
        begin = self.log.stat().st_size if self.log.exists() else 0
        processes.call(
            [binary, conf],
            places.LOGS / "redis.log",
            "The message broker did not start",
            cwd=self.data,
            start_new_session=True,
            **places.run_as(self.user),
        )
        if not processes.wait_until(self.running, START_SECONDS):
            reason = cause(processes.since(self.log, begin)) if self.log.exists() else ""
            raise Problem(
                f"The message broker did not start{': ' + reason if reason else ''}.", self.log
            )

    def stop(self) -> None:
        pid = self.pid()
        if pid is not None and not processes.end(pid, signal.SIGTERM, 15):
            raise Problem("The message broker did not stop within 15 s.", self.log)
