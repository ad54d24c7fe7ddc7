"""Verbs of the incentive's ledger and of the State's forms."""

from apps.reporting.actions.dhis import (
    FILE_KB,
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
from apps.reporting.actions.papers import (
    ask_paper,
    draw_paper,
    file_key,
    paper_state,
    refuse_bad_days,
    require_paper,
)

__all__ = [
    "FILE_KB",
    "ask",
    "ask_paper",
    "collect",
    "collect_again",
    "draw_paper",
    "enter",
    "file_key",
    "fill",
    "judge",
    "judge_open",
    "load_rules",
    "note_nha",
    "note_payment",
    "paper_state",
    "plan",
    "read_nha",
    "record_traced",
    "refuse_bad_days",
    "require_paper",
    "revise",
    "submit",
    "submit_form",
    "tell",
]
