"""The demo's hospitals at the stand-in of the national gateway; never at a real one.

Service ids are of the range IN10100099… that this system keeps for demonstration; the stand-in
reads the same list (`services.json`) when it starts.
"""

import json
from pathlib import Path
from uuid import UUID

from apps.core.actor import Actor
from apps.gateway import actions as gateway
from apps.gateway import queries as mail

SERVICES = {
    one["slug"]: one
    for one in json.loads(Path(__file__).with_name("services.json").read_text("utf-8"))
}


def link(slug: str, facility_id: UUID, actor: Actor) -> None:
    """The hospital is called by its demo id, while the stand-in is the gateway. Safe to repeat."""
    if mail.stand_in() and mail.service_of(facility_id) is None:
        told = SERVICES[slug]
        gateway.link_service(
            facility_id, service_id=told["service_id"], name=told["name"], actor=actor
        )
