"""Bringing a hospital on board: a row and a job; the schema is made by the worker."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.queue import enqueue
from apps.core.tenancy import public_context
from apps.facilities import schema, tenants
from apps.facilities.models import Domain, Facility, FacilityType, RegisterEntry, RegisterType
from apps.facilities.places import all_places
from apps.facilities.scope import require_reach
from apps.facilities.templates_by_level import LEVELS, template_for

log = logging.getLogger(__name__)
WORKER = Actor.of_system("provisioning")
STUCK_AFTER = timedelta(seconds=60)


@transaction.atomic
def provision(
    register_code: str,
    *,
    id: UUID,
    slug: str,
    prefix: str,
    facility_type: str = "",
    is_demo: bool = False,
    actor: Actor,
) -> Facility:
    """A hospital of the register becomes a tenant: row, address, settings of its level, and a job.

    `facility_type`: needed when the register does not know it. Safe to send twice with one `id`.
    """
    actor.require(Permission.FACILITY_ONBOARD)
    with connection.cursor() as cursor:  # one at a time, so that what is refused below is exact
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('facilities.provision'))")
    entry = RegisterEntry.objects.filter(code=register_code, active=True).first()
    if entry is None:
        raise Refused("facility.unknown")
    require_reach(actor, Permission.FACILITY_ONBOARD, entry)
    if done := Facility.objects.filter(pk=id, register_code=register_code).first():
        return done
    level = facility_type or entry.facility_type
    _refuse(register_code, slug=slug, prefix=prefix, level=level)
    with public_context():  # a new tenant may be made from public alone
        facility = _create(entry, id=id, slug=slug, prefix=prefix, level=level, is_demo=is_demo)
    record(
        Event.FACILITY_PROVISIONED,
        subject=facility,
        facility_id=facility.pk,
        actor=actor,
        register_code=entry.code,
        level=level,
    )
    enqueue("facilities.create_schema", new_facility_id=facility.pk)
    return facility


def _create(
    entry: RegisterEntry, *, id: UUID, slug: str, prefix: str, level: str, is_demo: bool
) -> Facility:
    name_hi, name_en = _name(entry, level)
    facility = Facility.objects.create(
        id=id,
        schema_name=f"f_{slug.replace('-', '_')}",
        register_code=entry.code,
        facility_type=level,
        name_en=name_en,
        name_hi=name_hi,
        prefix=prefix,
        slug=slug,
        district_code=entry.district_code,
        block_code=entry.block_code,
        hfr_id=entry.hfr_id,
        is_demo=is_demo,
        progress=10,
        config=template_for(level, name_hi=name_hi, name_en=name_en).as_json(),
    )
    host = f"{slug}.{settings.PARENT_DOMAIN}"
    Domain.objects.create(domain=host, tenant=facility, is_primary=True)
    return facility


def _name(entry: RegisterEntry, level: str) -> tuple[str, str]:
    """The register's names; "Block Primary/Community Health Centre X" becomes what was chosen."""
    block = all_places().get(("block", entry.block_code))
    if entry.facility_type != RegisterType.BLOCK or block is None:
        return entry.name_hi, entry.name_en
    shape = LEVELS[level]
    return f"{shape.title_hi}, {block.name_hi}", f"{shape.title_en} {block.name_en}"


def _refuse(register_code: str, *, slug: str, prefix: str, level: str) -> None:
    if level not in FacilityType.values:
        raise Refused("facility.level_needed")
    if Facility.objects.filter(register_code=register_code).exists():
        raise Refused("facility.exists")
    if Facility.every.filter(slug=slug).exists():
        raise Refused("facility.slug_taken")
    if Facility.every.filter(prefix=prefix).exists():
        raise Refused("facility.prefix_taken")


def create_schema(facility_id: UUID) -> Facility:
    """Make the hospital's schema and open its doors. Safe to repeat and to be cut off anywhere.

    A failure of the database is kept on the row (status failed) and shown with a Retry.
    """
    facility = Facility.every.get(pk=facility_id)
    if facility.status != Facility.Status.PROVISIONING:
        return facility
    try:
        _step(facility, 30)
        if facility.is_training:
            _make_anew(facility)
        else:
            schema.replay(facility.schema_name)
            _step(facility, 80)
            _open(facility)
    except DatabaseError as error:
        log.exception("provisioning failed: %s", facility.pk)
        _fail(facility, error)
    facility.refresh_from_db()
    return facility


@transaction.atomic
def _make_anew(facility: Facility) -> None:
    """A training place starts empty each time it is made. In one transaction, with the row held:
    a second worker finds it open, and takes nothing from those who practise there already."""
    rows = Facility.every.select_for_update().exclude(trains_for=None)
    held = rows.filter(pk=facility.pk, status=Facility.Status.PROVISIONING).first()
    if held is not None:
        schema.drop_training(held.schema_name)
        schema.replay(held.schema_name)
        _open(held)


def _step(facility: Facility, percent: int) -> None:
    """In a transaction of its own, so that the progress card sees it at once."""
    Facility.every.filter(pk=facility.pk).update(progress=percent)


@transaction.atomic
def _open(facility: Facility) -> None:
    # Two workers may hold the job: who claims the row first opens it and writes the trail.
    claimed = Facility.every.filter(pk=facility.pk, status=Facility.Status.PROVISIONING).update(
        status=Facility.Status.ACTIVE,
        progress=100,
        failure="",
        schema_version=schema.version(),
    )
    if claimed:
        record(Event.FACILITY_ACTIVATED, subject=facility, facility_id=facility.pk, actor=WORKER)
        transaction.on_commit(tenants.forget)


@transaction.atomic
def _fail(facility: Facility, error: DatabaseError) -> None:
    code = getattr(error.__cause__, "sqlstate", "") or "unknown"
    failed = Facility.every.filter(pk=facility.pk, status=Facility.Status.PROVISIONING).update(
        status=Facility.Status.FAILED, failure=f"{type(error).__name__} {code}"
    )
    if failed:
        record(
            Event.FACILITY_FAILED,
            subject=facility,
            facility_id=facility.pk,
            actor=WORKER,
            sqlstate=code,
        )


@transaction.atomic
def retry(facility_id: UUID, *, actor: Actor) -> Facility:
    """Queue a failed hospital again. One that is under way or open stays as it is."""
    facility = Facility.objects.select_for_update().get(pk=facility_id)
    require_reach(actor, Permission.FACILITY_ONBOARD, facility)
    if facility.status == Facility.Status.FAILED:
        facility.status, facility.failure = Facility.Status.PROVISIONING, ""
        facility.progress = 10
        Facility.objects.filter(pk=facility.pk).update(
            status=facility.status, failure=facility.failure, progress=facility.progress
        )
        record(
            Event.FACILITY_PROVISIONED,
            subject=facility,
            facility_id=facility.pk,
            actor=actor,
            retry=1,
        )
        enqueue("facilities.create_schema", new_facility_id=facility.pk)
    return facility


def sweep() -> int:
    """Queue again what the broker or a killed worker lost. How many were queued."""
    waiting = Facility.every.filter(
        status=Facility.Status.PROVISIONING, created_at__lt=timezone.now() - STUCK_AFTER
    )
    stuck = list(waiting.values_list("pk", flat=True))
    for facility_id in stuck:
        enqueue("facilities.create_schema", new_facility_id=facility_id)
    return len(stuck)
