"""Rooms whose doctor sits elsewhere: who waits for them, and the link both sides open.

No vendor is named: a hospital's settings hold the address of the State's video service with
{visit} where the part of one visit goes. That part is a keyed hash: nobody can guess the next one,
and it says nothing of the patient.
"""

from collections.abc import Sequence

from django.db.models import Count, Q

from apps.core.ids import keyed_hash
from apps.encounters.models import Encounter, QueueToken
from apps.encounters.queries.visits import settings_here


def tele_link(visit: Encounter) -> str:
    """The video address of today's visit in a tele room, "" for every other visit. No query."""
    config, token = settings_here(), visit.token
    rooms = [room for room in config.rooms if room.kind == "tele"]
    if not rooms or not config.tele_link or not token.is_of_now:
        return ""
    told = visit.room or token.for_room
    department = token.moved_to or token.queue
    here = [r for r in rooms if (r.code == told if told else r.department == department)]
    part = keyed_hash("tele", str(visit.pk))[:32]
    return config.tele_link.replace("{visit}", part) if here else ""


def tele_counts(rooms: Sequence[str], departments: Sequence[str]) -> dict[str, int]:
    """Waiting and called today at the doctor's, bound to one of `rooms`, or to no room and in one
    of `departments`. 1 query."""
    bound = Q(for_room__in=rooms) | Q(encounter__room__in=rooms)
    free = Q(for_room="") & (Q(moved_to__in=departments) | Q(moved_to="", queue__in=departments))
    found = QueueToken.objects.of_day().filter(bound | free, station=QueueToken.Station.DOCTOR)
    return found.aggregate(
        waiting=Count("pk", filter=Q(status=QueueToken.Status.WAITING)),
        called=Count("pk", filter=Q(status__in=(QueueToken.Status.CALLED,
                                                QueueToken.Status.SERVING))),
    )  # fmt: skip
