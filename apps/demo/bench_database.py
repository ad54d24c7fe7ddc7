"""A database of its own for a bench that fills millions of rows; dropped afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection

CACHE_SPACE = 15  # it is emptied before each page


def measure_in_own(post: str, *before: Sequence[str], **environment: str) -> dict[str, Any]:
    """What `bench_hand POST` finds in an empty, migrated database after the commands `before`, and
    how busy the machine was."""
    url = os.environ["DATABASE_URL"]
    name = f"{urlsplit(url).path.strip('/')}_bench"
    told = os.environ | environment | {
        "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}")),
        "CACHE_URL": urlunsplit(urlsplit(os.environ["CACHE_URL"])._replace(path=f"/{CACHE_SPACE}")),
    }  # fmt: skip
    with _server(url) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
    try:
        for words in (("migrate", "-v", "0"), *before):
            _manage(told, *words)
        figures = json.loads(_manage(told, "bench_hand", post, "0").splitlines()[-1])
    finally:
        with _server(url) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    return {**figures, "load_of_machine": round(os.getloadavg()[0], 1), "cores": os.cpu_count()}


def sql(text: str, **values: Any) -> int:
    """Run it here; how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return int(cursor.rowcount)


def disk_mb() -> int:
    """What this database takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0] // 2**20)


def _server(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True)


def _manage(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=3600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr[-2000:]}")
    return done.stdout
