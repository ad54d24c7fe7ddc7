"""Typed reading of the environment: a value, a default, or a loud failure.

Values come from the process environment, then from `.local/env`, which `make run` and
`make services` write for a development machine, so `manage.py` works by itself there.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCAL_ENV = ROOT / ".local" / "env"


class Missing(Exception):
    """A setting has neither a value nor a default."""


def _local_values() -> dict[str, str]:
    if not LOCAL_ENV.is_file():
        return {}
    lines = LOCAL_ENV.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


LOCAL = _local_values()


def text(name: str, default: str | None = None) -> str:
    """The value of `name`, or `default`; raises Missing when there is neither."""
    value = os.environ.get(name, LOCAL.get(name, default))
    if value is None:
        raise Missing(f"Set {name} in the environment (see README, Settings).")
    return value


def secret(name: str, default: str | None = None) -> str:
    """Like text(), but `NAME_FILE` may point to a file that holds the value."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else text(name, default)


def boolean(name: str, default: bool = False) -> bool:
    value = text(name, str(default)).lower()
    if value not in {"1", "true", "yes", "0", "false", "no"}:
        raise Missing(f"{name} must be true or false, not {value!r}.")
    return value in {"1", "true", "yes"}


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise Missing(f"{name} must be a whole number, not {value!r}.") from None


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`; the first is the default."""
    value = text(name, allowed[0])
    if value not in allowed:
        raise Missing(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def listing(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def database(name: str) -> dict[str, Any]:
    """A Django DATABASES entry from `postgres://user:password@host:port/name`."""
    url = urlsplit(secret(name))
    return {
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or "",
        "PORT": str(url.port or 5432),
    }
