"""The only ways into the catalogues: loading a file, and defining a version by hand."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core import master
from apps.core.actor import Actor, Level, Permission
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.master import MasterList, Summary
from apps.facilities import lists as facility_lists
from apps.facilities.actions import load_list as load_places
from apps.terminology.lists import CATALOGUES
from apps.terminology.models import Catalogue, Definition
from apps.terminology.queries import newest

STATE_NEEDS = {
    Definition.Kind.SET: Permission.RULE_EDIT,
    Definition.Kind.RULE: Permission.RULE_EDIT,
    Definition.Kind.TEST: Permission.MASTER_EDIT,
    Definition.Kind.RANGE: Permission.MASTER_EDIT,
    Definition.Kind.TEMPLATE: Permission.MASTER_EDIT,
}
HOSPITAL_NEEDS = {
    Definition.Kind.SET: Permission.CONSULT_SIGN,
    Definition.Kind.TEST: Permission.LAB_VERIFY,
    Definition.Kind.RANGE: Permission.LAB_VERIFY,
    Definition.Kind.TEMPLATE: Permission.FACILITY_CONFIG,
}
EVERYTHING = (*facility_lists.PLACES, facility_lists.REGISTER, *CATALOGUES)


@transaction.atomic
def load_list(
    listing: MasterList,
    *,
    file: Path | None = None,
    keep_good: bool = False,
    retire: bool = False,
    actor: Actor,
) -> Summary:
    """Load one of `lists.CATALOGUES`. Raises core.master.Unreadable."""
    actor.require(Permission.MASTER_EDIT)
    summary = master.load(listing, file=file, keep_good=keep_good, retire=retire)
    if summary.added or summary.changed or summary.retired:
        # A new stamp tells every process that the list in its memory is old.
        Catalogue.objects.update_or_create(
            name=listing.name, defaults={"stamp": uuid7(), "loaded_at": timezone.now()}
        )
        record(
            Event.MASTER_LOADED,
            actor=actor,
            list=listing.name,
            added=summary.added,
            changed=summary.changed,
            retired=summary.retired,
            bad=len(summary.bad),
        )
    return summary


def load_any(listing: MasterList, *, actor: Actor, **how: Any) -> Summary:
    """Load any list of the house, places and register too."""
    if listing in CATALOGUES:
        return load_list(listing, **how, actor=actor)
    return load_places(listing, **how, actor=actor)


def load_everything(*, actor: Actor) -> dict[str, Summary]:
    """All the master data that the house carries, parents first. Safe to repeat."""
    return {listing.name: load_any(listing, actor=actor) for listing in EVERYTHING}


@transaction.atomic
def define(
    kind: str,
    code: str,
    *,
    id: UUID,
    body: dict[str, Any],
    provenance: str,
    after: int | None = None,
    active: bool = True,
    facility_id: UUID | None = None,
    user_id: UUID | None = None,
    actor: Actor,
) -> Definition:
    """A new version of the State's, a hospital's or a person's own definition; older ones stay.

    `after` is the version the form showed (None: whatever it is now). `body` is checked by the app
    whose kind it is. The same `id` again returns the first. Never verified: that is the clinical
    committee's word. Raises Refused("definition.conflict"), Forbidden.
    """
    _may_define(Definition.Kind(kind), facility_id, user_id, actor)
    if done := Definition.objects.filter(pk=id).first():
        return done
    with connection.cursor() as cursor:  # two editors of one definition take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"define.{kind}.{code}"])
    last = newest(kind, code, facility_id=facility_id, user_id=user_id)
    version = last.version if last else 0
    if after is not None and after != version:
        raise Refused("definition.conflict")
    made = Definition.objects.create(
        id=id,
        kind=kind,
        code=code,
        facility_id=facility_id,
        user_id=user_id,
        version=version + 1,
        body=body,
        active=active,
        provenance=provenance,
        defined_by=actor.user_id,
    )
    Catalogue.objects.update_or_create(  # processes keep definitions in memory too
        name=kind, defaults={"stamp": uuid7(), "loaded_at": timezone.now()}
    )
    record(Event.DEFINITION_MADE, subject=made, actor=actor, kind=kind, version=made.version)
    return made


def _may_define(
    kind: Definition.Kind, facility_id: UUID | None, user_id: UUID | None, actor: Actor
) -> None:
    """The State's definitions by the State, a hospital's inside it, the own by oneself."""
    if facility_id is None and user_id is None:
        needed = STATE_NEEDS[kind]
        actor.require(needed)
        if actor.facility_id is not None:
            raise Forbidden(needed)
        return
    needed = HOSPITAL_NEEDS.get(kind, Permission.RULE_EDIT)
    if kind is Definition.Kind.SET and user_id is None:
        # One tap of every doctor of the house: who answers for the house decides, and is a
        # doctor (superintendent or MOIC: approves settings; a manager only types them).
        needed = Permission.FACILITY_CONFIG
        if actor.level(needed) is not Level.APPROVE:
            raise Forbidden(needed)
    actor.require(needed)
    if facility_id not in (None, actor.facility_id) or user_id not in (None, actor.user_id):
        raise Forbidden(needed)
