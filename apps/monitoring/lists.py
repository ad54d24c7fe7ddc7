"""The State's holidays as a file, and how each row is read."""

from datetime import date
from pathlib import Path
from typing import Any

from apps.core.master import BadCell, Known, MasterList, Row, hindi, text, yes_no
from apps.monitoring.models import Holiday

DATA = Path(__file__).with_name("data")


def _holiday(row: Row, known: Known) -> dict[str, Any]:
    try:
        day = date.fromisoformat(text(row, "day"))
    except ValueError:
        raise BadCell("day", "must be year-month-day, as in 2026-11-15") from None
    return {
        "day": day,
        "name_hi": hindi(row, "name_hi"),
        "name_en": text(row, "name_en"),
        "source": row.get("source") or "newer file",
        "verified": yes_no(row, "verified"),
    }


HOLIDAYS = MasterList(
    name="holidays",
    file=DATA / "holidays.csv",
    model=Holiday,
    key="day",
    needs=("day", "name_hi", "name_en", "source", "verified"),
    parse=_holiday,
)
