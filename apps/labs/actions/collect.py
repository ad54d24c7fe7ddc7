"""Samples: collected and labelled, labelled again, rejected."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor, Permission
from apps.core.errors import Refused
from apps.core.tenancy import current_facility
from apps.facilities.numbers import next_number
from apps.labs import queries
from apps.labs.models import DiagnosticReport, ServiceRequest, Specimen

TUBES = 20  # nobody gives more at once


@transaction.atomic
def collect(
    encounter_id: UUID, *, id: UUID, request_ids: Iterable[UUID] = (), actor: Actor
) -> list[Specimen]:
    """One sample for each tube that the chosen orders of a visit need (all of them when none is
    named). `id` comes from the form: sent twice, the samples are the same.

    Refused: order.nothing_to_collect.
    """
    actor.require(Permission.LAB_COLLECT)
    done = Specimen.objects.filter(pk__in=[uuid5(id, str(n)) for n in range(TUBES)])
    if samples := list(done.order_by("accession")):
        return samples
    orders = ServiceRequest.objects.select_for_update().filter(encounter_id=encounter_id)
    rows = list(orders.uncollected().order_by("ordered_at", "id"))
    chosen = set(request_ids)
    rows = [row for row in rows if not chosen or row.pk in chosen]
    tubes = queries.grouped(rows)
    if not tubes:
        raise Refused("order.nothing_to_collect")
    visit = rows[0].encounter
    return [_sample(tube, uuid5(id, str(n)), visit, actor) for n, tube in enumerate(tubes)]


def _sample(tube: dict[str, Any], pk: UUID, visit: Any, actor: Actor) -> Specimen:
    made = Specimen.objects.create(
        id=pk,
        accession=_next_accession(),
        encounter=visit,
        kind=tube["specimen"][:40],
        container=tube["container"][:40],
        collected_by_id=actor.user_id,
    )
    ServiceRequest.objects.filter(pk__in=[row.pk for row in tube["orders"]]).update(specimen=made)
    record(
        Event.SPECIMEN_COLLECTED,
        subject=made,
        patient_id=visit.patient_id,
        actor=actor,
        tests=len(tube["orders"]),
    )
    return made


def _next_accession() -> str:
    """PUR-L-2600871: hospital, laboratory, year, running number of the year."""
    here: Any = current_facility()
    year = f"{timezone.localdate().year % 100:02d}"
    return f"{here.prefix}-L-{year}{next_number(here.pk, 'accession', year):05d}"


@transaction.atomic
def print_label(accession: str, *, actor: Actor) -> dict[str, Any]:
    """What the label of a sample says; printing, also again, is recorded.

    Refused: specimen.not_found, label.cancelled, label.rejected.
    """
    actor.require(Permission.LAB_COLLECT)
    sample = queries.specimen(accession)
    if sample is None:
        raise Refused("specimen.not_found")
    if sample.status != Specimen.Status.AVAILABLE:
        raise Refused("label.rejected", accession=sample.accession)
    label = queries.label(sample)
    if (
        not label["orders"]
        and not DiagnosticReport.objects.filter(request__specimen=sample).exists()
    ):
        raise Refused("label.cancelled", accession=sample.accession)
    record(
        Event.SPECIMEN_LABELLED,
        subject=sample,
        patient_id=sample.encounter.patient_id,
        actor=actor,
    )
    return label


@transaction.atomic
def reject(accession: str, *, reason: str, actor: Actor) -> Specimen:
    """The sample is no good: its orders go back to the collection list, what was entered is void.

    Refused: specimen.not_found, specimen.reason, specimen.verified.
    """
    if not actor.may(Permission.LAB_ENTER):
        actor.require(Permission.LAB_COLLECT)
    found = queries.specimen(accession)
    if found is None:
        raise Refused("specimen.not_found")
    sample = Specimen.objects.select_for_update().get(pk=found.pk)
    if sample.status != Specimen.Status.AVAILABLE:
        return sample
    if not reason.strip():
        raise Refused("specimen.reason")
    orders = list(ServiceRequest.objects.filter(specimen=sample))
    if any(order.status == ServiceRequest.Status.COMPLETED for order in orders):
        raise Refused("specimen.verified")
    sample.status = Specimen.Status.UNSATISFACTORY
    sample.reject_reason = reason.strip()[:100]
    sample.save(update_fields=["status", "reject_reason"])
    DiagnosticReport.objects.being_entered().filter(request__in=orders).update(
        status=DiagnosticReport.Status.ENTERED_IN_ERROR
    )
    for order in orders:
        order.specimen = None
        order.detail = {"recollect": sample.reject_reason}
        order.save(update_fields=["specimen", "detail"])
    record(
        Event.SPECIMEN_REJECTED,
        subject=sample,
        patient_id=found.encounter.patient_id,
        actor=actor,
    )
    return sample
