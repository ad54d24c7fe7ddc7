"""Master lists: read a CSV, say what is wrong with which line, bring a table up to it in bulk.

Idempotent: a second run of the same file writes nothing. Rows that the file no longer names are
left alone unless `retire` asks for them to be marked inactive; nothing is ever deleted.
"""

import csv
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

Row = Mapping[str, str]
Known = Mapping[str, Any]


class Unreadable(Exception):
    """The file as a whole cannot be read; the text says why and what to do."""


class BadCell(Exception):
    """One cell of one row is wrong. `column` is the file's own heading."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(f"{column}: {reason}")
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Bad:
    line: int
    column: str
    reason: str


@dataclass(slots=True)
class Summary:
    """What a load did. `refused`: the file had bad rows and nothing of it was written."""

    added: int = 0
    changed: int = 0
    same: int = 0
    retired: int = 0
    refused: bool = False
    bad: list[Bad] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def _nothing_known() -> Known:
    return {}


@dataclass(frozen=True, slots=True)
class MasterList:
    """One list: where its file is, which table and rows it fills, how a row is read.

    `scope`: the fixed fields of this list in a shared table, such as {"kind": "block"}.
    `needs`: headings without which the file is some other file.
    `parse(row, known)` gives the other fields of a row or raises BadCell.
    """

    name: str
    file: Path
    model: type[models.Model]
    key: str
    needs: tuple[str, ...]
    parse: Callable[[Row, Known], dict[str, Any]]
    scope: Mapping[str, str] = field(default_factory=dict)
    known: Callable[[], Known] = _nothing_known


@transaction.atomic
def load(
    listing: MasterList, *, file: Path | None = None, keep_good: bool = False, retire: bool = False
) -> Summary:
    """Bring the table up to the file. Bad rows: all is refused, or (`keep_good`) the rest kept."""
    with connection.cursor() as cursor:  # two loads of one list take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"master.{listing.name}"])
    summary = Summary()
    wanted: dict[str, dict[str, Any]] = {}
    known = listing.known()
    for line, row in read_rows(file or listing.file, listing.needs):
        try:
            fields = _checked(listing, listing.parse(row, known))
            if fields[listing.key] in wanted:
                raise BadCell(listing.needs[0], "is in the file twice")
            wanted[fields[listing.key]] = fields
        except BadCell as problem:
            summary.bad.append(Bad(line, problem.column, problem.reason))
    if summary.bad and not keep_good:
        summary.refused = True
        return summary
    _write(listing, wanted, summary, retire=retire)
    return summary


def read_rows(path: Path, needs: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Line number and cells (NFC, trimmed) of every row that is not empty."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Unreadable(f"There is no file {path}.") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path.name} is not UTF-8. Save it as CSV UTF-8.") from None
    reader = csv.reader(unicodedata.normalize("NFC", text).splitlines(keepends=True))
    headings = [name.strip() for name in next(reader, [])]
    if missing := [name for name in needs if name not in headings]:
        raise Unreadable(f"{path.name} has no column {', '.join(missing)}.")
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(headings) - len(cells))]
            yield line, {n: c.strip() for n, c in zip(headings, padded, strict=False)}


def _checked(listing: MasterList, fields: dict[str, Any]) -> dict[str, Any]:
    for name, value in fields.items():
        limit = getattr(listing.model._meta.get_field(name), "max_length", None)
        if limit and isinstance(value, str) and len(value) > limit:
            raise BadCell(name, f"is longer than {limit} letters")
    return fields


def _write(
    listing: MasterList, wanted: dict[str, dict[str, Any]], summary: Summary, *, retire: bool
) -> None:
    table = listing.model._default_manager.filter(**listing.scope)
    names = [n for n in next(iter(wanted.values()), {}) if n != listing.key]
    present = {row[listing.key]: row for row in table.values(listing.key, *names, "active")}
    fresh = []
    for key, fields in wanted.items():
        old = present.get(key)
        if old is not None and old["active"] and all(old[n] == fields[n] for n in names):
            summary.same += 1
            continue
        summary.added += old is None
        summary.changed += old is not None
        fresh.append(listing.model(**listing.scope, **fields, active=True))
    if fresh:
        listing.model._default_manager.bulk_create(
            fresh,
            batch_size=500,
            update_conflicts=True,
            unique_fields=[*listing.scope, listing.key],
            update_fields=[*names, "active"],
        )
    if retire:
        gone = table.filter(active=True).exclude(**{f"{listing.key}__in": list(wanted)})
        summary.retired = gone.update(active=False)


def text(row: Row, column: str, *, empty: bool = False) -> str:
    """A cell that must be filled, unless `empty` is allowed."""
    value = row.get(column, "")
    if not value and not empty:
        raise BadCell(column, "is empty")
    return value


def hindi(row: Row, column: str, *, empty: bool = False) -> str:
    """A cell in Devanagari: a Latin word here is a slip of the columns."""
    value = text(row, column, empty=empty)
    if value and not any("\u0900" <= sign <= "\u097f" for sign in value):
        raise BadCell(column, "is not in Devanagari")
    return value


def yes_no(row: Row, column: str) -> bool:
    value = row.get(column, "").lower()
    if value not in {"yes", "no", ""}:
        raise BadCell(column, f"must be yes or no, not {value!r}")
    return value == "yes"


def number(row: Row, column: str, low: float, high: float, *, places: int = 5) -> Decimal | None:
    """A number between `low` and `high`, rounded to `places`; None when the cell is empty."""
    value = row.get(column, "")
    if not value:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise BadCell(column, f"{value!r} is not a number") from None
    if not found.is_finite() or not low <= found <= high:
        raise BadCell(column, f"{value} is not between {low:g} and {high:g}")
    return round(found, places)


def one_of(row: Row, column: str, allowed: Any, what: str) -> str:
    """A code that must be known already, such as a block's district."""
    value = text(row, column)
    if value not in allowed:
        raise BadCell(column, f"there is no {what} {value}")
    return value
