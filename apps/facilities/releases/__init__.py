"""The SQL of each release for schemas that exist already: `NNNN_name.sql` beside this file.

Written by `tenant_sql --release name` from the migrations that the script did not hold yet.
The first line says which version of a schema it turns into which.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
HEAD = re.compile(r"^-- from ([0-9a-f]{12}) to ([0-9a-f]{12})$")


@dataclass(frozen=True, slots=True)
class Release:
    name: str
    before: str
    after: str
    sql: str


def chain(folder: Path = FOLDER) -> dict[str, Release]:
    """Every release by the version it starts from. ValueError: a file without its first line."""
    found = {}
    for file in sorted(folder.glob("[0-9]*.sql")):
        sql = file.read_text("utf-8")
        head = HEAD.match(sql.split("\n", 1)[0])
        if head is None:
            raise ValueError(f"{file.name} does not say from which version to which")
        found[head[1]] = Release(file.stem, head[1], head[2], sql)
    return found


def path(known: dict[str, Release], version: str, target: str) -> list[Release] | None:
    """The releases from one version to another in order; None when there is no way."""
    steps: list[Release] = []
    while version != target:
        step = known.get(version)
        if step is None or step in steps:
            return None
        steps.append(step)
        version = step.after
    return steps


def write(name: str, before: str, after: str, chunks: list[str], folder: Path = FOLDER) -> Path:
    """Store a release after the last one; the new file's path."""
    number = len(list(folder.glob("[0-9]*.sql"))) + 1
    file = folder / f"{number:04}_{name}.sql"
    file.write_text(f"-- from {before} to {after}\n" + "\n".join(chunks) + "\n", "utf-8")
    return file
