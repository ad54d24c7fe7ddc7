"""The verbs of the mail: receive, settle, send, deliver, sweep, and what a person may do."""

from apps.gateway.actions.identity import link_service
from apps.gateway.actions.inbox import handled, not_yet, park_inbound, receive
from apps.gateway.actions.link_tokens import ask_link_token, drop_link_token, keep_link_token
from apps.gateway.actions.outbox import deliver, forget, handle_again, resend, send, settled, sweep

__all__ = [
    "ask_link_token",
    "deliver",
    "drop_link_token",
    "forget",
    "handle_again",
    "handled",
    "keep_link_token",
    "link_service",
    "not_yet",
    "park_inbound",
    "receive",
    "resend",
    "send",
    "settled",
    "sweep",
]
