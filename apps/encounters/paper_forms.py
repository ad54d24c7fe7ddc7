"""Parsing of a paper slip: five fields, with the time as it stood on paper."""

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.fold import digits, tidy
from apps.core.ids import uuid7
from apps.encounters.paper_slips import LIMIT
from apps.patients import queries as patients

HINDI = re.compile(r"[\u0900-\u097F]")
CLOCK = re.compile(r"^(\d{1,2})[:. ]?(\d{2})$")


class KitForm(forms.Form):
    """How many slips to put aside."""

    id = forms.UUIDField(initial=uuid7, widget=forms.HiddenInput)
    count = forms.CharField(max_length=4, error_messages={"required": _("Write how many slips.")})

    def clean_count(self) -> int:
        typed = digits(self.cleaned_data["count"]).strip()
        if not typed.isdecimal() or not 1 <= int(typed) <= LIMIT:
            raise forms.ValidationError(Refused("paper.count", limit=LIMIT).sentence)
        return int(typed)


class PaperForm(forms.Form):
    """Name, age, sex, department, time; or the MRN of somebody who is known."""

    patient_id = forms.UUIDField(widget=forms.HiddenInput)
    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    slip = forms.CharField(max_length=200, widget=forms.HiddenInput)
    mrn = forms.CharField(required=False, max_length=30)
    name = forms.CharField(required=False, max_length=80)
    age = forms.CharField(required=False, max_length=6)
    age_unit = forms.ChoiceField(choices=[(u, u) for u in patients.AGE_LIMITS], required=False)
    sex = forms.ChoiceField(choices=[(s, s) for s in patients.SEXES], required=False)
    mobile = forms.CharField(required=False, max_length=20)
    department = forms.CharField(
        max_length=20, error_messages={"required": _("Choose a department.")}
    )
    day = forms.DateField(
        input_formats=["%Y-%m-%d", "%d-%m-%Y"], error_messages={"required": _("Write the date")}
    )
    clock = forms.CharField(
        max_length=8, error_messages={"required": _("Write the time that stands on the paper.")}
    )
    waiting = forms.BooleanField(required=False)

    def clean_clock(self) -> tuple[int, int]:
        found = CLOCK.match(digits(self.cleaned_data["clock"]).strip())
        if not found or int(found[1]) > 23 or int(found[2]) > 59:
            raise forms.ValidationError(_("Write the time as 10:42."))
        return int(found[1]), int(found[2])

    def clean_mobile(self) -> str:
        if not self.cleaned_data["mobile"].strip():
            return ""
        try:
            return patients.checked_mobile(self.cleaned_data["mobile"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean_age(self) -> int | None:
        typed = digits(self.cleaned_data["age"]).strip()
        if typed and not typed.isdecimal():
            raise forms.ValidationError(_("Write the age as a number, like 42."))
        return int(typed) if typed else None

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("mrn"):
            return told
        if not tidy(told.get("name", "")):
            self.add_error("name", _("Enter the name, in Hindi or in English."))
        if told.get("age") is None and "age" not in self.errors:
            self.add_error("age", _("Enter the age."))
        if not told.get("sex"):
            self.add_error("sex", _("Choose the sex."))
        if told.get("age") is not None:
            try:
                unit = told.get("age_unit") or "years"
                patients.birth_date(told["age"], unit, on=timezone.localdate())
            except Refused as refused:
                self.add_error("age", refused.sentence)
        return told

    @property
    def happened_at(self) -> datetime:
        hour, minute = self.cleaned_data["clock"]
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], time(hour, minute)))

    @property
    def patient(self) -> dict[str, Any]:
        """Keyword arguments of patients.register."""
        told, name = self.cleaned_data, tidy(self.cleaned_data["name"])
        return {
            "id": told["patient_id"],
            "name_hi" if HINDI.search(name) else "name_en": name,
            "sex": told["sex"],
            "age": told["age"],
            "age_unit": told["age_unit"] or "years",
            "mobile": told["mobile"],
        }
