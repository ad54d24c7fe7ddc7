"""What follows a signature, as its pages send it.

The addendum's form carries everything each time: new medicines are the fields med, dose, when,
days, note and reason, as many of each as there are rows.
"""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from apps.core.errors import Refused
from apps.workflows.actions import Addition, Told
from apps.workflows.draft import WHENS
from apps.workflows.forms.room import date_of, days_of

Row = dict[str, Any]


class _Signed(forms.Form):
    """`id` is the paper to be: sent twice it is made once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    pin = forms.CharField(max_length=8, strip=True)


class AddForm(_Signed):
    pass


class TakeBackForm(forms.Form):
    pin = forms.CharField(max_length=8, strip=True)
    reason = forms.CharField(required=False, max_length=20)


class CertificateForm(_Signed):
    form = forms.CharField(required=False, max_length=30)
    starts = forms.CharField(required=False, max_length=20)
    ends = forms.CharField(required=False, max_length=20)
    illness = forms.BooleanField(required=False)
    purpose = forms.CharField(required=False, max_length=120)
    remark = forms.CharField(required=False, max_length=200)
    mark = forms.CharField(required=False, max_length=120)


def told_of(cleaned: Row) -> Told:
    """Refused: draft.date."""
    texts = {key: cleaned[key] for key in ("form", "illness", "purpose", "remark", "mark")}
    return Told(**texts, starts=date_of(cleaned["starts"]), ends=date_of(cleaned["ends"]))


def rows_of(posted: QueryDict) -> list[Row]:
    """New medicines as they were typed, with the press of this post done."""
    columns = {name: posted.getlist(name) for name in ("dose", "when", "days", "note", "reason")}
    rows = [
        {"code": code, **{name: _at(column, n) for name, column in columns.items()}}
        for n, code in enumerate(posted.getlist("med"))
    ]
    what, _, rest = posted.get("op", "").partition(":")
    if what == "add" and rest and all(row["code"] != rest for row in rows):
        rows.append({"code": rest[:20], "dose": "", "when": "after", "days": "5", "note": "",
                     "reason": ""})  # fmt: skip
    if what == "drop" and rest.isdecimal() and int(rest) < len(rows):
        rows.pop(int(rest))
    return rows


def tests_of(posted: QueryDict) -> list[str]:
    codes = posted.getlist("test")
    what, _, rest = posted.get("op", "").partition(":")
    if what == "addtest" and rest:
        codes.append(rest[:20])
    return list(dict.fromkeys(codes))


def _at(column: list[str], n: int) -> str:
    return column[n] if n < len(column) else ""


def lines_of(rows: list[Row]) -> list[Row]:
    """The rows as a draft holds them. Refused: draft.days."""
    return [
        {
            "code": row["code"],
            "dose": row["dose"].strip()[:40],
            "when": row["when"] if row["when"] in WHENS else "",
            "days": days_of(row["days"]),
            "quantity": None,
            "note": row["note"].strip()[:200],
            "reason": row["reason"].strip()[:200],
        }
        for row in rows
    ]


def addition_of(posted: QueryDict) -> Addition:
    """Refused: draft.date, draft.days, prescription.gone."""
    try:
        stop = [UUID(text) for text in posted.getlist("stop")]
    except ValueError:
        raise Refused("prescription.gone") from None
    return Addition(
        text=posted.get("text", "").strip(),
        medicines=lines_of(rows_of(posted)),
        stop=stop,
        tests=tests_of(posted),
        follow_up=date_of(posted.get("follow_up", "")),
    )
