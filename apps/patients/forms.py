"""Parsing of a mended identity."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.fold import digits, name_key, tidy
from apps.patients import age as ages
from apps.patients.identity import RELATIONS, SEXES, checked_mobile


class IdentityForm(forms.Form):
    """The words of one patient; the age only when it was typed anew."""

    name_hi = forms.CharField(required=False, max_length=80, label=_("Name (Hindi)"))
    name_en = forms.CharField(required=False, max_length=80, label=_("Name (English)"))
    mobile = forms.CharField(required=False, max_length=20, label=_("Mobile"))
    age = forms.CharField(max_length=6, label=_("Age"))
    age_unit = forms.ChoiceField(choices=[(u, u) for u in ages.LIMITS])
    sex = forms.ChoiceField(choices=[(s, s) for s in SEXES], label=_("Sex"))
    guardian_relation = forms.ChoiceField(choices=[(r, r) for r in RELATIONS], required=False)
    guardian_name = forms.CharField(required=False, max_length=80, label=_("Father / husband"))
    village = forms.CharField(required=False, max_length=80, label=_("Village / ward"))
    block_code = forms.CharField(required=False, max_length=12, label=_("Block"))
    district_code = forms.CharField(required=False, max_length=12, label=_("District"))

    def clean_mobile(self) -> str:
        try:
            return checked_mobile(self.cleaned_data["mobile"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean_age(self) -> int:
        typed = digits(self.cleaned_data["age"]).strip()
        if not typed.isdecimal():
            raise forms.ValidationError(_("Write the age as a number, like 42."))
        return int(typed)

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        names = tidy(told.get("name_hi", "")), tidy(told.get("name_en", ""))
        if not name_key(*names):
            self.add_error("name_hi", _("Enter the name, in Hindi or in English."))
        if told.get("age") is not None and told.get("age_unit"):
            try:
                ages.birth_date(told["age"], told["age_unit"], on=timezone.localdate())
            except Refused as refused:
                self.add_error("age", refused.sentence)
        return told
