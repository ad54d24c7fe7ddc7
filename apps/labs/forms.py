"""What the laboratory's screens send."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused

Typed = dict[tuple[UUID, str], str]
NO_PIN = {"required": _("Type your PIN.")}


class IdForm(forms.Form):
    """`id` is the row or paper to be: sent twice it is made once."""

    id = forms.UUIDField(widget=forms.HiddenInput)


class CollectForm(IdForm):
    request_ids = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, orders: list[UUID], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_ids"].choices = [(str(pk), "") for pk in orders]  # type: ignore[attr-defined]


class SignForm(IdForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    pin = forms.CharField(
        max_length=8, strip=True, error_messages={"required": _("Type your PIN.")}
    )


class AmendForm(IdForm):
    pin = forms.CharField(
        max_length=8, strip=True, error_messages={"required": _("Type your PIN.")}
    )
    reason = forms.CharField(max_length=120, required=False)


class StudyForm(IdForm):
    pin = forms.CharField(
        max_length=8, strip=True, error_messages={"required": _("Type your PIN.")}
    )
    text = forms.CharField(max_length=1000, required=False)


class MachineForm(IdForm):
    name = forms.CharField(max_length=40, required=False)
    protocol = forms.CharField(max_length=5, required=False)
    allow = forms.CharField(max_length=300, required=False)


def typed_of(posted: QueryDict) -> Typed:
    """The values of a grid: fields are named v-<order>-<test>."""
    found: Typed = {}
    for key, value in posted.items():
        if not key.startswith("v-") or not isinstance(value, str):
            continue
        order, _dash, code = key[2:].rpartition("-")
        try:
            found[UUID(order), code] = value
        except ValueError:
            continue
    return found


def version_of(posted: QueryDict) -> int | None:
    text = posted.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 8 else None


def ids_of(posted: QueryDict, name: str) -> list[UUID]:
    found = []
    for text in posted.getlist(name):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def slot_of(posted: QueryDict) -> datetime:
    """A local date and time. Refused: study.past when it is none."""
    try:
        found = parse_datetime(posted.get("slot", ""))
    except ValueError:
        found = None
    if found is None:
        raise Refused("study.past")
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def films_of(posted: QueryDict) -> int:
    text = posted.get("films", "").strip()
    return int(text) if text.isdecimal() and len(text) < 4 else -1


def reagents_of(text: str) -> list[dict[str, str]]:
    """One line each: code and quantity."""
    rows = []
    for line in text.splitlines():
        words = line.replace(",", " ").split()
        if words:
            rows.append({"item": words[0][:30], "quantity": words[1] if len(words) > 1 else ""})
    return rows


def ranges_of(posted: QueryDict) -> list[dict[str, str]]:
    """The rows of the range table; a row without any limit is left out."""
    names = ("sex", "from_days", "to_days", "condition", "low", "high", "critical_low",
             "critical_high", "note")  # fmt: skip
    columns = [posted.getlist(name) for name in names]
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=False)]
    limits = ("low", "high", "critical_low", "critical_high")
    for row in rows:
        for name in ("from_days", "to_days"):
            if row[name] and not row[name].isdecimal():
                raise Refused("master.number", item=row[name][:20])
    return [row for row in rows if any(row[name].strip() for name in limits)]
