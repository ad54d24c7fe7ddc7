"""A call for help, and its answer."""

from django import forms

from apps.core.ids import uuid7
from apps.facilities.tickets import PRINTERS


class HelpForm(forms.Form):
    id = forms.UUIDField(initial=uuid7)
    page = forms.CharField(max_length=120, required=False)
    printer = forms.ChoiceField(choices=PRINTERS)
    text = forms.CharField(required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(required=False)
    close = forms.BooleanField(required=False)
