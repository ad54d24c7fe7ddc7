"""Parsing of a mended identity."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.aadhaar import holds_aadhaar
from apps.core.errors import Refused
from apps.core.fold import is_name, tidy
from apps.patients import age as ages
from apps.patients.identity import RELATIONS, SEXES, checked_mobile


class IdentityForm(forms.Form):
    """The words of one patient; the age only when it was typed anew."""

    name_hi = forms.CharField(required=False, max_length=80, label=_("Name (Hindi)"))
    name_en = forms.CharField(required=False, max_length=80, label=_("Name (English)"))
    mobile = forms.CharField(required=False, max_length=20, label=_("Mobile"))
    age = forms.CharField(max_length=10, label=_("Age"))
    age_unit = forms.ChoiceField(choices=[(u, u) for u in ages.LIMITS])
    sex = forms.ChoiceField(choices=[(s, s) for s in SEXES], label=_("Sex"))
    guardian_relation = forms.ChoiceField(choices=[(r, r) for r in RELATIONS], required=False)
    guardian_name = forms.CharField(required=False, max_length=80, label=_("Father / husband"))
    village = forms.CharField(required=False, max_length=80, label=_("Village / ward"))
    panchayat = forms.CharField(required=False, max_length=80, label=_("Panchayat"))
    block_code = forms.CharField(required=False, max_length=12, label=_("Block"))
    district_code = forms.CharField(required=False, max_length=12, label=_("District"))
    born: date | None = None

    def clean_mobile(self) -> str:
        try:
            return checked_mobile(self.cleaned_data["mobile"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean_age(self) -> int | None:
        age, self.born = ages.read(self.cleaned_data["age"])
        if age is None and self.born is None:
            raise forms.ValidationError(_("Write the age as a number, like 42."))
        return age

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        names = tidy(told.get("name_hi", "")), tidy(told.get("name_en", ""))
        if not is_name(*names):
            self.add_error("name_hi", _("Enter the name, in Hindi or in English."))
        for word in ("name_hi", "name_en", "guardian_name", "village", "panchayat"):
            if holds_aadhaar(told.get(word) or ""):
                self.add_error(word, Refused("aadhaar.typed").sentence)
        if "age" not in self.errors and told.get("age_unit"):
            try:
                ages.told(told["age"], told["age_unit"], self.born, on=timezone.localdate())
            except Refused as refused:
                self.add_error("age", refused.sentence)
        return told


class PracticeForm(forms.Form):
    id = forms.UUIDField()
