"""A file of what arrived: our own CSV, or an export of DVDMS / e-Aushadhi.

The export's columns are not public. `data/dvdms_columns.csv` maps headings that were seen or are
likely to our fields; a hospital whose export differs adds a line there. Pure: no table is read.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from apps.core.dates import iso_day
from apps.core.errors import Refused
from apps.core.fold import digits

COLUMNS = Path(__file__).parent / "data" / "dvdms_columns.csv"
OURS = ("code", "name", "batch_no", "expiry", "quantity", "unit", "gtin")
NEEDS = ("batch_no", "expiry", "quantity")
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Arrived:
    """One row of the file as read; None for a date or number that is none."""

    line: int
    code: str
    name: str
    batch_no: str
    expiry: date | None
    quantity: Decimal | None
    unit: str = ""
    gtin: str = ""


@cache
def _headings() -> dict[str, str]:
    """Heading in small letters to our field: our own names first, then the mapping's."""
    with COLUMNS.open(encoding="utf-8") as file:
        foreign = {row["heading"].strip().lower(): row["field"] for row in csv.DictReader(file)}
    return foreign | {name: name for name in OURS}


def text_of(data: bytes) -> str:
    """The file's text. Refused: file.unreadable."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("file.unreadable") from None


def read(text: str) -> list[Arrived]:
    """Every row that is not empty. Refused: file.columns, file.rows, file.unreadable."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error:
        raise Refused("file.unreadable") from None
    if not rows:
        raise Refused("file.unreadable")
    fields = [_headings().get(heading.strip().lower(), "") for heading in rows[0]]
    missing = [name for name in NEEDS if name not in fields]
    if "code" not in fields and "name" not in fields:
        missing.append("code")
    if missing:
        raise Refused("file.columns", columns=", ".join(missing))
    if len(rows) > MOST_ROWS + 1:
        raise Refused("file.rows", most=MOST_ROWS)
    return [
        _row(number, dict(zip(fields, (cell.strip() for cell in cells), strict=False)))
        for number, cells in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in cells)
    ]


def _row(line: int, cells: dict[str, str]) -> Arrived:
    expiry = iso_day(digits(cells.get("expiry", "")))
    quantity: Decimal | None = None
    try:
        told = Decimal(digits(cells.get("quantity", "")).replace(",", ""))
        quantity = told if told.is_finite() else None
    except InvalidOperation:
        pass
    return Arrived(
        line=line,
        code=cells.get("code", "").upper()[:12],
        name=cells.get("name", "")[:200],
        batch_no=cells.get("batch_no", "").upper()[:40],
        expiry=date.fromisoformat(expiry) if expiry else None,
        quantity=quantity,
        unit=cells.get("unit", "")[:20],
        gtin=cells.get("gtin", "")[:14],
    )
