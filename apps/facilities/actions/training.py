"""A hospital's training place: a place of its own with invented patients, never counted."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.queue import enqueue
from apps.core.tenancy import public_context
from apps.facilities import tenants
from apps.facilities.models import Domain, Facility
from apps.facilities.scope import require_reach

LONGEST_SLUG = 32  # with "-train" and "f_" it must stay a schema's name
COPIED = ("facility_type", "district_code", "block_code", "config")


@transaction.atomic
def open_training(facility_id: UUID, *, actor: Actor) -> Facility:
    """The hospital's training place: row, address, the hospital's settings, and a job.

    A hospital has one: asked again, it is the same. Refused: facility.not_open.
    """
    home = _home(facility_id, actor)
    if made := Facility.every.filter(trains_for=home.pk).first():
        return made
    with connection.cursor() as cursor:  # as in `provision`: no address or prefix is given twice
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('facilities.provision'))")
    with public_context():  # a new tenant may be made from public alone
        place = _create(home)
    record(
        Event.FACILITY_PROVISIONED,
        subject=place,
        facility_id=place.pk,
        actor=actor,
        trains_for=str(home.pk),
    )
    enqueue("facilities.create_schema", new_facility_id=place.pk)
    return place


@transaction.atomic
def reset_training(facility_id: UUID, *, made: str, actor: Actor) -> Facility:
    """Everything practised goes; the place is made anew with the hospital's settings of today.

    `made`: `stamp` of the place the person saw; one that was made anew since stays as it is.
    Refused: training.none, facility.not_open.
    """
    home = _home(facility_id, actor)
    place = Facility.every.select_for_update().filter(trains_for=home.pk).first()
    if place is None:
        raise Refused("training.none")
    if place.status == Facility.Status.PROVISIONING or stamp(place) != made:
        return place
    for name, value in _copied(home).items():
        setattr(place, name, value)
    place.status, place.progress = Facility.Status.PROVISIONING, 10
    place.failure, place.created_at = "", timezone.now()
    fields = ["status", "progress", "failure", "created_at", *_copied(home)]
    Facility.every.filter(pk=place.pk).update(**{name: getattr(place, name) for name in fields})
    record(Event.FACILITY_RENEWED, subject=place, facility_id=place.pk, actor=actor)
    enqueue("facilities.create_schema", new_facility_id=place.pk)
    transaction.on_commit(tenants.forget)
    return place


def stamp(place: Facility) -> str:
    """Names one making of a training place."""
    return place.created_at.isoformat()


def _home(facility_id: UUID, actor: Actor) -> Facility:
    """The hospital, held: two people at once make one place. No place trains for another one."""
    actor.require(Permission.FACILITY_CONFIG)
    home = Facility.objects.select_for_update().filter(pk=facility_id).first()
    if home is None:
        raise Refused("facility.not_open")
    require_reach(actor, Permission.FACILITY_CONFIG, home)
    if home.status != Facility.Status.ACTIVE:
        raise Refused("facility.not_open")
    return home


def _copied(home: Facility) -> dict[str, Any]:
    names = {
        "name_hi": f"{home.name_hi[:150]} (अभ्यास)",
        "name_en": f"{home.name_en[:145]} (training)",
    }
    return names | {name: getattr(home, name) for name in COPIED}


def _create(home: Facility) -> Facility:
    slug = _slug(home)
    place = Facility.every.create(
        id=uuid7(),
        schema_name=f"f_{slug.replace('-', '_')}",
        register_code=f"T{home.pk.hex[-11:]}",  # not in the register: no list finds it
        prefix=_prefix(home.prefix),
        slug=slug,
        hfr_id="",
        trains_for=home.pk,
        progress=10,
        **_copied(home),
    )
    host = f"{slug}.{settings.PARENT_DOMAIN}"
    Domain.objects.create(domain=host, tenant=place, is_primary=True)
    return place


def _slug(home: Facility) -> str:
    stem = home.slug
    if len(stem) > LONGEST_SLUG or Facility.every.filter(slug=f"{stem}-train").exists():
        stem = f"{stem[:20].rstrip('-')}-{home.pk.hex[-8:]}"
    return f"{stem}-train"


def _prefix(own: str) -> str:
    """A free one that begins with T: TAMR of AMR, T1AM, T2AM."""
    wanted = [f"T{own[:4]}", *(f"T{n}{own}"[:5] for n in range(10, 1000))]
    taken = set(Facility.every.filter(prefix__startswith="T").values_list("prefix", flat=True))
    return next(prefix for prefix in wanted if prefix not in taken)
