"""Where things are, and as whom the servers run."""

import hashlib
import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

from bhavya.local.problem import Problem

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
STAMPS = LOCAL / "stamps"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
STAND_IN_MEMORY = LOCAL / "abdm-sandbox.json"

# Tried in this order when started as root: PostgreSQL refuses to run as root.
SERVER_USERS = ("postgres", "nobody")


def prepare() -> None:
    """Make `.local`; say so when it belongs to somebody else."""
    try:
        for folder in (LOCAL, LOGS, STAMPS):
            folder.mkdir(parents=True, exist_ok=True)
        (LOGS / "install.log").touch()
    except PermissionError as error:
        raise Problem(
            f"{LOCAL} may not be written by this user; run this as {owner_name(LOCAL)}."
        ) from error
    except OSError as error:
        raise Problem(f"{LOCAL} cannot be written: {error.strerror}.") from error


def owner_name(path: Path) -> str:
    """Name of the user who owns `path` or its nearest existing parent."""
    while not path.exists():
        path = path.parent
    uid = path.stat().st_uid
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def is_root() -> bool:
    return os.geteuid() == 0


def server_user(data: Path) -> str:
    """Whose account the private servers use.

    Data that exists already decides, so `sudo make run` keeps working.
    """
    if not is_root():
        return pwd.getpwuid(os.geteuid()).pw_name
    if data.exists() and data.stat().st_uid != 0:
        return owner_name(data)
    for name in SERVER_USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Problem(
        "No unprivileged user was found to run PostgreSQL (looked for: "
        + ", ".join(SERVER_USERS)
        + ")."
    )


def run_as(user: str) -> dict[str, Any]:
    """Arguments for `subprocess` that drop root's rights; empty when there are none to drop."""
    if not is_root():
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def reachable(path: Path, user: str) -> bool:
    """May `user` walk to `path`? A checkout in /root, for example, is closed to everybody else."""
    if not is_root():
        return True
    probe = subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **run_as(user))
    return probe.returncode == 0


def data_home() -> Path:
    """Folder for the servers' data: `.local`, or /var/lib/bhavya/<checkout> when their user cannot
    get there."""
    inside = LOCAL / "data"
    outside = Path("/var/lib/bhavya") / hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    if not is_root() or inside.exists():
        return inside
    if outside.exists() or not reachable(LOCAL, server_user(inside)):
        return outside
    return inside


def make_folder(path: Path, user: str) -> None:
    """Make `path` for `user` alone; parents stay readable so that the user gets there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    if is_root():
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)


def give_file(path: Path, text: str, user: str) -> None:
    """Write a file that only `user` (and root) can read: it holds a password."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    if is_root():
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)
