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

__all__ = [
    "collect",
    "collect_again",
    "judge",
    "judge_open",
    "load_rules",
    "note_nha",
    "note_payment",
    "read_nha",
    "submit",
    "tell",
]
