"""What lies in a folder of backups."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SEGMENT = re.compile(r"^[0-9A-F]{24}(\.partial)?$")
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Base:
    """A finished copy of the cluster. `at`: when it was whole; it can go to any moment after."""

    name: str
    folder: Path
    at: datetime
    version: int


def bases(root: Path) -> list[Base]:
    """The finished copies, oldest first. One that was cut off has no note and does not count."""
    found = []
    for note in sorted((root / "base").glob("*/bhavya-backup.json")):
        told = json.loads(note.read_text("utf-8"))
        at = datetime.fromisoformat(told["at"])
        found.append(Base(note.parent.name, note.parent, at, told["postgresql"]))
    return sorted(found, key=lambda base: base.at)


def newest(root: Path) -> Base | None:
    return found[-1] if (found := bases(root)) else None


def last_log(root: Path) -> datetime | None:
    """When the archive of the log was last written; None when there is none."""
    files = [p for p in (root / "wal").glob("*") if SEGMENT.match(p.name)]
    times = [file.stat().st_mtime for file in files]
    return datetime.fromtimestamp(max(times), tz=UTC) if times else None


def stamp() -> str:
    return datetime.now(UTC).strftime(STAMP)
