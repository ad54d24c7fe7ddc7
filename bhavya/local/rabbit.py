"""A private RabbitMQ from Debian's package: loopback only, its own node, cookie, port mapper."""

import os
import secrets
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bhavya.local import places, ports, processes
from bhavya.local.problem import Problem

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
START_SECONDS = 90.0
ROLE = "bhavya"


def is_there() -> bool:
    """Debian's package is installed. The program itself, not its wrapper, which is root's."""
    return SERVER.exists() and shutil.which("epmd") is not None


@dataclass
class Rabbit:
    """One node in one folder, thrown away with it."""

    home: Path
    user: str
    port: int
    inner_port: int
    mapper_port: int
    password: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://{ROLE}:{self.password}@127.0.0.1:{self.port}//"

    @property
    def log(self) -> Path:
        return self.home / "rabbit.log"

    def configuration(self) -> str:
        return "\n".join(
            [
                f"listeners.tcp.1 = 127.0.0.1:{self.port}",
                f"default_user = {ROLE}",
                f"default_pass = {self.password}",
                "disk_free_limit.absolute = 50MB",
                "log.file.level = warning",
                "",
            ]
        )

    def environment(self) -> dict[str, str]:
        """Nothing of the machine's own RabbitMQ is read or written."""
        return {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": str(self.home),  # the cookie lies there
            "RABBITMQ_NODENAME": f"bhavya{self.port}@localhost",
            "RABBITMQ_BASE": str(self.home),
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_LOG_BASE": str(self.home / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "none.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "plugins"),
            "RABBITMQ_DIST_PORT": str(self.inner_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} +S 2:2"
            ),
            "ERL_EPMD_PORT": str(self.mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }

    def start(self) -> None:
        """Start, or start again after a kill on the data that is there; wait until it answers."""
        if not is_there():
            raise Problem("RabbitMQ is not installed: apt-get install rabbitmq-server")
        places.make_folder(self.home, self.user)
        for name in ("data", "log"):
            places.make_folder(self.home / name, self.user)
        if not (self.home / ".erlang.cookie").exists():
            places.give_file(self.home / ".erlang.cookie", secrets.token_hex(16), self.user)
            (self.home / ".erlang.cookie").chmod(0o400)
        places.give_file(self.home / "rabbitmq.conf", self.configuration(), self.user)
        places.give_file(self.home / "plugins", "[].\n", self.user)
        places.give_file(self.home / "none.conf", "", self.user)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(SERVER)],
                cwd=self.home,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **places.run_as(self.user),
            )
        if not processes.wait_until(self.answers, START_SECONDS, every=0.2):
            self.stop()
            raise Problem("RabbitMQ did not start.", self.log)

    def answers(self) -> bool:
        """The port opens last, when all queues are there."""
        return ports.answers(self.port)

    def kill(self) -> None:
        """kill -9 of the whole node: no last word, no flush."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            processes.wait_until(lambda: not self.answers(), 10)

    def stop(self) -> None:
        """End the node and its port mapper."""
        if self.process is not None and self.process.poll() is None:
            processes.end(self.process.pid, signal.SIGTERM, 20)
            self.kill()
        subprocess.run(
            ["epmd", "-port", str(self.mapper_port), "-kill"],
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
