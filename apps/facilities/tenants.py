"""Host name to Facility from an in-process cache: a request costs no query for its tenant.

An entry lives ten seconds, so a retired hospital is shut in every process within that time.
"""

import time
from dataclasses import dataclass
from threading import Lock

from django.conf import settings

from apps.facilities import places
from apps.facilities.models import Domain, Facility

LIVES_S = 10.0
CLOSED_LIVES_S = 1.0  # who has just brought a hospital on board follows its link at once


@dataclass(frozen=True, slots=True)
class _Entry:
    facility: Facility | None
    until: float


_entries: dict[str, _Entry] = {}
_lock = Lock()


def is_state_host(host: str) -> bool:
    return host == settings.PARENT_DOMAIN


def facility_of_host(host: str) -> Facility | None:
    """The facility behind a host name, in any status, or None. No query when cached."""
    entry = _entries.get(host)
    if entry is None or entry.until < time.monotonic():
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
        facility = domain.tenant if domain else None
        open_ = facility is not None and facility.status == Facility.Status.ACTIVE
        entry = _Entry(facility, time.monotonic() + (LIVES_S if open_ else CLOSED_LIVES_S))
        with _lock:
            if len(_entries) > 10_000:  # somebody is trying host names: do not grow with them
                _entries.clear()
            _entries[host] = entry
    return entry.facility


def forget() -> None:
    """Drop the caches of this process (after provisioning, in tests)."""
    with _lock:
        _entries.clear()
    places.forget()
