"""The verbs of ABDM: link what was signed, handle callbacks, note what became of our calls."""

from apps.abdm.actions.linking import advance, share_document
from apps.abdm.actions.mail import handle_inbound, note_sent, sweep, sweep_everywhere

__all__ = ["advance", "handle_inbound", "note_sent", "share_document", "sweep", "sweep_everywhere"]
