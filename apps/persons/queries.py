"""Named reads over who is known where."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q
from django.utils import timezone

from apps.core.ids import keyed_hash
from apps.core.tenancy import here, in_training
from apps.persons.models import Arrival, PersonLink, PortalCode
from apps.persons.profile import Profile

__all__ = [
    "Profile",
    "Waiting",
    "arrival",
    "arrivals",
    "arrivals_of",
    "code_hash",
    "latest_code",
    "links_of_hash",
    "links_of_mobile",
    "mobile_hash",
    "running_number",
]
MOBILE = "persons.mobile"  # purpose of the keyed hash: other hashes of a mobile never meet it


def mobile_hash(mobile: str) -> str:
    """64 hex letters that stand for a mobile (10 digits); empty for none."""
    return keyed_hash(MOBILE, mobile) if mobile else ""


def abha_hash(number: str, address: str) -> str:
    """64 hex letters that stand for an ABHA: its number, or its address when it has none."""
    return keyed_hash("abha", number) if number else keyed_hash("abha-address-only", address)


def code_hash(code_id: UUID, code: str) -> str:
    """64 hex letters that stand for a one-time code; each row has its own."""
    return keyed_hash("persons.code", f"{code_id}:{code}")


def consent_hash(mobile: str, encounter_id: UUID) -> str:
    """Stands for "this mobile says yes at this visit": a code for it opens nothing else, neither
    the patients' pages nor another visit."""
    return keyed_hash("persons.consent", f"{mobile}:{encounter_id}")


def latest_code(hashed: str) -> PortalCode | None:
    """The newest one-time code of a mobile that has not run out. 1 query."""
    codes = PortalCode.objects.filter(mobile_hash=hashed, expires_at__gt=timezone.now())
    return codes.order_by("-created_at").first()


def links_of_mobile(mobile: str) -> list[PersonLink]:
    """Every patient, in any facility, who gave this mobile (10 digits). 1 query."""
    return links_of_hash(mobile_hash(mobile))


def links_of_hash(hashed: str) -> list[PersonLink]:
    """The same by the mobile's keyed hash, which a log-in holds instead of the number; nobody in
    training, where an invented mobile may be somebody's own. 1 query."""
    if in_training():
        return []
    links = PersonLink.objects.filter(mobile_hash=hashed, status=PersonLink.Status.ACTIVE)
    return list(links.exclude(mobile_hash="").order_by("facility_id", "id"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the window's list."""

    id: UUID
    number: int
    source: str
    department: str
    status: str
    encounter_id: UUID | None
    arrived_at: datetime
    profile: Profile


def _shown(row: Arrival) -> Waiting:
    return Waiting(
        row.pk, row.number, row.source, row.department, row.status, row.encounter_id,
        row.arrived_at, Profile.read(row.profile),
    )  # fmt: skip


def running_number(facility_id: UUID) -> int | None:
    """The highest number of today's list that a window has taken, 0 before the first; None when
    nobody is on the list. 1 query."""
    rows = Arrival.objects.filter(facility_id=facility_id, day=timezone.localdate())
    taken = Max("number", filter=Q(status=Arrival.Status.TAKEN))
    found = rows.aggregate(taken=taken, all=Max("number"))
    return None if found["all"] is None else found["taken"] or 0


def arrivals(*, limit: int = 30) -> list[Waiting]:
    """Who is on the way to this hospital's windows today, first come first. 1 query."""
    waiting = Arrival.objects.filter(
        facility_id=here(), day=timezone.localdate(), status=Arrival.Status.WAITING
    )
    return [_shown(row) for row in waiting.order_by("number")[:limit]]


def arrivals_of(ids: list[UUID]) -> list[Waiting]:
    """Those of these ids that are here, in any state, newest last. 1 query."""
    rows = Arrival.objects.filter(pk__in=ids, facility_id=here())
    return [_shown(row) for row in rows.order_by("number")]


def arrival(arrival_id: UUID) -> Waiting | None:
    """One of this hospital, in any state. 1 query."""
    row = Arrival.objects.filter(pk=arrival_id, facility_id=here()).first()
    return _shown(row) if row else None
