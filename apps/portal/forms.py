"""What patients type: one thing at a time, in whichever digits their phone writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.core.fold import digits


def _numbers(text: str) -> str:
    return "".join(ch for ch in digits(text) if ch.isdecimal())


class OneBox(forms.Form):
    """A form with one number, read without spaces, dashes and other scripts' digits."""

    number = forms.CharField(max_length=30, required=False)

    def clean_number(self) -> str:
        return _numbers(self.cleaned_data["number"])


class MobileForm(OneBox):
    def clean_number(self) -> str:
        number = super().clean_number()
        number = number[-10:] if len(number) in (11, 12) and number[:-10] in ("0", "91") else number
        if not number:
            raise forms.ValidationError(_("Enter the mobile number"))
        if len(number) != 10:
            sentence = _("A mobile number has 10 digits, you typed %(count)s")
            raise forms.ValidationError(sentence % {"count": len(number)})
        if number[0] not in "6789":
            raise forms.ValidationError(_("A mobile number starts with 6, 7, 8 or 9"))
        return number


class CodeForm(OneBox):
    def clean_number(self) -> str:
        number = super().clean_number()
        if len(number) != 6:
            sentence = _("The code has 6 digits, you typed %(count)s")
            raise forms.ValidationError(sentence % {"count": len(number)})
        return number


class SecretForm(OneBox):
    """Four digits of the mobile, or the age in one to three digits."""

    def clean_number(self) -> str:
        number = super().clean_number()
        if not 1 <= len(number) <= 4:
            raise forms.ValidationError(_("Enter the last 4 digits of the mobile, or the age"))
        return number


def fault(form: forms.Form) -> str:
    """The sentence beside the box; empty when there is none."""
    errors: Any = form.errors.get("number")
    return str(errors[0]) if errors else ""
