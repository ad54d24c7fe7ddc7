"""Which of the system's packages are missing; installing them without starting any service."""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bhavya.local import places, postgres, processes, rabbit, redis
from bhavya.local.problem import Problem

FREE_BYTES = 1_500_000_000
MARK = "# Written by Bhavya's installation, only while apt runs.\n"
# Text before and after the mark: the policy says no to every start of a service.
QUIET = {
    Path("/usr/sbin/policy-rc.d"): ("#!/bin/sh\n", "exit 101\n"),
    Path("/etc/postgresql-common/createcluster.conf"): ("", "create_main_cluster = false\n"),
}
# How dpkg and ucf call the package's own version of a file that was there before.
SHIPPED = (".dpkg-dist", ".ucf-dist")
APT_ENVIRONMENT = {
    "DEBIAN_FRONTEND": "noninteractive",
    "UCF_FORCE_CONFFOLD": "1",
    "LC_ALL": "C.UTF-8",
}


@dataclass(frozen=True)
class Need:
    """`packages` are alternatives: the first that this Debian knows is taken."""

    what: str
    packages: tuple[str, ...]
    is_there: Callable[[], object]


def library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def command(*names: str) -> Callable[[], object]:
    return lambda: any(shutil.which(name) for name in names)


PANGO = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
RUN = (
    Need("PostgreSQL", ("postgresql",), postgres.find_binaries),
    Need("Redis or Valkey", ("redis-server", "valkey-server"), redis.find_binary),
    Need("Pango", ("libpango-1.0-0",), library(PANGO[0])),
    Need("Pango for FreeType", ("libpangoft2-1.0-0",), library(PANGO[1])),
    Need("HarfBuzz subsetter", ("libharfbuzz-subset0",), library(PANGO[2])),
    Need(
        "Python's venv",
        (f"python3.{sys.version_info.minor}-venv", "python3-venv"),
        lambda: importlib.util.find_spec("ensurepip"),
    ),
    Need("gettext", ("gettext",), command("msgfmt")),
)
# Nice to have: without them the call boards work silently. 5 MB to fetch, 14 MB on the disk.
VOICE = (
    Need("Speech for the call boards", ("espeak-ng",), command("espeak-ng")),
    Need("Encoder of that speech", ("opus-tools",), command("opusenc")),
)
# Chromium without its own windows: the journeys cost half of what they cost in the whole browser.
BARE = "chromium-headless-shell"
LIGHTER = (Need("Chromium without windows", (BARE,), command(BARE)),)
TESTS = (
    Need("Chromium", (BARE, "chromium"), command(BARE, "chromium")),
    Need("poppler", ("poppler-utils",), command("pdftoppm")),
)
# Only when asked for (RABBITMQ=1 make test): 25 packages of Erlang, 40 MB to fetch.
RABBITMQ = (Need("RabbitMQ", ("rabbitmq-server",), rabbit.is_there),)


def missing(tests: bool) -> list[Need]:
    asked = RABBITMQ if tests and os.environ.get("RABBITMQ", "0") not in {"", "0"} else ()
    return [need for need in RUN + (TESTS if tests else ()) + asked if not need.is_there()]


def install(tests: bool) -> bool:
    """Install what is missing. Returns False when nothing was."""
    needs = missing(tests)
    nice = [need for need in VOICE + (LIGHTER if tests else ()) if not need.is_there()]
    if not needs:
        return install_nice(nice)
    if not shutil.which("apt-get"):
        raise Problem(
            "Please install with this system's own packages: "
            + ", ".join(need.what for need in needs)
            + "."
        )
    right = rights([need.packages[0] for need in needs])
    if shutil.disk_usage("/usr").free < FREE_BYTES:
        raise Problem(
            f"There is too little free space in /usr: {FREE_BYTES / 1e9:.1f} GB are needed."
        )
    log = places.LOGS / "install.log"
    # By `env`, since sudo drops most of our environment.
    kept = {key: value for key, value in os.environ.items() if key.lower().endswith("_proxy")}
    words = [f"{key}={value}" for key, value in (kept | APT_ENVIRONMENT).items()]
    apt = [*right, "env", *words, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    processes.call([*apt, "update"], log, "Debian's package list could not be fetched")
    packages = [choose(need.packages) for need in needs]
    packages += [
        name for need in nice if is_known(name := need.packages[0]) and name not in packages
    ]
    options = ["-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold"]
    with no_services(right):
        sentence = f"Debian's packages could not be installed ({', '.join(packages)})"
        processes.call([*apt, "install", *options, *packages], log, sentence)
    keep_stopped(right, packages)
    left = missing(tests)
    if left:
        raise Problem(
            "Installed, but still not found: " + ", ".join(need.what for need in left) + ".", log
        )
    return True


def install_nice(needs: list[Need]) -> bool:
    """Only what is nice to have is missing: fetch it when that asks nobody anything, else do
    without."""
    root = places.is_root()
    if not needs or not shutil.which("apt-get") or not (root or worked("sudo", "-n", "-v")):
        return False
    right = [] if root else ["sudo", "-n"]
    kept = {key: value for key, value in os.environ.items() if key.lower().endswith("_proxy")}
    words = [f"{key}={value}" for key, value in (kept | APT_ENVIRONMENT).items()]
    apt = [*right, "env", *words, "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    packages = [choose(need.packages) for need in needs]
    options = ["-y", "--no-install-recommends"]
    briefly = ("-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=0")
    return worked(*apt, *briefly, "update") and worked(*apt, "install", *options, *packages)


def worked(*words: str) -> bool:
    """Did it work? Nobody is told when it did not."""
    try:
        done = subprocess.run(
            words, check=False, capture_output=True, timeout=300, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def rights(packages: list[str]) -> list[str]:
    """How to become root: not at all, by sudo, or a clear sentence."""
    if places.is_root():
        return []
    by_hand = "apt-get install --no-install-recommends " + " ".join(packages)
    if not shutil.which("sudo"):
        raise Problem(
            f"Some system packages are missing and there is no sudo; as root, run: {by_hand}"
        )
    # With a terminal sudo may ask for the password; without one it would wait for ever.
    quiet = [] if sys.stdin.isatty() else ["-n"]
    if subprocess.run(["sudo", *quiet, "-v"], check=False, stderr=subprocess.DEVNULL).returncode:
        raise Problem(
            f"System packages are missing and this user may not install them; as root: {by_hand}"
        )
    return ["sudo", *quiet]


def choose(alternatives: tuple[str, ...]) -> str:
    """The first package this Debian has; else the first, whose absence apt will explain."""
    return next((name for name in alternatives if is_known(name)), alternatives[0])


def is_known(name: str) -> bool:
    """Does this Debian have such a package?"""
    done = subprocess.run(
        ["apt-cache", "policy", name], capture_output=True, text=True, check=False
    )
    return "Candidate:" in done.stdout and "Candidate: (none)" not in done.stdout


@contextmanager
def no_services(right: list[str]) -> Iterator[None]:
    """Only the programs are wanted: while apt runs, no service is started and no cluster made.

    Both files are put back as the packages ship them, so that the machine is left as Debian means
    it.
    """
    ours = {path: text for path, text in QUIET.items() if is_ours(path)}
    for path, text in ours.items():
        write_as_root(right, path, f"{text[0]}{MARK}{text[1]}")
    try:
        yield
    finally:
        for path in ours:
            as_root(right, "rm", "-f", path)
            for ending in SHIPPED:
                if path.with_name(path.name + ending).exists():
                    as_root(right, "mv", "-f", path.with_name(path.name + ending), path)


def is_ours(path: Path) -> bool:
    """Absent, or left there by an installation of ours that was killed."""
    try:
        return MARK in path.read_text()
    except FileNotFoundError:
        return True
    except OSError:
        return False


def keep_stopped(right: list[str], packages: list[str]) -> None:
    """The broker's package would start a server of its own at the next boot; ours is private."""
    if Path("/run/systemd/system").exists():
        for unit in set(packages) & {"redis-server", "valkey-server", "rabbitmq-server"}:
            as_root(right, "systemctl", "disable", unit)


def write_as_root(right: list[str], path: Path, text: str) -> None:
    as_root(right, "mkdir", "-p", path.parent)
    subprocess.run(
        [*right, "tee", str(path)], input=text.encode(), stdout=subprocess.DEVNULL, check=False
    )
    as_root(right, "chmod", "755" if text.startswith("#!") else "644", path)


def as_root(right: list[str], *words: str | Path) -> None:
    subprocess.run(
        [*right, *map(str, words)],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
