"""Verbs over several apps."""

from apps.workflows.actions.addendum import Addition, add_to_signed, nothing_to_add, take_back
from apps.workflows.actions.certificates import Told, issue_certificate
from apps.workflows.actions.consultation import finish_consultation
from apps.workflows.actions.drafting import edit, may_open

__all__ = [
    "Addition",
    "Told",
    "add_to_signed",
    "edit",
    "finish_consultation",
    "issue_certificate",
    "may_open",
    "nothing_to_add",
    "take_back",
]
