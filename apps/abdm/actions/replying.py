"""The answer that a phone waits for: written with its cause, delivered by the job at work on it."""

from typing import Any

from apps.abdm.handlers import Letter
from apps.gateway import actions as gateway


def reply(letter: Letter, path: str, body: dict[str, Any], purpose: str, role: str = "hip") -> None:
    """Answer a callback once; where the gateway may be called now, this job does it itself."""
    made = gateway.send(
        path,
        body=body,
        purpose=purpose,
        subject_id=letter.id,
        facility_id=letter.facility_id,
        role=role,
        in_reply_to=letter.request_id,
        by_caller=True,
    )
    letter.owed.extend([made.pk] if made else [])
