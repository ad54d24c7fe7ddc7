"""Keeps the programs running: starts them, restarts one that dies, stops all."""

import contextlib
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bhavya.local import processes
from bhavya.local.problem import Problem
from bhavya.local.progress import say

LIMIT = 5
WINDOW = 60.0
GRACE = 10.0
LOG_BYTES = 20_000_000


@dataclass
class Restarts:
    """Remembers deaths: more than `limit` within `window` seconds is a fault that restarting will
    not mend."""

    limit: int = LIMIT
    window: float = WINDOW
    deaths: deque[float] = field(default_factory=deque)

    def allow(self, now: float) -> bool:
        self.deaths.append(now)
        while self.deaths[0] <= now - self.window:
            self.deaths.popleft()
        return len(self.deaths) <= self.limit

    def pause(self) -> float:
        """Seconds to wait before the next start: none at first, then a little more each time."""
        return min(4.0, 0.5 * (len(self.deaths) - 1))


@dataclass
class Child:
    """One program, its own process group, its output straight into its log file.

    The output does not pass through us: when this process is killed, the child does not die of a
    broken pipe.
    """

    name: str
    title: str
    command: Sequence[str | Path]
    cwd: Path
    environment: Mapping[str, str]
    log: Path
    pid_file: Path
    restarts: Restarts = field(default_factory=Restarts)
    process: subprocess.Popen[bytes] | None = None
    due: float = 0.0

    def start(self) -> None:
        turn_over(self.log)
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=self.cwd,
                env=dict(self.environment),
                start_new_session=True,
            )
        processes.remember(self.pid_file, self.process.pid)

    def watch(self, now: float) -> None:
        """Restart it if it died; a Problem when it keeps dying."""
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        # What it had started may live on and hold the port or take jobs.
        processes.end_group(self.process.pid, 1.0)
        self.process = None
        if not self.restarts.allow(now):
            raise Problem(
                f"{self.title} stopped {self.restarts.limit + 1} times "
                f"within {self.restarts.window:.0f} seconds.",
                self.log,
            )
        self.due = now + self.restarts.pause()
        say(f"{self.title} {ending(code)}; starting it again.")

    def ask_to_stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def stop(self, grace: float) -> None:
        """Wait `grace` seconds for it to go, then end its whole group."""
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(grace, 0.0))
            processes.end_group(self.process.pid, 0.5)
            self.process.wait()
        self.pid_file.unlink(missing_ok=True)


def ending(code: int) -> str:
    return f"was killed (signal {-code})" if code < 0 else f"ended (code {code})"


@dataclass
class Supervisor:
    """Watches the children until told to stop.

    `tend` is called each round, for the servers below them.
    """

    children: Sequence[Child]
    tend: Callable[[], None]

    def start(self) -> None:
        for child in self.children:
            child.start()

    def round(self) -> None:
        self.tend()
        for child in self.children:
            child.watch(time.monotonic())

    def stop(self) -> None:
        """Ask all at once, then wait: the slowest decides, not the sum."""
        limit = time.monotonic() + GRACE
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop(limit - time.monotonic())


def end_leftovers(folder: Path, cwd: Path) -> list[str]:
    """End what an earlier, killed run left behind, known by its pid files. Returns the names."""
    ended = []
    for file in sorted(folder.glob("*.pid")):
        if processes.end_remembered_group(file, cwd):
            ended.append(file.stem)
        file.unlink(missing_ok=True)
    return ended


def turn_over(log: Path) -> None:
    """Keep a log and the one before it, no more."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name(log.name + ".1"))
