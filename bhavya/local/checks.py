"""`make test` and `make check`: the checks of the house, then the tests."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bhavya.local import install, messages, places, processes, steps
from bhavya.local.problem import Problem
from bhavya.local.progress import Step, run_steps, say
from bhavya.local.servers import Servers

# Title and command; `{templates}` becomes the list of templates. Edit here.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Style (ruff)", ("ruff", "check", ".")),
    ("Format (ruff)", ("ruff", "format", "--check", ".")),
    ("Templates (djade)", ("djade", "--check", "--target-version", "5.2", "{templates}")),
    ("Templates (djhtml)", ("djhtml", "--check", "--tabwidth", "2", "templates")),
    ("Types (mypy)", ("mypy", "apps", "bhavya")),
    ("Imports (import-linter)", ("lint-imports",)),
    ("Migrations", ("python", "manage.py", "makemigrations", "--check", "--dry-run")),
    ("Facility schema", ("python", "manage.py", "tenant_sql", "--check")),
)
# What brings most of that in order.
FORMATTERS = (
    ("ruff", "check", "--fix", "--quiet", "."),
    ("ruff", "format", "--quiet", "."),
    ("djade", "--target-version", "5.2", "{templates}"),
    ("djhtml", "--tabwidth", "2", "templates"),
)
# The journeys in a real browser carry this mark.
SLOW = "browser"
# What kills the database that all tests share, or needs it quiet, runs alone after the others.
ALONE = "drill"
NOTHING_CHOSEN = 5  # pytest's code when no test matches


def test(browser: bool, words: Sequence[str]) -> int:
    """Install, start the servers for tests, check, test.

    All checks run, also after one that failed. The last line is pytest's, unless a check failed.
    """
    places.prepare()
    busy = "The tests already run from this folder (process {pid}); wait for them."
    with processes.only_one(places.LOCAL / "test.lock", busy):
        servers = Servers(test=True)
        run_steps(
            [
                *install.steps(tests=True),
                Step("PostgreSQL for tests", servers.start_cluster),
                Step("Redis or Valkey for tests", servers.start_broker),
            ]
        )
        try:
            environment = steps.program_environment(servers)
            with seeding(environment, browser) as seeded:
                failed = run_checks(environment)
            code = run_tests(environment | seeded, browser, words)
        finally:
            servers.stop()
    if failed:
        say(f"Checks that failed: {', '.join(failed)}")
    return 1 if failed or code else 0


@contextmanager
def seeding(environment: dict[str, str], browser: bool) -> Iterator[dict[str, str]]:
    """The browser tests' demo day is made while the checks run; what fails here, they say again."""
    folder = places.LOCAL / "seeded-site"
    shutil.rmtree(folder, ignore_errors=True)
    if not browser:
        yield {}
        return
    folder.mkdir()
    words = [str(places.PYTHON), "-m", "tests.e2e.site", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, cwd=places.ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield {"SEEDED_SITE": str(folder)}
        finally:
            try:
                process.wait(timeout=300)
            except subprocess.TimeoutExpired:
                process.kill()


def run_tests(environment: dict[str, str], browser: bool, words: Sequence[str]) -> int:
    """pytest in two processes for two cores, shared out by file.

    The test database is made anew: one left from other migrations would test something else.
    """
    marks = f"not {ALONE}" + ("" if browser else f" and not {SLOW}")
    by_file = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    shared = [*by_file, "--create-db", "-m", marks]
    codes = [run_pytest([*options, *words], environment) for options in (shared, ["-m", ALONE])]
    return 1 if set(codes) - {0, NOTHING_CHOSEN} or set(codes) == {NOTHING_CHOSEN} else 0


def run_pytest(options: Sequence[str], environment: dict[str, str]) -> int:
    say(f"\n$ pytest {' '.join(options)}")
    return subprocess.run(
        [str(places.PYTHON), "-m", "pytest", *options],
        cwd=places.ROOT,
        env=environment,
        check=False,
    ).returncode


def run_checks(environment: dict[str, str]) -> list[str]:
    """Titles of the checks that failed; the output of each is shown."""
    failed = [title for title, words in CHECKS if not passes(title, words, environment)]
    begun = time.monotonic()
    try:
        messages.check(environment)
    except Problem as problem:
        say(f"Translations … FAILED\n{problem}")
        failed.append("Translations")
    else:
        say(f"Translations … ok {time.monotonic() - begun:.0f} s")
    return failed


def passes(title: str, words: tuple[str, ...], environment: dict[str, str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        command(words),
        cwd=places.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        say(f"{title} … FAILED\n{done.stdout}{done.stderr}")
        return False
    say(f"{title} … ok {time.monotonic() - begun:.0f} s")
    return True


def command(words: tuple[str, ...]) -> list[str | Path]:
    """The program from the virtual environment, with the templates filled in."""
    templates = sorted(
        str(path.relative_to(places.ROOT)) for path in (places.ROOT / "templates").rglob("*.html")
    )
    rest = [part for word in words[1:] for part in (templates if word == "{templates}" else [word])]
    return [places.VENV / "bin" / words[0], *rest]


def tidy() -> int:
    """`make tidy`: format code and templates; what is left is for a person."""
    for words in FORMATTERS:
        subprocess.run(command(words), cwd=places.ROOT, check=False)
    return 0
