"""Members of staff: one, many, where they work and until when."""

import csv
import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts import queries
from apps.accounts.forms.fields import DayField, DigitsField
from apps.core.actor import Actor
from apps.core.ids import uuid7

COLUMNS = (
    "name_hi", "name_en", "mobile", "role", "hospital", "department", "room", "from_date",
    "to_date", "registration_no", "qualification", "username",
)  # fmt: skip
CSV_LIMIT = 256 * 1024
PLACE_MISSING = _("Choose the hospital")


class PlaceForm(forms.Form):
    """Role, place and department, as far as this actor may give them."""

    role = forms.ChoiceField(required=False)
    place = forms.ChoiceField(required=False)
    department = forms.CharField(max_length=20, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.rules = queries.roles_to_give(actor)
        self.places = queries.posts_within(actor)
        self.fields["role"].choices = [(str(r.role), r.title) for r in self.rules]  # type: ignore[attr-defined]
        self.fields["place"].choices = [(p.key, p.key) for p in self.places]  # type: ignore[attr-defined]
        self.departments = queries.departments_of(self.places)

    def where(self) -> dict[str, Any]:
        """The place as post_user wants it."""
        chosen = self.cleaned_data.get("place") or (self.places[0].key if self.only_place else "")
        return queries.place_of_key(chosen)

    @property
    def only_place(self) -> bool:
        """Inside a hospital there is nothing to choose."""
        return self.actor.facility_id is not None


class PersonForm(PlaceForm):
    """One new member of staff in eight fields."""

    id = forms.UUIDField(initial=uuid7)
    posting_id = forms.UUIDField(initial=uuid7)
    name_hi = forms.CharField(max_length=80, required=False)
    name_en = forms.CharField(max_length=80, error_messages={"required": _("Write the name")})
    mobile = DigitsField(max_length=20, error_messages={"required": _("Write the mobile number")})
    registration_no = forms.CharField(max_length=40, required=False)
    from_date = DayField(required=False)

    def person(self) -> dict[str, Any]:
        """What take_on wants; without a role there is no place either."""
        kept = dict(self.cleaned_data)
        kept.pop("place")
        return {**kept, **(self.where() if kept["role"] else {})}


class PostingForm(PlaceForm):
    """A role for somebody who is here already, or a deputation."""

    id = forms.UUIDField(initial=uuid7)
    room = forms.CharField(max_length=10, required=False)
    kind = forms.ChoiceField(
        choices=[
            ("posting", _("Posting")),
            ("deputation", _("Deputation")),
            ("acting", _("Acting charge")),
        ]
    )
    from_date = DayField()
    to_date = DayField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].required = True
        self.fields["role"].error_messages["required"] = _("Choose the role")

    def posting(self) -> dict[str, Any]:
        kept = dict(self.cleaned_data)
        kept.pop("place")
        return {**kept, **self.where()}


class TransferForm(PlaceForm):
    """To which hospital, from which day."""

    id = forms.UUIDField(initial=uuid7)
    on = DayField()

    def clean_place(self) -> str:
        if not self.cleaned_data.get("place"):
            raise ValidationError(PLACE_MISSING)
        return self.cleaned_data["place"]

    def transfer(self) -> dict[str, Any]:
        kept = self.cleaned_data
        return {
            "id": kept["id"],
            "on": kept["on"],
            "role": kept["role"],
            "department": kept["department"],
            "facility_id": self.where()["facility_id"],
        }


class EndForm(forms.Form):
    on = DayField()


class ProfileForm(forms.Form):
    name_hi = forms.CharField(max_length=80, required=False)
    name_en = forms.CharField(max_length=80, error_messages={"required": _("Write the name")})
    mobile = DigitsField(max_length=20, required=False)
    qualification = forms.CharField(max_length=60, required=False)
    registration_no = forms.CharField(max_length=40, required=False)


class ImportForm(forms.Form):
    """A list of people: a file at first, its text when the preview is confirmed."""

    id = forms.UUIDField(initial=uuid7)
    file = forms.FileField(required=False)
    text = forms.CharField(required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        kept = super().clean() or {}
        upload = kept.get("file")
        if upload and upload.size > CSV_LIMIT:
            raise ValidationError(_("The file is larger than 256 KB. Split it."))
        text = _decode(upload.read()) if upload else kept.get("text", "")
        if not text.strip():
            raise ValidationError(_("Choose the file with the list."))
        kept["text"], kept["rows"] = text, _rows(text)
        return kept


def _decode(raw: bytes) -> str:
    """What spreadsheets write: UTF-8 with or without its mark, or UTF-16 ("Unicode text")."""
    for coding in ("utf-8-sig", "utf-16"):
        try:
            return raw.decode(coding)
        except UnicodeError:
            continue
    raise ValidationError(_("The file is not a CSV in UTF-8. Save it as CSV UTF-8."))


def _rows(text: str) -> list[dict[str, str]]:
    first = text.split("\n", 1)[0]
    comma = max(",;\t", key=first.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=comma)
        known = {(name or "").strip().lower() for name in reader.fieldnames or []}
        rows = [_row(row) for row in reader]
    except csv.Error:
        raise ValidationError(_("The file is not a CSV in UTF-8. Save it as CSV UTF-8.")) from None
    if not {"name_en", "mobile"} <= known:
        raise ValidationError(
            _("The first line must name the columns. name_en and mobile are needed.")
        )
    return [row for row in rows if any(row.values())]


def _row(raw: dict[str | None, Any]) -> dict[str, str]:
    named = {(key or "").strip().lower(): value for key, value in raw.items()}
    values = {name: named.get(name) for name in COLUMNS}
    return {name: v.strip() if isinstance(v, str) else "" for name, v in values.items()}
