"""Reads over the mail; no personal data comes out of here but by `body_of` and `outbound_of`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from apps.core.ids import first_key
from apps.facilities import live
from apps.gateway import breaker, client
from apps.gateway.client import timestamp
from apps.gateway.environment import Environment, current, is_on, stand_in
from apps.gateway.models import InboundMessage, LinkToken, OutboundMessage, Service
from apps.gateway.sealed import opened

stamp = timestamp
ON_SHARE, ON_RUNNING = client.ON_SHARE, client.ON_RUNNING
ON_RECORD_SHARE = client.ON_RECORD_SHARE
__all__ = [
    "ON_RECORD_SHARE",
    "ON_RUNNING",
    "ON_SHARE",
    "Environment",
    "current",
    "is_on",
    "stamp",
    "stand_in",
]


@dataclass(frozen=True, slots=True)
class Health:
    """`state`: "off", "ok" or "down"; `waiting` counts calls that are owed."""

    state: str
    down_since: float | None
    waiting: int
    parked: int


def health(facility_id: UUID | None = None) -> Health:
    """How the link stands, for all or for one hospital. 2 queries."""
    if not is_on():
        return Health("off", None, 0, 0)
    sent, got = OutboundMessage.objects.all(), InboundMessage.objects.all()
    if facility_id:
        sent, got = sent.filter(facility_id=facility_id), got.filter(facility_id=facility_id)
    counts = sent.aggregate(
        waiting=Count("pk", filter=Q(status=OutboundMessage.Status.WAITING)),
        parked=Count("pk", filter=Q(status=OutboundMessage.Status.PARKED)),
    )
    parked = got.filter(status=InboundMessage.Status.PARKED).count()
    since = breaker.state().down_since
    return Health("down" if since else "ok", since, counts["waiting"], counts["parked"] + parked)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a box of mail holds: waiting, since when the oldest of these, parked for a person."""

    waiting: int
    oldest: datetime | None
    parked: int


def backlog() -> dict[str, Backlog]:
    """Both boxes, over all hospitals, link on or off. 4 queries, each by an index."""
    sent, got = OutboundMessage.Status, InboundMessage.Status
    return {
        "outbox": _backlog(
            OutboundMessage.objects.all(), "created_at", (sent.WAITING,), sent.PARKED
        ),
        "inbox": _backlog(
            InboundMessage.objects.all(), "received_at", (got.WAITING, got.EARLY), got.PARKED
        ),
    }


def _backlog(rows: QuerySet[Any], since: str, waiting: tuple[str, ...], parked: str) -> Backlog:
    told = rows.filter(status__in=waiting).aggregate(n=Count("pk"), oldest=Min(since))
    return Backlog(told["n"], told["oldest"], rows.filter(status=parked).count())


def down_since() -> datetime | None:
    """Since when the gateway does not answer; None while it does. No query."""
    since = breaker.state().down_since
    return datetime.fromtimestamp(since, tz=UTC) if since else None


def inbound(message_id: UUID | str) -> InboundMessage | None:
    """A callback that still waits to be handled. 1 query."""
    waiting = (InboundMessage.Status.WAITING, InboundMessage.Status.EARLY)
    return InboundMessage.objects.filter(pk=message_id, status__in=waiting).first()


def body_of(message: InboundMessage) -> Any:
    """What the callback says; None once it was handled."""
    return opened(message.body, message.facility_id)


def partner_of(message: InboundMessage) -> OutboundMessage | None:
    """Our call that a callback answers. 1 query."""
    if message.answers is None:
        return None
    return OutboundMessage.objects.filter(request_ids__contains=[message.answers]).first()


def outbound(message_id: UUID | str) -> OutboundMessage | None:
    """One call of ours. 1 query."""
    return OutboundMessage.objects.filter(pk=message_id).first()


def service_of(facility_id: UUID) -> Service | None:
    """How a hospital is called at the gateway. 1 query."""
    return Service.objects.filter(facility_id=facility_id, active=True).first()


def facility_of(service_id: str) -> UUID | None:
    """Which hospital a service id means. 1 query."""
    found = Service.objects.filter(service_id=service_id, active=True)
    return found.values_list("facility_id", flat=True).first()


def link_token(row: LinkToken) -> str | None:
    """The word that links, while it is good."""
    if row.state != LinkToken.State.ACTIVE or not row.token:
        return None
    if row.expires_at and row.expires_at <= timezone.now():
        return None
    return str(opened(row.token, row.facility_id))


def count_sent(purpose: str, subject_id: UUID) -> int:
    """How often something was owed for one row. 1 query."""
    return OutboundMessage.objects.filter(purpose=purpose, subject_id=subject_id).count()


def count_since(purpose: str, facility_id: UUID, since: datetime) -> int:
    """How much of one kind a hospital has owed since a moment. 1 query over its newest keys."""
    rows = OutboundMessage.objects.filter(pk__gte=first_key(since), purpose=purpose)
    return rows.filter(facility_id=facility_id).count()


def memo(
    purpose: str, subject_id: UUID, facility_id: UUID, *, within: timedelta, lock: bool = False
) -> dict[str, Any] | None:
    """What was noted when this was owed to the gateway, while it is fresh. 1 query.

    `lock` makes everybody else who asks for the same wait until the transaction ends.
    """
    rows = OutboundMessage.objects.filter(
        purpose=purpose, subject_id=subject_id, facility_id=facility_id
    )
    found = rows.select_for_update() if lock else rows
    row = found.filter(created_at__gt=timezone.now() - within).order_by("created_at").first()
    told = opened(row.body, facility_id) if row else None
    return (told or {}).get("memo")


def unsettled(purpose: str, facility_id: UUID) -> list[UUID]:
    """For which rows something was taken and we have not drawn the conclusion. 1 query."""
    taken = OutboundMessage.objects.filter(
        purpose=purpose, facility_id=facility_id, status=OutboundMessage.Status.ACCEPTED
    )
    return [one for one in taken.values_list("subject_id", flat=True)[:100] if one]


def callback_base() -> str:
    """The address that ABDM shall send callbacks to; it adds /api/v3/… itself."""
    return f"{live.address()}/abdm"


def linked_facilities() -> list[UUID]:
    """Hospitals that the gateway knows. 1 query."""
    return list(Service.objects.filter(active=True).values_list("facility_id", flat=True))


def known_facilities() -> list[UUID]:
    """Hospitals that the gateway knows or knew. 1 query."""
    return list(Service.objects.values_list("facility_id", flat=True))


def knows(facility_id: UUID) -> bool:
    """Whether this is a hospital that the gateway knows or knew. 1 query."""
    return Service.objects.filter(facility_id=facility_id).exists()
