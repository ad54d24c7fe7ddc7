"""Starting, knowing again and ending processes."""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bhavya.local.problem import Problem, cause

TAIL = 4000


def call(
    command: Sequence[object],
    log: Path,
    sentence: str,
    *,
    cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
    **how: Any,
) -> None:
    """Run to the end with its output in `log`; a failure is `sentence` plus the plain cause, if
    one is known."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as file:
        file.write(f"\n$ {' '.join(str(part) for part in command)}\n".encode())
        file.flush()
        begin = file.tell()
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env=None if env is None else dict(env),
                check=False,
                **how,
            )
        except OSError as error:
            raise Problem(f"{sentence}: {error.strerror}.", log) from error
    if done.returncode:
        reason = cause(since(log, begin))
        raise Problem(f"{sentence}: {reason}." if reason else f"{sentence}.", log)


def since(log: Path, begin: int) -> str:
    """The end of what was written to `log` after `begin`."""
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(begin, size - TAIL))
        return file.read().decode(errors="replace")


def birth(pid: int) -> str:
    """When the process started, in the kernel's ticks; empty when there is none.

    Tells a reused number apart.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (OSError, ValueError):
        return ""
    # The name in brackets may hold spaces; what follows the last bracket does not.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def remember(file: Path, pid: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{pid} {birth(pid)}\n")


def recall(file: Path) -> int | None:
    """The number in a pid file when that same process still runs; a stale file is removed."""
    try:
        pid, born = file.read_text().split()
        if birth(int(pid)) == born:
            return int(pid)
    except (OSError, ValueError):
        pass
    file.unlink(missing_ok=True)
    return None


def end_group(pid: int, grace: float) -> None:
    """End a process and all it started (its own process group): ask, wait `grace` seconds, then
    insist."""
    for sign, wait in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(pid, sign)
        except (ProcessLookupError, PermissionError):
            return
        if wait_until(lambda: not group_alive(pid), wait):
            return


def group_alive(pid: int) -> bool:
    return bool(group_members(pid))


def group_members(group: int) -> list[int]:
    """Processes of the group that still do something (a zombie waiting for its parent does not)."""
    members = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[2] == str(group) and fields[0] != "Z":
            members.append(int(entry.name))
    return members


def end_remembered_group(file: Path, cwd: Path) -> bool:
    """End the group whose leader is in the pid file, also when only the leader was killed.

    A number used again by a stranger is left alone: its birth differs, or its members work in
    another folder.
    """
    try:
        pid, born = file.read_text().split()
        leader, group = birth(int(pid)), int(pid)
    except (OSError, ValueError):
        return False
    if leader and leader != born:
        return False
    members = group_members(group)
    if not members or not any(works_in(member, cwd) for member in members):
        return False
    end_group(group, 5.0)
    return True


def works_in(pid: int, cwd: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == cwd.resolve()
    except OSError:
        return False


def end(pid: int, sign: int, grace: float) -> bool:
    """Signal one process and wait for it to go."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return True
    return wait_until(lambda: not birth(pid), grace)


@contextmanager
def only_one(file: Path, sentence: str) -> Iterator[None]:
    """Hold the lock, or a Problem with the holder's `{pid}`.

    The lock goes with the process, killed or not, so it cannot be stale.
    """
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise Problem(sentence.format(pid=held.read().strip())) from None
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield


def wait_until(true: Callable[[], object], seconds: float, every: float = 0.05) -> bool:
    """Poll until `true()` or the time is over."""
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= limit:
            return False
        time.sleep(every)
    return True
