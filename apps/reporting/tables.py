"""Rows as a file: CSV for every spreadsheet, XLSX without a library.

XLSX is a zip of a few small XML files; one sheet of texts and whole numbers needs no more than
what stands here, and no dependency that would have to be kept up to date.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

Cell = str | int | Decimal | None
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a name that begins so
TYPES = "application/vnd.openxmlformats-officedocument"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
    f'PartName="/xl/workbook.xml" ContentType="{TYPES}.spreadsheetml.sheet.main+xml"/><Override '
    f'PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.spreadsheetml.worksheet+xml"/>'
    "</Types>",
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet '
    'name="Bhavya" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/'
    '2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


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
    body = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {**PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            file.writestr(name, HEAD + text)
    return out.getvalue()


def _cell(value: Cell) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, (int, Decimal)):
        return f"<c><v>{value}</v></c>"
    text = "".join(sign for sign in value if sign >= " " or sign in "\n\t")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def answer(rows: Iterable[Sequence[Cell]], name: str, kind: str) -> HttpResponse:
    """The rows as a download: "csv" or "xlsx"."""
    if kind == "xlsx":
        data, mime = as_xlsx(rows), f"{TYPES}.spreadsheetml.sheet"
    else:
        data, mime = as_csv(rows), "text/csv; charset=utf-8"
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
