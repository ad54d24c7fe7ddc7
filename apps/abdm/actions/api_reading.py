"""What a program read is noted, whether it found something or not."""

from uuid import UUID

from apps.audit.actions import record
from apps.audit.events import Event
from apps.core.actor import Actor


def note_read(kind: str, *, rows: int, patient_id: UUID | None, actor: Actor) -> None:
    """A row of the trail with the key (from the actor), the kind of resource and how many."""
    record(Event.RESOURCE_READ, actor=actor, patient_id=patient_id, resource=kind, rows=rows)
