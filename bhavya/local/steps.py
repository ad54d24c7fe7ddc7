"""What `make run` does with Django: the steps before the start, and the programs that then run.

Edit here.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from bhavya.local import places, stamps
from bhavya.local.install import environment
from bhavya.local.processes import call
from bhavya.local.servers import Servers

# What the steps depend on; when none of it changed since they last succeeded, they are passed over.
SOURCES = ("apps/**/*", "bhavya/*.py", "bhavya/static/**/*", "requirements/base.txt")


@dataclass(frozen=True)
class Manage:
    """One `manage.py` command. A `daily` one also runs again on a new day."""

    title: str
    words: tuple[str, ...]
    sentence: str
    daily: bool = False
    uses_database: bool = True


# Facilities' schemas are brought up to date before the demo writes into them.
MANAGE = (
    Manage(
        "Shared tables",
        ("migrate", "-v", "0"),
        "The database tables could not be made",
    ),
    # Before the first event: a week that has rows elsewhere gets no partition any more.
    Manage(
        "Weeks of the audit trail",
        ("audit_partitions",),
        "The audit trail's tables could not be made",
        daily=True,
    ),
    Manage("Master data", ("load_master",), "The master data could not be loaded"),
    Manage("Holidays", ("load_holidays",), "The holidays could not be loaded"),
    Manage("Treatment sets", ("load_treatment_sets",), "The treatment sets could not be loaded"),
    Manage("Incentive rules", ("load_dhis_rules",), "The incentive's rules could not be loaded"),
    Manage(
        "Facility tables", ("roll_out",), "The facilities' tables could not be brought up to date"
    ),
    Manage("Demo hospitals", ("seed_demo",), "The demo hospitals could not be filled", daily=True),
    Manage(
        "Static files",
        ("collectstatic", "--noinput", "-v", "0"),
        "The static files could not be collected",
        uses_database=False,
    ),
)


@dataclass(frozen=True)
class Program:
    """A program kept running; `title` is what people are told when it dies.

    `{port}`, `{host}`, `{parent}`, `{abdm_port}` and `{memory}` are filled in.
    """

    name: str
    title: str
    words: tuple[str, ...]


PROGRAMS = (
    Program(
        "web",
        "The web server",
        (
            *("-m", "gunicorn", "bhavya.wsgi", "--bind", "{host}:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "8"),
            *(
                "--max-requests",
                "5000",
                "--max-requests-jitter",
                "500",
                "--timeout",
                "60",
                "--graceful-timeout",
                "5",
            ),
        ),
    ),
    Program("analysers", "The listener for analysers", ("manage.py", "analyser_listener")),
    Program(
        "worker",
        "The job worker",
        (
            "-m",
            "celery",
            "-A",
            "bhavya.celery",
            "worker",
            "--loglevel",
            "INFO",
            "--concurrency",
            "2",
        ),
    ),
    Program(
        "beat",
        "The clock for regular jobs",
        (
            *("-m", "celery", "-A", "bhavya.celery", "beat", "--loglevel", "INFO"),
            # Without a pid file of its own: one left by a kill would keep it from starting.
            *("--pidfile=", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"),
        ),
    ),
)


# Of ABDM, in a demo only (see Servers.needs_stand_in). It calls nothing but our own bridge address.
STAND_IN = Program(
    "abdm",
    "The stand-in of ABDM",
    (
        *("-m", "apps.abdm_sandbox", "--port", "{abdm_port}"),
        *("--bridge", "http://{parent}:{port}/abdm", "--services", "apps/demo/services.json"),
        *("--messages", "http://{parent}:{port}/messages/", "--keep", "{memory}"),
    ),
)


def program_environment(servers: Servers) -> dict[str, str]:
    return environment() | servers.environment() | {"PYTHONUNBUFFERED": "1"}


def run_manage(step: Manage, servers: Servers) -> bool:
    """Run the step unless nothing it depends on has changed. Returns True when it ran."""
    value = digest(step, servers)
    name = f"manage-{step.words[0]}"
    # A database given from outside may have been changed by others: there its steps always run.
    ours = servers.needs_cluster() or not step.uses_database
    if ours and stamps.is_current(name, value):
        return False
    command = [places.PYTHON, "manage.py", *step.words]
    call(
        command,
        places.LOGS / "manage.log",
        step.sentence,
        cwd=places.ROOT,
        env=program_environment(servers),
    )
    stamps.write(name, value)
    return True


def digest(step: Manage, servers: Servers) -> str:
    """Changes with the sources, with the cluster (a new one is empty), for some with the day."""
    day = date.today().isoformat() if step.daily else ""  # noqa: DTZ011  the demo's day is this machine's
    stand_in = str(servers.needs_stand_in()) if step.daily else ""
    return stamps.digest([], *step.words, day, stand_in, servers.cluster().identity(), sources())


@cache
def sources() -> str:
    """Hash of every file that the steps read; made once, since nothing changes while they run."""
    found = (path for pattern in SOURCES for path in places.ROOT.glob(pattern))
    return stamps.digest(
        path for path in found if path.is_file() and "__pycache__" not in path.parts
    )


def forget() -> None:
    """After the data is gone, every step has to run again."""
    for step in MANAGE:
        stamps.forget(f"manage-{step.words[0]}")
