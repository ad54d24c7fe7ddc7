"""Rows as a file for a spreadsheet: CSV for every one of them, XLSX with numbers as numbers."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse

Cell = str | int | Decimal | None
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a name that begins so
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A text stays a text, whatever it looks like.
AS_TOLD = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def as_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark by which a spreadsheet knows Hindi."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def _safe(cell: Cell) -> Any:
    if isinstance(cell, str) and cell.startswith(RISKY):
        return f"'{cell}"
    return "" if cell is None else cell


def as_xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet; texts stay texts, numbers are numbers."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, AS_TOLD) as book:
        sheet = book.add_worksheet("Bhavya")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, [_printable(cell) for cell in row])
    return out.getvalue()


def _printable(cell: Cell) -> Cell:
    """Without the signs that XML does not know."""
    if isinstance(cell, str):
        return "".join(sign for sign in cell if sign >= " " or sign in "\n\t")
    return cell


def answer(rows: Iterable[Sequence[Cell]], name: str, kind: str) -> HttpResponse:
    """The rows as a download: "csv" or "xlsx"."""
    if kind == "xlsx":
        data, mime = as_xlsx(rows), XLSX
    else:
        data, mime = as_csv(rows), "text/csv; charset=utf-8"
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
