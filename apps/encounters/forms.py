"""Parsing of what is typed at the window and at the nursing desk."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.fold import digits, name_key, tidy
from apps.core.ids import uuid7
from apps.encounters.actions.visit import CHOICES
from apps.encounters.actions.vitals import SKIP_REASONS
from apps.encounters.asked import DANGER_SIGNS, MEDICINES, Asked
from apps.encounters.pregnancy import checked_lmp, day_told
from apps.encounters.vital_signs import MEASURES, guess, plausible, read
from apps.patients import queries as patients

PRIORITIES = ("emergency", "pregnant", "disabled", "senior")  # the strongest one first


class AgeField(forms.CharField):
    """A whole number in any script's digits; its limits depend on the unit beside it."""


class PriorityForm(forms.Form):
    """Where to and how soon: the part that a new and an old patient share."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    department = forms.CharField(
        max_length=20, error_messages={"required": _("Choose a department.")}
    )
    priority = forms.MultipleChoiceField(required=False, choices=[(p, p) for p in PRIORITIES])

    def clean_priority(self) -> str:
        told = self.cleaned_data["priority"]
        return next((reason for reason in PRIORITIES if reason in told and reason in CHOICES), "")

    @property
    def visit(self) -> dict[str, Any]:
        """Keyword arguments of start_visit."""
        return {
            "id": self.cleaned_data["visit_id"],
            "department": self.cleaned_data["department"],
            "priority_reason": self.cleaned_data["priority"],
        }


class RegistrationForm(PriorityForm):
    """The eight fields of a new patient, and where to."""

    patient_id = forms.UUIDField(widget=forms.HiddenInput)
    mobile = forms.CharField(required=False, max_length=20)
    no_mobile = forms.BooleanField(required=False)
    name_hi = forms.CharField(required=False, max_length=80)
    name_en = forms.CharField(required=False, max_length=80)
    age = AgeField(max_length=6, error_messages={"required": _("Enter the age.")})
    age_unit = forms.ChoiceField(choices=[(u, u) for u in patients.AGE_LIMITS], required=False)
    sex = forms.ChoiceField(
        choices=[(s, s) for s in patients.SEXES],
        error_messages={"required": _("Choose the sex."), "invalid_choice": _("Choose the sex.")},
    )
    guardian_relation = forms.ChoiceField(
        choices=[(r, r) for r in patients.RELATIONS], required=False
    )
    guardian_name = forms.CharField(required=False, max_length=80)
    village = forms.CharField(required=False, max_length=80)
    block_code = forms.CharField(required=False, max_length=12)
    district_code = forms.CharField(required=False, max_length=12)
    age_guess = ""  # what the mend button beside the age offers

    field_order = ["mobile", "name_hi", "name_en", "age", "sex", "guardian_name", "village"]

    def clean_mobile(self) -> str:
        if self.data.get("no_mobile"):
            return ""
        try:
            return patients.checked_mobile(self.cleaned_data["mobile"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean_name_hi(self) -> str:
        return tidy(self.cleaned_data["name_hi"])

    def clean_name_en(self) -> str:
        return tidy(self.cleaned_data["name_en"])

    def clean_age(self) -> int:
        typed = digits(self.cleaned_data["age"]).strip()
        if not typed.isdecimal():
            raise forms.ValidationError(_("Write the age as a number, like 42."))
        return int(typed)

    def clean_age_unit(self) -> str:
        return self.cleaned_data["age_unit"] or "years"

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if not name_key(told.get("name_hi", ""), told.get("name_en", "")):
            self.add_error("name_hi", _("Enter the name, in Hindi or in English."))
        if (age := told.get("age")) is not None:
            try:
                patients.birth_date(age, told["age_unit"], on=timezone.localdate())
            except Refused as refused:
                self.age_guess = refused.values.get("guess", "")
                self.add_error("age", refused.sentence)
        # A name that we proposed and nobody touched is told as proposed, so it stays marked.
        if self.latin_is_auto and told.get("name_hi"):
            told["name_en"] = ""
        if self.hindi_is_auto and told.get("name_en"):
            told["name_hi"] = ""
        if not told.get("guardian_name"):
            told["guardian_relation"] = ""
        return told

    @property
    def latin_is_auto(self) -> bool:
        return self.data.get("auto") == "name_en"

    @property
    def hindi_is_auto(self) -> bool:
        return self.data.get("auto") == "name_hi"

    @property
    def patient(self) -> dict[str, Any]:
        """Keyword arguments of patients.register."""
        taken = ("name_hi", "name_en", "sex", "age", "age_unit", "mobile", "guardian_relation",
                 "guardian_name", "village", "block_code", "district_code")  # fmt: skip
        return {"id": self.cleaned_data["patient_id"], **{k: self.cleaned_data[k] for k in taken}}

    @property
    def first_error(self) -> str:
        """The field that gets the cursor."""
        return next((field.name for field in self if field.errors), "")


def fresh_ids() -> dict[str, UUID]:
    """The hidden ids that make a form harmless to send twice."""
    return {"patient_id": uuid7(), "visit_id": uuid7()}


class VitalsForm:
    """Little numbers, typed fast. `values` in stored units; `errors` and `guesses` by code."""

    def __init__(self, typed: Mapping[str, str] | None = None) -> None:
        codes = MEASURES if typed else ()
        self.typed = {code: digits((typed or {}).get(code, "")).strip() for code in codes}
        self.values: dict[str, Decimal] = {}
        self.errors: dict[str, Any] = {}
        self.guesses: dict[str, str] = {}
        for code, text in self.typed.items():
            if text:
                self._read(code, text.replace(",", "."))
        self._check_pair()

    def _read(self, code: str, text: str) -> None:
        value = read(code, text)
        if value is None:
            self.errors[code] = _("Write a number.")
        elif plausible(code, value):
            self.values[code] = value
        elif meant := guess(code, text):
            self.guesses[code] = meant
            self.errors[code] = _(
                "%(value)s cannot be right. Did you mean %(guess)s? Or measure again."
            ) % {"value": text, "guess": meant}
        else:
            self.errors[code] = _("%(value)s cannot be right. Measure again.") % {"value": text}

    def _check_pair(self) -> None:
        upper, lower = self.typed.get("SBP"), self.typed.get("DBP")
        if bool(upper) != bool(lower):
            self.errors.setdefault("DBP" if upper else "SBP", _("BP needs both numbers."))
        elif {"SBP", "DBP"} <= self.values.keys() and self.values["DBP"] >= self.values["SBP"]:
            self.errors["DBP"] = _("The upper BP must be above the lower one.")

    def is_valid(self) -> bool:
        return not self.errors


class AskedForm(forms.Form):
    """What the nursing desk asks besides the numbers; both ways out of the sheet send it."""

    pregnant = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")], required=False)
    lmp = forms.CharField(required=False, max_length=12)
    flags = forms.MultipleChoiceField(choices=[(c, c) for c in DANGER_SIGNS], required=False)
    takes = forms.MultipleChoiceField(choices=[(c, c) for c in MEDICINES], required=False)

    def clean_pregnant(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["pregnant"])

    def clean_lmp(self) -> date | None:
        """Six digits (day, month, year) or a date; of no meaning where she is not pregnant."""
        text = self.cleaned_data["lmp"].strip()
        if not text or self.cleaned_data.get("pregnant") is False:
            return None
        try:
            return checked_lmp(day_told(text), today=timezone.localdate())
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    @property
    def told(self) -> dict[str, Any]:
        """Keyword arguments of record_vitals and skip_vitals."""
        words = self.cleaned_data
        asked = Asked(tuple(words["flags"]), tuple(words["takes"]))
        return {"pregnant": words["pregnant"], "lmp": words["lmp"], "asked": asked}


class DeskForm(AskedForm):
    """The same with the allergy and the alarm, for saving."""

    observation_id = forms.UUIDField(widget=forms.HiddenInput)
    allergy = forms.ChoiceField(choices=[("none", "none"), ("known", "known")], required=False)
    allergy_codes = forms.CharField(required=False, max_length=400)
    alarm = forms.BooleanField(required=False)


class SkipForm(AskedForm):
    reason = forms.ChoiceField(
        choices=[(r, r) for r in SKIP_REASONS],
        error_messages={"required": _("Say why no measurement was taken.")},
    )
