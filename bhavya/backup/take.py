"""Copying: the cluster, its log as it is written, the papers."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from bhavya.backup.archive import bases, stamp
from bhavya.local.postgres import clean_environment, find_binaries
from bhavya.local.problem import Problem

SLOT = "bhavya_archive"
HOUR = 3600.0


def program(name: str) -> Path:
    folder = find_binaries()
    if folder is None:
        raise Problem("PostgreSQL's programs are not installed: apt-get install postgresql")
    return folder / name


def split(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and an environment with it: a command line is read by
    every user of the machine."""
    told = urlsplit(url)
    password, host = unquote(told.password or ""), told.netloc.rpartition("@")[2]
    who = f"{told.username}@" if told.username else ""
    secret = {"PGPASSWORD": password} if password else {}
    return urlunsplit(told._replace(netloc=who + host)), clean_environment() | secret


def call(
    name: str, *words: str | Path, url: str = "", limit: float = 24 * HOUR, **more: Any
) -> str:
    """What one of PostgreSQL's programs printed; Problem with its last line when it failed."""
    address, environment = split(url) if url else ("", clean_environment())
    words = ("-d", address, "--no-password", *words) if url else words
    done = subprocess.run(
        [str(program(name)), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=limit,
        env=environment,
        **more,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Problem(f"{name} failed: {last}")
    return done.stdout


def take_base(root: Path, url: str) -> Path:
    """A copy of the whole cluster, checked against its own list of sums, then named finished."""
    folder = root / "base" / stamp()
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = folder.with_name(f"{folder.name}.part")
    # The log of the copy comes with it (-X stream), so that it can be opened without `wal/` too.
    call("pg_basebackup", "-D", half, "-X", "stream", "-c", "fast", url=url)
    call("pg_verifybackup", "--quiet", half)
    version = int((half / "PG_VERSION").read_text().strip())
    note = {"at": datetime.now(UTC).isoformat(), "postgresql": version}
    (half / "bhavya-backup.json").write_text(json.dumps(note), "utf-8")
    half.rename(folder)
    return folder


def stream_command(root: Path, url: str) -> tuple[list[str], dict[str, str]]:
    """pg_receivewal: each byte of the log is on this disk before the server hears that it is.

    With `synchronous_standby_names` naming it, a COMMIT that was answered is here as well.
    """
    address, environment = split(url)
    command = [
        str(program("pg_receivewal")), "-d", address, "-D", str(root / "wal"),
        "--slot", SLOT, "--synchronous", "--no-password",
    ]  # fmt: skip
    return command, environment | {"PGAPPNAME": SLOT}


def stream(root: Path, url: str) -> None:
    """Receive the log for ever (a service of its own). Replaces this process."""
    prepare_stream(root, url)
    command, environment = stream_command(root, url)
    os.execve(command[0], command, environment)


def prepare_stream(root: Path, url: str) -> None:
    """The slot makes the server keep what we have not received. Safe to repeat."""
    (root / "wal").mkdir(parents=True, exist_ok=True)
    call("pg_receivewal", "--slot", SLOT, "--create-slot", "--if-not-exists", url=url, limit=60)


def copy_papers(root: Path, media: Path) -> tuple[Path, int]:
    """A snapshot of the papers' folder; its path, and how many files were new.

    A file that is as it was (size and time) becomes a hard link to the snapshot before.
    """
    before = max((p for p in (root / "media").glob("*") if p.suffix != ".part"), default=None)
    folder = root / "media" / stamp()
    half = folder.with_name(f"{folder.name}.part")
    half.mkdir(parents=True)
    fresh = 0
    for file in sorted(p for p in media.rglob("*") if p.is_file()):
        name = file.relative_to(media)
        target, old = half / name, before / name if before else None
        target.parent.mkdir(parents=True, exist_ok=True)
        if old and old.exists() and same(old, file):
            os.link(old, target)
        else:
            shutil.copy2(file, target)
            fresh += 1
    half.rename(folder)
    return folder, fresh


def same(one: Path, other: Path) -> bool:
    mine, theirs = one.stat(), other.stat()
    return (mine.st_size, mine.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def forget(root: Path, keep: int) -> list[str]:
    """Remove all but the newest `keep` base copies, and the log that no copy left needs."""
    found = bases(root)
    gone, stay = found[:-keep] if keep else [], found[-keep:]
    for base in gone:
        shutil.rmtree(base.folder)
    if gone and stay:
        label = (stay[0].folder / "backup_label").read_text("utf-8")
        first = label.split("file ", 1)[1].split(")", 1)[0]
        call("pg_archivecleanup", root / "wal", first)
    return [base.name for base in gone]
