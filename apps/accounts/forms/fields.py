"""Fields that take what people really type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.secrets import latin_digits


class DigitsField(forms.CharField):
    """Digits of either script, handed on as 0-9."""

    def to_python(self, value: Any) -> str:
        return latin_digits(super().to_python(value) or "")


class DayField(forms.DateField):
    """23-11-2026 as people write it, or 2026-11-23 as a browser's date box sends it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"])
        super().__init__(**kwargs)
        self.error_messages["invalid"] = _("Write the date as 23-11-2026.")
        self.error_messages["required"] = _("Write the date")
        self.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
