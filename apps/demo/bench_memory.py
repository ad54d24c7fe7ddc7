"""Memory of programs and of PostgreSQL's processes over time, read from /proc."""

import re
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from apps.core.tenancy import connection

PRIVATE = re.compile(r"^Private_\w+:\s+(\d+) kB$", re.MULTILINE)
RESIDENT = re.compile(r"^Rss:\s+(\d+) kB$", re.MULTILINE)
ANON = re.compile(r"^RssAnon:\s+(\d+) kB$", re.MULTILINE)
WARM, LATE = 0.25, 0.75  # parts of the time: what lies before the first is warming up
Sample = dict[str, float]


class Sampler:
    """`look()` adds one sample: megabytes by name. `groups`: name and id of a process group."""

    def __init__(self, groups: dict[str, int], seconds: float) -> None:
        self.groups = groups
        self.every = 10.0 if seconds >= 120 else 2.0
        self.samples: list[tuple[float, Sample]] = []

    def look(self) -> None:
        found: Sample = defaultdict(float)
        names = {group: name for name, group in self.groups.items()}
        for folder in Path("/proc").iterdir():
            name = names.get(_group(folder)) if folder.name.isdecimal() else None
            text = _read(folder / "smaps_rollup") if name else ""
            if name and text:
                found[f"{name}_uss_mb"] += sum(map(int, PRIVATE.findall(text))) / 1024
                found[f"{name}_rss_mb"] += sum(map(int, RESIDENT.findall(text))) / 1024
        backends = [b for pid in _backends() if (b := _own(Path(f"/proc/{pid}/status")))]
        if backends:
            found["backends"] = len(backends)
            found["backends_own_mb"] = sum(backends)
            found["biggest_backend_mb"] = max(backends)
        self.samples.append((time.monotonic(), dict(found)))


def _group(folder: Path) -> int:
    fields = _read(folder / "stat").rpartition(")")[2].split()
    return int(fields[2]) if fields else 0


def _own(status: Path) -> float:
    found = ANON.search(_read(status))
    return int(found[1]) / 1024 if found else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""  # it has ended meanwhile, or is another machine's


def _backends() -> list[int]:
    """PostgreSQL's processes of this database but our own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [row[0] for row in cursor.fetchall()]


def growth(samples: list[tuple[float, Sample]]) -> dict[str, Any]:
    """Of each name the middle after warming up, the middle at the end, and per cent between.

    "memory": what programs and backends have for themselves, together.
    """
    if len(samples) < 4:
        return {"memory": "too few samples"}
    begin, end = samples[0][0], samples[-1][0]
    own = [name for name in samples[-1][1] if name.endswith("_uss_mb") or name == "backends_own_mb"]
    for _, sample in samples:
        sample["memory_mb"] = sum(sample.get(name, 0.0) for name in own)

    def middle(name: str, first: float, last: float) -> float:
        inside = [s.get(name, 0.0) for at, s in samples
                  if first <= (at - begin) / (end - begin) <= last]  # fmt: skip
        return statistics.median(inside)

    names = sorted({name for _, sample in samples for name in sample})
    told = {}
    for name in names:
        warm, late = middle(name, WARM, 0.5), middle(name, LATE, 1.0)
        told[name] = {"after_warm_up": round(warm, 1), "at_the_end": round(late, 1),
                      "percent": round(100 * (late / warm - 1), 1) if warm else None}  # fmt: skip
    return {"samples": len(samples), "memory_grew_percent": told["memory_mb"]["percent"],
            "memory": told}  # fmt: skip
