"""The verbs of ABDM: link what was signed, handle callbacks, show records by consent, note what
became of our calls."""

from apps.abdm.actions.linking import advance, share_document
from apps.abdm.actions.mail import handle_inbound, note_sent, sweep, sweep_everywhere
from apps.abdm.actions.moving import reassign_consents, reassign_contexts
from apps.abdm.actions.transfer import carry_on

__all__ = [
    "advance",
    "carry_on",
    "handle_inbound",
    "note_sent",
    "reassign_consents",
    "reassign_contexts",
    "share_document",
    "sweep",
    "sweep_everywhere",
]
