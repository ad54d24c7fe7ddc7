"""What the person sees: one line a step, with its time."""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bhavya.local.problem import Problem


@dataclass(frozen=True)
class Step:
    """`do` returns True when it did something, False when all was there already."""

    title: str
    do: Callable[[], bool]


def say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run_steps(steps: Sequence[Step]) -> None:
    """Run the steps in order, numbered. Stops at the first Problem."""
    for number, step in enumerate(steps, 1):
        run_step(f"[{number}/{len(steps)}] {step.title} … ", step)


def run_step(head: str, step: Step) -> None:
    begun = time.monotonic()
    sys.stdout.write(head)
    sys.stdout.flush()
    done = threading.Event()
    if sys.stdout.isatty():
        threading.Thread(target=tick, args=(head, begun, done), daemon=True).start()
    try:
        worked = step.do()
    except (Problem, KeyboardInterrupt):
        done.set()
        say("failed")
        raise
    finally:
        done.set()
    say(f"ok {time.monotonic() - begun:.0f} s" if worked else "already there")


def tick(head: str, begun: float, done: threading.Event) -> None:
    """Show the seconds of a slow step on a terminal, so that nobody thinks it hangs."""
    while not done.wait(1):
        sys.stdout.write(f"\r{head}{time.monotonic() - begun:.0f} s\r{head}")
        sys.stdout.flush()
