"""What analysers send: kept first, then matched by the number on the tube, or parked."""

import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.tenancy import facility_context
from apps.facilities import analysers
from apps.labs import queries
from apps.labs.actions.enter import enter
from apps.labs.link import messages
from apps.labs.models import AnalyserMessage, ServiceRequest

Status = AnalyserMessage.Status
BIGGEST = 512 * 1024  # a message; histograms are left out by the reader


def keep(analyser: str, *, body: str, id: UUID, reason: str = "") -> tuple[UUID, bool]:
    """Store one message before it is acknowledged: (its id, whether it is new). The same body from
    the same analyser again finds the first. `reason`: why nobody can read it. No query beyond 1.
    """
    body = body.replace("\x00", "")[:BIGGEST]
    digest = hashlib.sha256(body.encode()).hexdigest()
    kept = AnalyserMessage.objects.bulk_create(
        [
            AnalyserMessage(
                id=id,
                analyser=analyser[:40],
                digest=digest,
                body=body,
                status=Status.PARKED if reason else Status.WAITING,
                reason=reason,
            )
        ],
        ignore_conflicts=True,
    )
    stored = AnalyserMessage.objects.only("pk").get(analyser=analyser[:40], digest=digest)
    return stored.pk, stored.pk == kept[0].pk


def match_waiting(*, limit: int = 200) -> int:
    """Match what waits in this hospital, oldest first; answers how many were looked at."""
    found = queries.waiting_messages(limit)
    for message_id in found:
        match(message_id)
    return len(found)


def sweep() -> None:
    """The same in every hospital that has an analyser, for messages that a dead listener left."""
    for facility_id in analysers.facilities():
        with facility_context(facility_id):
            match_waiting()


@transaction.atomic
def match(message_id: UUID, *, accession: str = "", actor: Actor | None = None) -> str:
    """Put the values of one message into the sample's preliminary report; answers the status.

    `accession` is what a person says it is; else it is read from the message. What cannot be
    matched is parked with a reason: nothing is thrown away.
    """
    rows = AnalyserMessage.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=message_id, status__in=(Status.WAITING, Status.PARKED)).first()
    if row is None:
        return ""
    device = analysers.by_name(row.analyser)
    actor = actor or Actor.of_system(
        "labs.analyser", Permission.LAB_ENTER, facility_id=device.facility_id if device else None
    )
    try:
        reports = messages.read(row.body, device.config.get("codes", {}) if device else {})
    except messages.Unreadable as no:
        return _park(row, no.reason)
    if not reports:
        return _park(row, "no_results")
    reasons = [_match_one(row, sample, accession or sample.accession, actor) for sample in reports]
    bad = [reason for reason in reasons if reason]
    row.accession = (accession or reports[0].accession)[:20]
    if bad:
        return _park(row, bad[0])
    row.status, row.reason = Status.MATCHED, ""
    row.save(update_fields=["status", "reason", "accession"])
    return str(row.status)


def _match_one(row: AnalyserMessage, sample: Any, accession: str, actor: Actor) -> str:
    """ "" when the values are in, else why not."""
    specimen = queries.specimen(accession) if accession else None
    if specimen is None:
        return "unknown_sample"
    orders = [o for o in queries.orders_on(specimen) if o.status == ServiceRequest.Status.ACTIVE]
    if not orders:
        return "verified_already"
    known = queries.parts_of(orders)
    typed = {
        (order.pk, code): value
        for order in orders
        for code, value in sample.values.items()
        if code in known[order.pk]
    }
    if not typed:
        return "not_ordered"
    try:
        with transaction.atomic():
            saved = enter(accession, typed=typed, source=row.analyser, actor=actor)
    except Refused as no:
        return no.code
    return "bad_value" if saved.problems else ""


def _park(row: AnalyserMessage, reason: str) -> str:
    row.status, row.reason = Status.PARKED, reason[:100]
    row.save(update_fields=["status", "reason", "accession"])
    return str(row.status)


@transaction.atomic
def attach(message_id: UUID, *, accession: str, actor: Actor) -> str:
    """A person says to which sample a parked message belongs.

    Refused: specimen.not_found, message.gone, message.no_match.
    """
    actor.require(Permission.LAB_ENTER)
    row = queries.message(message_id)
    if row is None or row.status != Status.PARKED:
        raise Refused("message.gone")
    if queries.specimen(accession) is None:
        raise Refused("specimen.not_found")
    specimen = queries.specimen(accession)
    assert specimen is not None
    status = match(message_id, accession=specimen.accession, actor=actor)
    if status != Status.MATCHED:
        raise Refused("message.no_match")
    record(Event.MESSAGE_ATTACHED, subject=row, patient_id=specimen.encounter.patient_id,
           actor=actor)  # fmt: skip
    return status


@transaction.atomic
def dismiss(message_id: UUID, *, reason: str, actor: Actor) -> None:
    """A parked message that belongs to nobody here (control run, test). Refused: message.reason."""
    actor.require(Permission.LAB_ENTER)
    if not reason.strip():
        raise Refused("message.reason")
    done = AnalyserMessage.objects.filter(pk=message_id, status=Status.PARKED).update(
        status=Status.DISMISSED, reason=reason.strip()[:100]
    )
    if done:
        row = queries.message(message_id)
        record(Event.MESSAGE_DISMISSED, subject=row, actor=actor)
