"""Verbs over several apps."""

from apps.workflows.actions.addendum import Addition, add_to_signed, nothing_to_add, take_back
from apps.workflows.actions.certificates import Told, issue_certificate
from apps.workflows.actions.consultation import finish_consultation
from apps.workflows.actions.drafting import edit, may_open
from apps.workflows.actions.reagents import use_reagents
from apps.workflows.actions.treatment_sets import load_starter_sets, save_set, switch_set

__all__ = [
    "Addition",
    "Told",
    "add_to_signed",
    "edit",
    "finish_consultation",
    "issue_certificate",
    "load_starter_sets",
    "may_open",
    "nothing_to_add",
    "save_set",
    "switch_set",
    "take_back",
    "use_reagents",
]
