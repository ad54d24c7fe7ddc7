"""Verbs of the incentive's ledger and of the State's forms."""

from apps.reporting.actions.dhis import (
    collect,
    collect_again,
    judge,
    judge_open,
    load_rules,
    note_nha,
    note_payment,
    read_nha,
    submit,
    tell,
)
from apps.reporting.actions.runs import (
    ask,
    enter,
    fill,
    plan,
    record_traced,
    revise,
    submit_form,
)

__all__ = [
    "ask",
    "collect",
    "collect_again",
    "enter",
    "fill",
    "judge",
    "judge_open",
    "load_rules",
    "note_nha",
    "note_payment",
    "plan",
    "read_nha",
    "record_traced",
    "revise",
    "submit",
    "submit_form",
    "tell",
]
