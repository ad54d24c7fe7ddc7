"""Named reads over the incentive's ledger and the State's forms."""

from apps.reporting.queries.dhis import (
    kept,
    last_of,
    ledger,
    month_of,
    payments,
    read_to,
    records,
    rules,
    scheme_of,
    statement,
    statements,
)

__all__ = [
    "kept",
    "last_of",
    "ledger",
    "month_of",
    "payments",
    "read_to",
    "records",
    "rules",
    "scheme_of",
    "statement",
    "statements",
]
