"""A release reaches every hospital: replay its SQL where the schema is older."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.facilities import releases, schema
from apps.facilities.models import Facility
from apps.facilities.releases import Release

WORKER = Actor.of_system("release")
LOCK_TIMEOUT = "3s"  # a hospital at work is not made to wait for us; it is tried again later


@dataclass(frozen=True, slots=True)
class Outcome:
    """`parked`: facility id and why; those stay on their version, the others go on."""

    current: int
    upgraded: int
    parked: dict[str, str]


def roll_out(*, parallel: int = 1) -> Outcome:
    """Bring every open hospital to the schema of this code. Resumable: run it again at will."""
    target, known = schema.version(), releases.chain()
    behind, current = [], 0
    for facility in Facility.objects.filter(status=Facility.Status.ACTIVE).order_by("pk"):
        if facility.schema_version == target:
            current += 1
        else:
            behind.append((facility.pk, facility.schema_version))
    plans = [(pk, releases.path(known, version, target)) for pk, version in behind]
    with ThreadPoolExecutor(max_workers=parallel) as pool:
        results = (
            dict(pool.map(_upgrade_alone, plans)) if parallel > 1 else dict(map(_upgrade, plans))
        )
    parked = {str(pk): why for pk, why in results.items() if why}
    return Outcome(current, len(results) - len(parked), parked)


def _upgrade_alone(plan: tuple[UUID, list[Release] | None]) -> tuple[UUID, str]:
    """In a thread: its connection is its own and is given back."""
    try:
        return _upgrade(plan)
    finally:
        connection.close()


def _upgrade(plan: tuple[UUID, list[Release] | None]) -> tuple[UUID, str]:
    facility_id, steps = plan
    if steps is None:
        return facility_id, "no release leads from its version to ours"
    try:
        for step in steps:
            _replay(facility_id, step)
    except DatabaseError as error:
        return facility_id, f"{type(error).__name__}: {str(error).splitlines()[0]}"
    return facility_id, ""


@transaction.atomic
def _replay(facility_id: UUID, step: Release) -> None:
    facility = Facility.objects.select_for_update().get(pk=facility_id)
    if facility.schema_version != step.before:
        return  # another roll-out was here
    _run(facility.schema_name, schema.statements(step.sql))
    Facility.objects.filter(pk=facility.pk).update(schema_version=step.after)
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
