"""What an office types about a hospital's and a person's place in the national registers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"]


class LastDay(forms.DateField):
    """A day or nothing; 31-03-2027 as people write it, or as a browser's date box sends it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, input_formats=FORMATS, **kwargs)
        self.error_messages["invalid"] = _("Write the date as 31-03-2027.")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("Write the date as 31-03-2027."))
        return day


class HfrForm(forms.Form):
    hfr_id = forms.CharField(max_length=20, required=False)
    until = LastDay()


class ServiceForm(forms.Form):
    service_id = forms.CharField(max_length=30, required=False)
    name = forms.CharField(max_length=40, required=False)


class RegistersForm(forms.Form):
    registration_no = forms.CharField(max_length=40, required=False)
    registration_council = forms.CharField(max_length=60, required=False)
    registration_until = LastDay()
    hpr_id = forms.CharField(max_length=30, required=False)
    hpr_until = LastDay()
