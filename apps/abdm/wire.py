"""Reading what others send: every field may be missing or of an odd kind."""

from typing import Any
from uuid import UUID


def text(value: Any) -> str:
    """Words and whole numbers; anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip()


def part(value: Any) -> dict[str, Any]:
    """An object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def number(value: Any) -> UUID | None:
    """The number of a talk, a consent, a link; None for anything else."""
    try:
        return UUID(text(value))
    except ValueError:
        return None
