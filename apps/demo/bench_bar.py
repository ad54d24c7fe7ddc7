"""A bar on the terminal (stderr) for benches that take minutes; the figures go to stdout."""

import sys
import time
from collections.abc import Callable


def bar(what: str) -> Callable[[int, int], None]:
    """`told(done, of)`: a line that is overwritten on a terminal, four lines in a file."""
    begin, steps, shown = time.monotonic(), 200 if sys.stderr.isatty() else 4, [-1]

    def told(done: int, of: int) -> None:
        if shown[0] == (now := steps * done // max(1, of)) and done < of:
            return
        shown[0] = now
        end = "\r" if sys.stderr.isatty() and done < of else "\n"
        filled = "#" * (30 * done // max(1, of))
        seconds = time.monotonic() - begin
        sys.stderr.write(f"{what:24} [{filled:30}] {done} of {of}, {seconds:.0f} s{end}")
        sys.stderr.flush()

    return told
