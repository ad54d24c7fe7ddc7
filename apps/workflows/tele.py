"""A specialist's tele queues over every hospital of the posting: counts and links."""

from typing import Any
from uuid import UUID

from apps.accounts import queries as accounts
from apps.core.tenancy import facility_context
from apps.encounters import queries as encounters
from apps.facilities import queries as facilities

SIGNS = frozenset({"MO", "SPC", "EMO", "CHO"})


def everywhere(user_id: UUID) -> list[dict[str, Any]]:
    """The tele queues of every hospital this doctor is posted at, by number only.

    {place, rooms, waiting, called}; 3 queries and 2 for each hospital. No patient is named: the
    queue itself opens on its hospital's own host.
    """
    postings = [p for p in accounts.workplaces(user_id) if p.place and p.role in SIGNS]
    found = []
    for place in {p.place.id: p.place for p in postings if p.place and p.place.is_open}.values():
        with facility_context(place.id) as facility:
            rooms = [r for r in facilities.config(facility).rooms if r.kind == "tele"]
            if rooms:
                counts = encounters.tele_counts(
                    [r.code for r in rooms], [r.department for r in rooms]
                )
                found.append({"place": place, "rooms": rooms, **counts})
    return sorted(found, key=lambda row: -row["waiting"])
