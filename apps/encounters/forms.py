"""Parsing of what is typed at the window and at the nursing desk."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.aadhaar import holds_aadhaar
from apps.core.errors import Refused
from apps.core.fold import digits, is_name, tidy
from apps.core.ids import uuid7
from apps.encounters.actions.visit import CHOICES
from apps.encounters.actions.vitals import SKIP_REASONS
from apps.encounters.asked import DANGER_SIGNS, MEDICINES, Asked
from apps.encounters.fees import POOR
from apps.encounters.pregnancy import checked_lmp, day_told
from apps.encounters.vital_signs import MEASURES, guess, plausible, read
from apps.facilities.config import FacilityConfig
from apps.patients import queries as patients
from apps.patients.actions import Known
from apps.persons.queries import Profile

PRIORITIES = ("emergency", "pregnant", "disabled", "senior")  # the strongest one first


class PriorityForm(forms.Form):
    """Where to and how soon: the part that a new and an old patient share."""

    visit_id = forms.UUIDField(widget=forms.HiddenInput)
    department = forms.CharField(
        max_length=20, error_messages={"required": _("Choose a department.")}
    )
    priority = forms.MultipleChoiceField(required=False, choices=[(p, p) for p in PRIORITIES])
    poor = forms.BooleanField(required=False)

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
            "fee_exempt": POOR if self.cleaned_data["poor"] else "",
        }

    @property
    def first_error(self) -> str:
        """The field that gets the cursor."""
        return next((field.name for field in self if field.errors), "")


class PersonForm(forms.Form):
    """Who somebody is, as told: the part that the window and the gate's page share."""

    WORDS = ("name_hi", "name_en", "guardian_name", "village", "panchayat")
    mobile = forms.CharField(required=False, max_length=20)
    no_mobile = forms.BooleanField(required=False)
    name_hi = forms.CharField(required=False, max_length=80)
    name_en = forms.CharField(required=False, max_length=80)
    age = forms.CharField(max_length=10, error_messages={"required": _("Enter the age.")})
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
    panchayat = forms.CharField(required=False, max_length=80)
    age_guess = ""  # what the mend button beside the age offers
    born: date | None = None  # a whole birth date, when that was typed instead of an age

    def clean_mobile(self) -> str:
        if self.data.get("no_mobile"):
            return ""
        try:
            return patients.checked_mobile(self.cleaned_data["mobile"])
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean_age(self) -> int | None:
        age, self.born = patients.read_age(self.cleaned_data["age"])
        if age is None and self.born is None:
            raise forms.ValidationError(_("Write the age as a number, like 42."))
        return age

    def clean_age_unit(self) -> str:
        return self.cleaned_data["age_unit"] or "years"

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        for word in self.WORDS:
            told[word] = tidy(told.get(word) or "")
            if holds_aadhaar(told[word]):
                self.add_error(word, Refused("aadhaar.typed").sentence)
        self._check_name(told)
        if "age" not in self.errors and "age" in told:
            self._check_age(told["age"], told.get("age_unit") or "years")
        if not told.get("guardian_name"):
            told["guardian_relation"] = ""
        return told

    def _check_name(self, told: dict[str, Any]) -> None:
        wrong = self.errors.keys() & {"name_hi", "name_en"}
        if not wrong and not is_name(told["name_hi"], told["name_en"]):
            self.add_error("name_hi", _("Enter the name, in Hindi or in English."))

    def _check_age(self, age: int | None, unit: str) -> None:
        try:
            patients.told_age(age, unit, self.born, on=timezone.localdate())
        except Refused as refused:
            self.age_guess = refused.values.get("guess", "")
            self.add_error("age", refused.sentence)


class RegistrationForm(PriorityForm, PersonForm):
    """The eight fields of a new patient, and where to."""

    patient_id = forms.UUIDField(widget=forms.HiddenInput)
    arrival = forms.UUIDField(required=False, widget=forms.HiddenInput)
    mother = forms.UUIDField(required=False, widget=forms.HiddenInput)
    block_code = forms.CharField(required=False, max_length=12)
    district_code = forms.CharField(required=False, max_length=12)

    field_order = ["mobile", "name_hi", "name_en", "age", "sex", "guardian_name", "village"]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        # A name that we proposed and nobody touched is told as proposed, so it stays marked.
        if self.latin_is_auto and told.get("name_hi"):
            told["name_en"] = ""
        if self.hindi_is_auto and told.get("name_en"):
            told["name_hi"] = ""
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
                 "guardian_name", "village", "panchayat", "block_code",
                 "district_code")  # fmt: skip
        return {
            "id": self.cleaned_data["patient_id"],
            "born": self.born,
            "known": Known(mother_id=self.cleaned_data["mother"]),
            **{k: self.cleaned_data[k] for k in taken},
        }


class ArrivalForm(PersonForm):
    """What somebody tells at the gate, at a kiosk or at home: one name, in either script."""

    arrival_id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=80, error_messages={"required": _("Enter the name.")})
    department = forms.CharField(required=False, max_length=20)
    day = forms.IntegerField(required=False, min_value=0, max_value=3)
    priority = forms.ChoiceField(required=False, choices=[(p, p) for p in ("pregnant", "disabled")])
    source = forms.ChoiceField(required=False, choices=[(s, s) for s in ("gate", "kiosk", "home")])
    field_order = ["name", "age", "sex", "mobile", "village", "guardian_name"]

    def _check_name(self, told: dict[str, Any]) -> None:
        name = tidy(told.get("name") or "")
        if holds_aadhaar(name):
            self.add_error("name", Refused("aadhaar.typed").sentence)
        elif name and not is_name(name):
            self.add_error("name", _("Enter the name."))
        told["name_hi" if patients.is_devanagari(name) else "name_en"] = name

    @property
    def profile(self) -> Profile:
        """What goes on the list."""
        told, today = self.cleaned_data, timezone.localdate()
        age = told["age"] if self.born is None else today.year - self.born.year
        taken = ("name_hi", "name_en", "sex", "age_unit", "mobile", "guardian_relation",
                 "guardian_name", "village", "priority")  # fmt: skip
        return Profile(age=age, **{name: told[name] for name in taken})


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


DESKS = (("@vitals", _("Vitals")), ("@lab", _("Laboratory")), ("@pharmacy", _("Medicine")))


class ScreenForm(forms.Form):
    """A screen of the waiting hall: what it shows, in which language, with or without voice."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=60,
        error_messages={"required": _("Give the screen a name, like “Hall, ground floor”.")},
    )
    language = forms.ChoiceField(
        choices=[("hi", _("Hindi")), ("en", _("English")), ("both", _("Hindi and English in turn"))]
    )
    rooms = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    voice = forms.BooleanField(required=False)

    def __init__(self, *args: Any, config: FacilityConfig, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ = {department.code for department in config.departments if department.active}
        rooms = [(room.code, room.code) for room in config.rooms if room.department in open_]
        self.fields["rooms"].choices = [*rooms, *DESKS]  # type: ignore[attr-defined]

    @property
    def config(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("rooms", "language", "voice")}
