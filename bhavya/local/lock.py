"""`make lock`: versions and hashes of everything, from requirements/*.in and package.json."""

from bhavya.local import install, places, processes

# The others keep to what base.txt says, so that what is tested is what runs.
FILES = ("base", "dev", "prod", "node")
OLDEST_PYTHON = "3.11"
LOG = places.LOGS / "lock.log"


def lock(upgrade: bool) -> None:
    """Keeps the locked versions where the .in files allow it, unless `upgrade`."""
    uv = places.VENV / "bin" / "uv"
    if not uv.exists():
        processes.call(
            [places.PYTHON, "-m", "pip", "install", "uv"], LOG, "uv could not be installed"
        )
    for name in FILES:
        command = [uv, "pip", "compile", "--quiet", "--generate-hashes", "--no-emit-index-url"]
        command += ["--python-version", OLDEST_PYTHON, "--custom-compile-command", "make lock"]
        command += ["--upgrade"] if upgrade else []
        command += ["-c", "requirements/base.txt"] if name in {"dev", "prod"} else []
        command += [f"requirements/{name}.in", "-o", f"requirements/{name}.txt"]
        processes.call(
            command, LOG, f"requirements/{name}.in could not be resolved", cwd=places.ROOT
        )
    npm = [
        *install.npm(),
        "update" if upgrade else "install",
        "--package-lock-only",
        "--no-audit",
        "--no-fund",
    ]
    processes.call(npm, LOG, "package.json could not be resolved", cwd=places.ROOT)
