"""The private servers of a checkout: which are needed, on which ports, and the file that tells
everybody."""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bhavya.local import envfile, places, ports
from bhavya.local.postgres import Cluster
from bhavya.local.redis import Broker

# Given from outside, these replace the private servers.
OUTSIDE = ("DATABASE_URL", "BROKER_URL", "CACHE_URL")


@dataclass
class Servers:
    """The set for `make run`, or the throw-away set for `make test`; both may run side by side."""

    test: bool = False
    state: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places.prepare()
        self.state = envfile.read_state(self.state_file)

    @property
    def suffix(self) -> str:
        return "-test" if self.test else ""

    @property
    def state_file(self) -> Path:
        return places.LOCAL / f"servers{self.suffix}.json"

    @property
    def env_file(self) -> Path:
        return places.LOCAL / ("env.test" if self.test else "env")

    def secret(self, name: str, size: int = 24) -> str:
        """A random word of `size` bytes, made once; URL-safe, for it becomes part of an address."""
        return self.state.setdefault(name, secrets.token_urlsafe(size))

    def key(self, name: str) -> str:
        """A 256-bit key in URL-safe base64, made once."""
        return self.state.setdefault(
            name, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        )

    def port(self, name: str) -> int:
        taken = frozenset(int(value) for key, value in self.state.items() if key.endswith("_port"))
        if name not in self.state:
            self.state[name] = str(ports.private(f"{places.ROOT}{name}{self.suffix}", taken))
        return int(self.state[name])

    def cluster(self) -> Cluster:
        home = places.data_home()
        return Cluster(
            home=home,
            name=f"pg{self.suffix}",
            user=places.server_user(home),
            port=self.port("postgres_port"),
            password=self.secret("postgres_password"),
            admin_password=self.secret("postgres_admin_password"),
            fast=self.test,
        )

    def broker(self) -> Broker:
        home = places.data_home()
        return Broker(
            home=home,
            name=f"redis{self.suffix}",
            user=places.server_user(home),
            port=self.port("redis_port"),
            password=self.secret("redis_password"),
            fast=self.test,
        )

    def needs_cluster(self) -> bool:
        return not os.environ.get("DATABASE_URL")

    def needs_broker(self) -> bool:
        return not (os.environ.get("BROKER_URL") and os.environ.get("CACHE_URL"))

    def needs_stand_in(self) -> bool:
        """A demo whose gateway nobody named gets the stand-in of ABDM. Never outside of a demo."""
        demo = (os.environ.get("DEMO") or "true").lower() in {"1", "true", "yes"}
        return demo and not self.test and "ABDM_ENVIRONMENT" not in os.environ

    def start_cluster(self) -> bool:
        """Start PostgreSQL if it is ours to start. Returns True when it was not running."""
        return self.needs_cluster() and self.start(self.cluster(), "postgres_port")

    def start_broker(self) -> bool:
        """Start Redis or Valkey if it is ours to start. Returns True when it was not running."""
        return self.needs_broker() and self.start(self.broker(), "redis_port")

    def start(self, server: Cluster | Broker, port_name: str) -> bool:
        """Start `server` on its port, or on another one when somebody else has taken it
        meanwhile."""
        with locked():
            places.make_folder(server.home, server.user)
            if server.running():
                self.save()
                return False
            if server.pid() is None and not ports.is_free(server.port):
                del self.state[port_name]
                server.port = self.port(port_name)
            # Remembered before the start: passwords must survive a kill right after initdb.
            self.save()
            server.start()
            self.save()
        return True

    def stop(self) -> bool:
        """Stop what runs. Returns True when something did."""
        with locked():
            running: list[Cluster | Broker] = [
                server for server in (self.cluster(), self.broker()) if server.pid() is not None
            ]
            for server in running:
                server.stop()
        return bool(running)

    def environment(self) -> dict[str, str]:
        """Addresses for the programs started here; what the caller's environment says wins."""
        values = {
            "SECRET_KEY": self.secret("secret_key", 48),
            "FIELD_KEY": self.key("field_key"),
            "DEMO": "true",
        }
        if self.needs_cluster():
            values["DATABASE_URL"] = self.cluster().url
        if self.needs_broker():
            values["BROKER_URL"] = self.broker().url(0)
            values["CACHE_URL"] = self.broker().url(1)
        if "web_port" in self.state:
            values["WEB_PORT"] = self.state["web_port"]
        if self.needs_stand_in() and "abdm_port" in self.state:
            values["ABDM_ENVIRONMENT"] = f"http://127.0.0.1:{self.state['abdm_port']}"
            values["ABDM_CLIENT_ID"] = "bhavya-demo"
            values["ABDM_CLIENT_SECRET"] = self.secret("abdm_secret")
        return {key: os.environ.get(key) or value for key, value in values.items()}

    def save(self) -> None:
        envfile.write_state(self.state_file, self.state)
        envfile.write(self.env_file, self.environment())

    def status(self) -> list[str]:
        """One line for each server."""
        lines = []
        for needed, server, title in (
            (self.needs_cluster(), self.cluster(), "PostgreSQL"),
            (self.needs_broker(), self.broker(), "Redis or Valkey"),
        ):
            if not needed:
                lines.append(f"{title}: given by the environment")
            elif server.running():
                lines.append(f"{title}: running on 127.0.0.1:{server.port}, data in {server.data}")
            else:
                lines.append(f"{title}: stopped")
        return lines


@contextmanager
def locked() -> Iterator[None]:
    """One starter or stopper at a time; the lock goes with the process, killed or not."""
    with (places.LOCAL / "servers.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
