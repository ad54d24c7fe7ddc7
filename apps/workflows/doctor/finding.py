"""One check's answer, and how checks are run: side by side, each with a limit."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection

LIMIT_S = 8.0
OK, WARN, BAD = "ok", "warn", "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: "ok", "warn" or "bad"; `says` what was seen; `mend` what to do about it."""

    state: str
    says: str
    mend: str = ""
    name: str = ""
    seconds: float = 0.0


Check = Callable[[], Finding]


def ok(says: str) -> Finding:
    return Finding(OK, says)


def warn(says: str, mend: str) -> Finding:
    return Finding(WARN, says, mend)


def bad(says: str, mend: str) -> Finding:
    return Finding(BAD, says, mend)


def examine(checks: Mapping[str, Check], *, limit: float = LIMIT_S) -> list[Finding]:
    """Every check's finding in the list's order; none takes longer than `limit` seconds in all."""
    found: dict[str, Finding] = {}
    threads = [
        threading.Thread(target=_run, args=(name, check, found), daemon=True)
        for name, check in checks.items()
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + limit
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    late = f"no answer within {limit:g} s"
    return [
        found.get(name) or Finding(BAD, late, "Look at the server it asks.", name, limit)
        for name in checks
    ]


def _run(name: str, check: Check, found: dict[str, Finding]) -> None:
    begin = time.monotonic()
    try:
        finding = check()
    except Exception as error:  # a check that falls over is a finding, not the end of the others
        first = (str(error).splitlines() or [""])[0][:160]
        finding = bad(f"{type(error).__name__}: {first}", "Mend what the message names.")
    finally:
        connection.close()  # this thread's own
    seconds = round(time.monotonic() - begin, 3)
    found[name] = Finding(finding.state, finding.says, finding.mend, name, seconds)
