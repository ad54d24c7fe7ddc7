"""The incentive scheme's dated rules, as our own file has them."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from apps.core.master import BadCell, Known, MasterList, Row, number, one_of, text, yes_no
from apps.reporting.models import IncentiveRule

DATA = Path(__file__).parent / "data"
PAYEES = ("facility", "laboratory", "dsc")
KINDS = ("any", "category-1", "category-2", "received", "given", "claim", "share")


def _day(row: Row, column: str, *, empty: bool = False) -> date | None:
    told = text(row, column, empty=empty)
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise BadCell(column, f"{told} is no day") from None


def _whole(row: Row, column: str) -> int | None:
    found = number(row, column, 0, 1_000_000, places=0)
    return None if found is None else int(found)


def _money(row: Row, column: str) -> Decimal | None:
    return number(row, column, 0, 1_000_000_000, places=2)


def _rule(row: Row, known: Known) -> dict[str, Any]:
    since, until = _day(row, "since"), _day(row, "until", empty=True)
    if since and until and until < since:
        raise BadCell("until", "lies before since")
    return {
        "code": text(row, "code"),
        "version": text(row, "version"),
        "since": since,
        "until": until,
        "payee": one_of(row, "payee", PAYEES, "payee"),
        "kind": one_of(row, "kind", KINDS, "kind"),
        "base": _whole(row, "base"),
        "base_unit": text(row, "base_unit", empty=True),
        "rate": _money(row, "rate"),
        "percent": _money(row, "percent"),
        "limit_rupees": _money(row, "limit_rupees"),
        "cap_rupees": _money(row, "cap_rupees"),
        "kyc_only": yes_no(row, "kyc_only"),
        "per_day": _whole(row, "per_day"),
        "per_month": _whole(row, "per_month"),
        "confidence": text(row, "confidence"),
        "provenance": text(row, "provenance"),
    }


RULES = MasterList(
    name="dhis_rules",
    file=DATA / "dhis_rules.csv",
    model=IncentiveRule,
    key="code",
    needs=("code", "version", "since", "until", "payee", "kind", "rate", "provenance"),
    parse=_rule,
)
