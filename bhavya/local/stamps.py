"""Remembering what was done, by the hash of what it was made from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from bhavya.local import places


def digest(files: Iterable[Path], *words: str) -> str:
    """Hash of names, contents and `words`. The same files give the same hash on every machine."""
    hashed = hashlib.sha256("\0".join(words).encode())
    for file in sorted(files):
        hashed.update(f"\0{file.relative_to(places.ROOT)}\0".encode())
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def is_current(name: str, value: str) -> bool:
    try:
        return (places.STAMPS / name).read_text() == value
    except FileNotFoundError:
        return False


def write(name: str, value: str) -> None:
    (places.STAMPS / name).write_text(value)


def forget(name: str) -> None:
    (places.STAMPS / name).unlink(missing_ok=True)
