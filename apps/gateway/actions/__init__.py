"""The verbs of the mail: receive, settle, send, deliver, sweep, and what a person may do."""

from apps.gateway.actions import registers
from apps.gateway.actions.identity import (
    ask_bridge,
    check_hospital,
    check_person,
    checked_service,
    find_hospital,
    link_service,
    send_bridge_url,
    tie_hospital,
)
from apps.gateway.actions.inbox import handled, not_yet, park_inbound, receive
from apps.gateway.actions.link_tokens import ask_link_token, drop_link_token, keep_link_token
from apps.gateway.actions.outbox import deliver, forget, handle_again, resend, send, settled, sweep
from apps.gateway.actions.retiring import retire_mail

__all__ = [
    "ask_bridge",
    "ask_link_token",
    "check_hospital",
    "check_person",
    "checked_service",
    "deliver",
    "drop_link_token",
    "find_hospital",
    "forget",
    "handle_again",
    "handled",
    "keep_link_token",
    "link_service",
    "not_yet",
    "park_inbound",
    "receive",
    "registers",
    "resend",
    "retire_mail",
    "send",
    "send_bridge_url",
    "settled",
    "sweep",
    "tie_hospital",
]
