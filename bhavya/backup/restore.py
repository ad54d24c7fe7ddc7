"""The way back: a base copy, the log after it, up to a moment or to the end."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bhavya.backup import take
from bhavya.backup.archive import Base, bases
from bhavya.local.problem import Problem

# pg_receivewal leaves the segment under way as .partial: that is where the newest rows are.
FETCH = 'f="{wal}/%f"; test -f "$f" || f="$f.partial"; test -f "$f" && cp "$f" "%p"'

# What a server that plays a log back must have as large as the one that wrote it.
LIMITS = {
    "max_connections": "max_connections",
    "max_worker_processes": "max_worker_processes",
    "max_wal_senders": "max_wal_senders",
    "max_prepared_xacts": "max_prepared_transactions",
    "max_locks_per_xact": "max_locks_per_transaction",
}
RULES = """local all all peer
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


def choose(root: Path, until: datetime | None) -> Base:
    """The newest copy that was whole by then."""
    found = [base for base in bases(root) if until is None or base.at <= until]
    if not found:
        asked = f" before {until:%Y-%m-%d %H:%M:%S %Z}" if until else ""
        raise Problem(f"{root} holds no finished base copy{asked}.")
    return found[-1]


def prepare(root: Path, data: Path, *, until: datetime | None = None, port: int = 0) -> Base:
    """A data folder that plays the log back by itself when PostgreSQL is started on it.

    It then opens for writing on a timeline of its own; the backups stay as they are.
    """
    if data.exists() and any(data.iterdir()):
        raise Problem(f"{data} is not empty: restore into a new folder, nothing is overwritten.")
    if until is not None:
        until = until.astimezone(UTC)
    base = choose(root, until)
    shutil.copytree(base.folder, data, dirs_exist_ok=True)
    data.chmod(0o700)
    (data / "bhavya-backup.json").unlink()
    complete(data)
    fetch = FETCH.format(wal=(root / "wal").absolute())
    lines = [
        f"restore_command = '{fetch}'",
        "recovery_target_action = 'promote'",
        "recovery_target_timeline = 'latest'",
        "synchronous_standby_names = ''",  # nobody listens to the restored cluster yet
        "archive_mode = off",
    ]
    if until is not None:
        lines.append(f"recovery_target_time = '{until:%Y-%m-%d %H:%M:%S.%f}+00'")
    if port:
        lines.append(f"port = {port}")
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
        file.write("\n# written by bhavya.backup restore\n" + "\n".join(lines) + "\n")
    (data / "recovery.signal").touch(mode=0o600)
    return base


def complete(data: Path) -> None:
    """The settings that Debian keeps in /etc/postgresql, so that no copy of a cluster holds them:
    the least with which this one plays its log back and answers on this machine."""
    if not (data / "postgresql.conf").exists():
        told = dict(re.findall(r"^(\w+) setting: +(\d+)$", take.call("pg_controldata", data), re.M))
        lines = [f"{name} = {told[key]}" for key, name in LIMITS.items() if key in told]
        text = "# written by bhavya.backup restore\nlisten_addresses = '127.0.0.1'\n"
        (data / "postgresql.conf").write_text(text + "\n".join(lines) + "\n", "utf-8")
    for name, text in (("pg_hba.conf", RULES), ("pg_ident.conf", "")):
        if not (data / name).exists():
            (data / name).write_text(text, "utf-8")


def papers(root: Path, media: Path, *, until: datetime | None = None) -> Path | None:
    """Copy back what is missing in `media` from the snapshot; nothing is overwritten.

    A paper is drawn from frozen text and never says anything else later, so the newest snapshot is
    right for every moment before it.
    """
    found = sorted(p for p in (root / "media").glob("*") if p.suffix != ".part")
    if not found:
        return None
    for file in (p for p in found[-1].rglob("*") if p.is_file()):
        target = media / file.relative_to(found[-1])
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, target)
    return found[-1]
