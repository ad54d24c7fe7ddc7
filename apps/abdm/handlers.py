"""Which function handles which callback: `@handles("path")` below /api/v3/."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


class Early(Exception):
    """Its partner has not been written yet: the callback is tried again in a moment."""


class Parked(Exception):
    """A person must decide. The text is a short reason without anything personal."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One callback, opened. `subject_id` and `purpose` are of our call that it answers."""

    id: UUID
    request_id: UUID
    body: dict[str, Any]
    service_id: str
    facility_id: UUID
    purpose: str
    subject_id: UUID | None
    owed: list[UUID] = field(default_factory=list)  # answers that this job delivers itself


Handler = Callable[[Letter], None]
HANDLERS: dict[str, Handler] = {}


def handles(*paths: str) -> Callable[[Handler], Handler]:
    def declare(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(paths, handler))
        return handler

    return declare
