"""What the pages about papers send."""

from typing import Any

from django import forms

from apps.documents.kinds import REASONS, SCANNED
from apps.documents.wording import LONGEST, TEXTS


class WordingForm(forms.Form):
    """Every text in both languages: danger_hi, danger_en, … `after` is the version shown."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for key in TEXTS:
            for tongue in ("hi", "en"):
                self.fields[f"{key}_{tongue}"] = forms.CharField(
                    required=False, max_length=LONGEST, strip=True
                )

    @property
    def body(self) -> dict[str, dict[str, str]]:
        """What was typed, by text."""
        typed = getattr(self, "cleaned_data", {})
        return {
            key: {tongue: typed.get(f"{key}_{tongue}", "") for tongue in ("hi", "en")}
            for key in TEXTS
        }


class WithdrawForm(forms.Form):
    reason = forms.ChoiceField(choices=[(code, code) for code in REASONS])


class ScanForm(forms.Form):
    """`pages` is read by the view from the request's files."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    what = forms.ChoiceField(choices=[(code, code) for code in SCANNED])
    dated = forms.DateField(required=False, input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"])
    note = forms.CharField(required=False, max_length=200)
