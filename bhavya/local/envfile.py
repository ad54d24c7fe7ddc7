"""KEY=VALUE files: what the servers' addresses are, for everything that is started here."""

import json
import os
from pathlib import Path


def read(path: Path) -> dict[str, str]:
    """The pairs of a KEY=VALUE file; a missing file has none.

    Comments and broken lines are passed over.
    """
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    pairs = (
        line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#")
    )
    return {key.strip(): value.strip() for key, value in pairs}


def write(path: Path, values: dict[str, str]) -> None:
    """Replace the file in one move; only its owner may read it, for it holds passwords."""
    text = "# Written by `make run`; addresses of the private servers.\n"
    text += "".join(f"{key}={value}\n" for key, value in values.items())
    replace(path, text)


def read_state(path: Path) -> dict[str, str]:
    """What the last start remembered; an unreadable file counts as none."""
    try:
        state = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(key): str(value) for key, value in state.items()} if isinstance(state, dict) else {}


def write_state(path: Path, state: dict[str, str]) -> None:
    replace(path, json.dumps(state, indent=1) + "\n")


def replace(path: Path, text: str) -> None:
    """Write beside and rename, so that a kill in between leaves the old file or the new one."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
