"""A release reaches every hospital: replay its SQL where the schema is older."""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.queue import enqueue
from apps.facilities import releases, schema
from apps.facilities.models import Facility
from apps.facilities.releases import Release
from apps.facilities.scope import reaches, require_reach

WORKER = Actor.of_system("release")
log = logging.getLogger(__name__)
CONNECTION_SERVES = 100
Plan = tuple[UUID, list[Release] | None]
LOCK_TIMEOUT = "3s"  # a hospital at work is not made to wait for us; it is tried again later


@dataclass(frozen=True, slots=True)
class Outcome:
    """`parked`: facility id and why; those stay on their version, the others go on."""

    current: int
    upgraded: int
    parked: dict[str, str]


def roll_out(
    *,
    parallel: int = 1,
    told: Callable[[int, int], None] = lambda done, of: None,
    known: dict[str, Release] | None = None,
) -> Outcome:
    """Bring every open hospital to the schema of this code. Resumable: run it again at will.

    `told(done, of)` after each hospital; `known`: other releases than those of this code.

    1 query when there is nothing to do. `parallel` hospitals at a time, each on a connection and so
    a PostgreSQL process of its own, which does the work.
    """
    target, known = schema.version(), releases.chain() if known is None else known
    found = Facility.every.filter(status=Facility.Status.ACTIVE).order_by("pk")
    versions = dict(found.values_list("pk", "schema_version"))
    plans = [
        (pk, releases.path(known, version, target))
        for pk, version in versions.items()
        if version != target
    ]
    results = _upgrade_all(plans, parallel, told)
    parked = {str(pk): why for pk, why in results.items() if why}
    return Outcome(len(versions) - len(plans), len(results) - len(parked), parked)


def upgrade(facility_id: UUID) -> str:
    """One hospital to the schema of this code; why it is parked, or "". Safe to repeat."""
    row = Facility.every.filter(pk=facility_id, status=Facility.Status.ACTIVE).first()
    if row is None or row.schema_version == schema.version():
        return ""
    steps = releases.path(releases.chain(), row.schema_version, schema.version())
    return _upgrade((row.pk, steps))[1]


@transaction.atomic
def ask_upgrade(facility_id: UUID, *, actor: Actor) -> None:
    """Queue a hospital that is behind; the reason why it was parked is taken away."""
    facility = Facility.every.select_for_update().get(pk=facility_id)
    require_reach(actor, Permission.FACILITY_ONBOARD, facility)
    if facility.status != Facility.Status.ACTIVE or facility.schema_version == schema.version():
        return
    Facility.every.filter(pk=facility_id).update(failure="")
    record(Event.RELEASE_ASKED, subject=facility, facility_id=facility_id, actor=actor)
    enqueue("facilities.upgrade", behind_facility_id=facility_id)


def ask_roll_out(*, actor: Actor) -> int:
    """Queue every hospital of the office that is behind. How many."""
    actor.require(Permission.FACILITY_ONBOARD)
    rows = Facility.every.filter(status=Facility.Status.ACTIVE)
    behind = [row for row in rows.exclude(schema_version=schema.version()) if reaches(actor, row)]
    for row in behind:
        ask_upgrade(row.pk, actor=actor)
    return len(behind)


def _upgrade_all(
    plans: list[Plan], parallel: int, told: Callable[[int, int], None]
) -> dict[UUID, str]:
    """Why each is parked, or "". Told after each, whoever did it."""
    results: dict[UUID, str] = {}
    lock = Lock()

    def some(part: list[Plan]) -> None:
        for plan in part:
            facility_id, why = _upgrade(plan)
            with lock:
                results[facility_id] = why
                told(len(results), len(plans))

    def some_alone(part: list[Plan]) -> None:
        try:
            some(part)
        finally:
            connection.close()  # this thread's own

    if parallel == 1:
        some(plans)
        return results
    # To open a connection takes longer than most releases; one that has seen thousands of schemas
    # is fat. So each serves a part of them.
    size = min(CONNECTION_SERVES, -(-len(plans) // parallel) or 1)
    parts = [plans[n : n + size] for n in range(0, len(plans), size)]
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        list(pool.map(some_alone, parts))  # asked for, so that an error is not swallowed
    return results


def _upgrade(plan: Plan) -> tuple[UUID, str]:
    facility_id, steps = plan
    why = _try(facility_id, steps)
    if why:
        _park(facility_id, why)
    return facility_id, why


def _try(facility_id: UUID, steps: list[Release] | None) -> str:
    if steps is None:
        return "no release leads from its version to ours"
    try:
        for step in steps:
            _replay(facility_id, step)
    except DatabaseError as error:
        return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
    return ""


def _park(facility_id: UUID, why: str) -> None:
    """Keep the reason on the row, where `doctor` and the next run see it.

    It works on as it was. When the whole database is gone the reason cannot be kept, and a park
    that is lost so is found by its version.
    """
    try:
        with transaction.atomic():
            rows = Facility.every.filter(pk=facility_id).exclude(failure=why[:200])
            if rows.update(failure=why[:200]):  # told once, however often it is tried
                facility = Facility.every.get(pk=facility_id)
                record(
                    Event.FACILITY_PARKED, subject=facility, facility_id=facility_id, actor=WORKER
                )
    except DatabaseError:
        log.exception("the reason could not be kept: %s", facility_id)


@transaction.atomic
def _replay(facility_id: UUID, step: Release) -> None:
    facility = Facility.every.select_for_update().get(pk=facility_id)
    if facility.schema_version != step.before:
        return  # another roll-out was here
    _run(facility.schema_name, schema.statements(step.sql))
    Facility.every.filter(pk=facility.pk).update(schema_version=step.after, failure="")
    record(
        Event.FACILITY_UPGRADED,
        subject=facility,
        facility_id=facility.pk,
        actor=WORKER,
        version=step.after,
    )


def _run(schema_name: str, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        before = cursor.fetchone()[0]
        cursor.execute("SET LOCAL citus.propagate_set_commands = 'local'")
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute(f'SET LOCAL search_path = "{schema_name}"')
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"SET LOCAL search_path = {before}")
