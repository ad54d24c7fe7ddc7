"""A list of hospitals as spreadsheets write it: any comma, three encodings, mixed if need be."""

import csv
import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.ids import uuid7
from apps.facilities.actions.bulk import Wanted

LIMIT, LINES = 256 * 1024, 150
COLUMNS = {
    "register_code": ("register_code", "code", "कोड", "register code"),
    "slug": ("slug", "address", "पता"),
    "prefix": ("prefix", "number_prefix", "उपसर्ग"),
    "facility_type": ("facility_type", "type", "level", "स्तर"),
}


class ListForm(forms.Form):
    """A file at first, its text when the preview is confirmed."""

    id = forms.UUIDField(initial=uuid7)
    file = forms.FileField(required=False)
    text = forms.CharField(required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        upload = kept.get("file")
        if upload and upload.size > LIMIT:
            raise ValidationError(_("The file is larger than 256 KB. Split it."))
        kept["odd"] = []
        if upload:
            kept["text"], kept["odd"] = decoded(upload.read())
        if not kept.get("text", "").strip():
            raise ValidationError(_("Choose the file with the list."))
        kept["wanted"] = wanted_of(kept["text"])
        return kept


def decoded(raw: bytes) -> tuple[str, list[int]]:
    """The text, and the lines that are no UTF-8. Only codes are read from the list, and those are
    the same in every encoding, so one odd name does not stop a hundred hospitals."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16"), []
        except UnicodeError:
            raise ValidationError(_("The file cannot be read. Save it as CSV UTF-8.")) from None
    if b"\0" in raw:
        raise ValidationError(_("This is no CSV. Save the sheet as CSV UTF-8, not as XLSX."))
    lines, odd = [], []
    for n, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            lines.append(line.decode())
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", errors="replace"))
            odd.append(n)
    return "\n".join(lines), odd


def wanted_of(text: str) -> list[Wanted]:
    """ValidationError without a column for the code, without lines, or with too many."""
    head = text.split("\n", 1)[0]
    comma = max(",;\t", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma))
    except csv.Error:
        raise ValidationError(_("The file cannot be read. Save it as CSV UTF-8.")) from None
    names = [cell.strip().lower() for cell in rows[0]] if rows else []
    at = {field: next((names.index(w) for w in words if w in names), -1)
          for field, words in COLUMNS.items()}  # fmt: skip
    if at["register_code"] < 0:
        raise ValidationError(_("The first line must name a column register_code."))
    found = [_wanted(row, at) for row in rows[1:] if any(cell.strip() for cell in row)]
    if not found:
        raise ValidationError(_("The list has no hospitals in it."))
    if len(found) > LINES:
        raise ValidationError(
            _("A list holds at most %(most)s hospitals, this one has %(n)s. Split it."),
            params={"most": LINES, "n": len(found)},
        )
    return found


def _wanted(row: list[str], at: dict[str, int]) -> Wanted:
    def cell(field: str) -> str:
        place = at[field]
        return row[place].strip() if 0 <= place < len(row) else ""

    return Wanted(
        register_code=cell("register_code").upper()[:12],
        slug=cell("slug").lower()[:30],
        prefix=cell("prefix").upper()[:5],
        facility_type=cell("facility_type").upper()[:5],
    )
