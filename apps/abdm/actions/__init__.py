"""The verbs of ABDM: link what was signed, handle callbacks, show records by consent, ask
others for theirs, note what became of our calls."""

from apps.abdm.actions.api_reading import note_read
from apps.abdm.actions.asking import ask as ask_others
from apps.abdm.actions.fetching import read as read_record
from apps.abdm.actions.fetching import take as take_records
from apps.abdm.actions.linking import advance, share_document
from apps.abdm.actions.mail import handle_inbound, note_sent, sweep, sweep_everywhere
from apps.abdm.actions.moving import reassign_consents, reassign_contexts
from apps.abdm.actions.reading import look as look_at_record
from apps.abdm.actions.transfer import carry_on

__all__ = [
    "advance",
    "ask_others",
    "carry_on",
    "handle_inbound",
    "look_at_record",
    "note_read",
    "note_sent",
    "read_record",
    "reassign_consents",
    "reassign_contexts",
    "share_document",
    "sweep",
    "sweep_everywhere",
    "take_records",
]
