"""Parsing of what admins type: bringing a hospital on board, its settings, its end."""

import re
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from apps.facilities import queries
from apps.facilities.config import (
    STORE_KINDS,
    Department,
    FacilityConfig,
    Room,
    Session,
    Store,
    problems,
)
from apps.facilities.models import Facility
from apps.facilities.templates_by_level import LEVELS

SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
PREFIX = re.compile(r"^[A-Z][A-Z0-9]{2,4}$")
COUNTER = re.compile(r"[,\s]+")
# Plain text: a browser's own time box shows AM and PM wherever the PC is set to English (US).
CLOCK = {"class": "form-control", "placeholder": "09:00", "inputmode": "numeric", "size": "5"}


def _text(
    label: Any, *, length: int, needed: bool = True, missing: Any = "", size: int = 0
) -> forms.CharField:
    attrs = {"class": "form-control", "autocomplete": "off", **({"size": size} if size else {})}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label,
        max_length=length,
        required=needed,
        widget=widget,
        error_messages={
            "required": missing or _("Fill this in."),
            "max_length": _("At most %(limit_value)s letters; you typed %(show_value)s."),
        },
    )


class OnboardForm(forms.Form):
    """Level, web address and number prefix of a new hospital."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    level = forms.ChoiceField(
        label=_("Level"), error_messages={"required": _("Choose the level of this hospital.")}
    )
    slug = _text(_("Web address"), length=30, missing=_("Enter the web address."))
    number_prefix = _text(_("Number prefix"), length=5, missing=_("Enter the number prefix."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["level"]
        blank = [] if self.initial.get("level") else [("", _("Choose"))]
        field.choices = [*blank, *((level, level) for level in LEVELS)]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"]).lower().strip()
        if not SLUG.match(slug):
            raise forms.ValidationError(
                _("Use small English letters, numbers and hyphens, as in phc-kasba.")
            )
        if queries.slug_taken(slug):
            raise forms.ValidationError(_("Another hospital has this address. Choose another one."))
        return slug

    def clean_number_prefix(self) -> str:
        prefix = str(self.cleaned_data["number_prefix"]).upper().strip()
        if not PREFIX.match(prefix):
            raise forms.ValidationError(_("Use 3 to 5 English letters or numbers, as in KSB."))
        if queries.prefix_taken(prefix):
            raise forms.ValidationError(
                _("Another hospital has this number prefix. Choose another one.")
            )
        return prefix


class RetireForm(forms.Form):
    """The second step: a reason, and the hospital's address typed once more."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose")), *Facility.RetireReason.choices],
        error_messages={"required": _("Choose a reason.")},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    slug = _text(_("Type the web address to confirm"), length=40)

    def __init__(self, *args: Any, slug: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = slug

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"].strip().lower() != self.wanted:
            raise forms.ValidationError(
                _("This is not its address. Type %(slug)s."), params={"slug": self.wanted}
            )
        return self.wanted


class FilterForm(forms.Form):
    """Search and filters of the register; what is unknown is left out, never refused."""

    q = forms.CharField(required=False, max_length=80)
    type = forms.CharField(required=False)
    status = forms.CharField(required=False)
    district = forms.CharField(required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def values(self) -> dict[str, Any]:
        self.is_valid()
        kept = self.cleaned_data
        return {
            "text": kept.get("q") or "",
            "kind": kept.get("type") or "",
            "status": kept.get("status") or "",
            "district": kept.get("district") or "",
            "page": kept.get("page") or 1,
        }


class DepartmentForm(forms.Form):
    code = _text(_("Code"), length=10, missing=_("Enter a code."), size=6)
    name_hi = _text(_("Name in Hindi"), length=60, missing=_("Enter the name in Hindi."))
    name_en = _text(_("Name in English"), length=60, missing=_("Enter the name in English."))
    letter = _text(_("Token letter"), length=2, missing=_("Enter a letter."), size=3)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).upper()
        if not re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", code):
            raise forms.ValidationError(_("Use 2 to 10 English letters or numbers, as in MED."))
        return code

    def clean_letter(self) -> str:
        letter = str(self.cleaned_data["letter"]).upper()
        if not re.fullmatch(r"[A-Z]{1,2}", letter):
            raise forms.ValidationError(_("Use one or two English letters."))
        return letter


class RoomForm(forms.Form):
    code = _text(_("Number"), length=10, missing=_("Enter the room's number."), size=6)
    department = forms.ChoiceField(
        label=_("Department"), error_messages={"required": _("Choose a department.")}
    )
    name_hi = _text(_("Name in Hindi"), length=40, needed=False)
    name_en = _text(_("Name in English"), length=40, needed=False)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Usual room")), ("tele", _("Tele-consultation"))],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, departments: tuple[tuple[str, str], ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.choices = [("", _("Choose")), *departments]
        field.widget.attrs["class"] = "form-select"


class SessionForm(forms.Form):
    code = _text(_("Session"), length=4, missing=_("Enter the session's number."), size=3)
    starts = forms.TimeField(
        label=_("From"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs=CLOCK),
        error_messages={
            "required": _("Enter when it starts."),
            "invalid": _("Enter the time as 09:00."),
        },
    )
    ends = forms.TimeField(
        label=_("To"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs=CLOCK),
        error_messages={
            "required": _("Enter when it ends."),
            "invalid": _("Enter the time as 09:00."),
        },
    )


STORE_WORDS = {
    "store": _("Store"),
    "counter": _("Medicine counter"),
    "emergency": _("Emergency"),
    "ward": _("Ward"),
    "labour": _("Labour room"),
    "ambulance": _("Ambulance"),
    "lab": _("Laboratory"),
}


class StoreForm(forms.Form):
    code = _text(_("Code"), length=20, missing=_("Enter a code."), size=10)
    name_hi = _text(_("Name in Hindi"), length=40, missing=_("Enter the name in Hindi."))
    name_en = _text(_("Name in English"), length=40, missing=_("Enter the name in English."))
    kind = forms.ChoiceField(
        label=_("Use"),
        choices=[(kind, STORE_WORDS[kind]) for kind in STORE_KINDS],
        initial=STORE_KINDS[0],  # an empty row says so too, and must not count as filled in
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).lower()
        if not re.fullmatch(r"[a-z][a-z0-9-]{1,19}", code):
            raise forms.ValidationError(
                _("Use small English letters, numbers and hyphens, as in counter-1.")
            )
        return code


class GeneralForm(forms.Form):
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)
    counters = _text(_("Counters"), length=80, missing=_("Enter at least one counter."))
    fee_rupees = forms.IntegerField(
        label=_("Registration fee (₹)"),
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            "required": _("Enter the fee; 0 when it is free."),
            "invalid": _("Enter the fee as a number."),
            "min_value": _("Enter a fee from 0 to 500."),
            "max_value": _("Enter a fee from 0 to 500."),
        },
    )
    slip_valid_days = forms.IntegerField(
        label=_("A paid slip is valid for (days)"),
        required=False,
        min_value=0,
        max_value=90,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            "invalid": _("Enter the days as a number, 0 for one visit."),
            "min_value": _("Enter 0 to 90 days."),
            "max_value": _("Enter 0 to 90 days."),
        },
    )
    help_line = _text(_("Help line"), length=15, missing=_("Enter the help line's number."))
    letterhead_hi = _text(_("Name on papers, in Hindi"), length=160, needed=False)
    letterhead_en = _text(_("Name on papers, in English"), length=160, needed=False)
    tele_link = _text(_("Address of the video service"), length=200, needed=False)
    abha_sms = forms.BooleanField(
        label=_("ABDM sends an SMS to patients without ABHA after the signature"), required=False
    )
    abha_sms_daily = forms.IntegerField(
        label=_("Such SMS a day at most"),
        required=False,
        min_value=0,
        max_value=5000,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            "invalid": _("Enter a number from 0 to 5000."),
            "min_value": _("Enter a number from 0 to 5000."),
            "max_value": _("Enter a number from 0 to 5000."),
        },
    )
    population = forms.IntegerField(
        label=_("People it serves"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
        error_messages={
            "invalid": _("Enter the people as a number, 0 when it is not known."),
            "min_value": _("Enter a number from 0 to 1,00,00,000."),
            "max_value": _("Enter a number from 0 to 1,00,00,000."),
        },
    )
    catchment = _text(_("Blocks or panchayats it serves"), length=200, needed=False)
    vitals_first = forms.BooleanField(
        label=_("Patients pass the nursing desk before the doctor"), required=False
    )

    def clean_slip_valid_days(self) -> int:
        return self.cleaned_data["slip_valid_days"] or 0

    def clean_population(self) -> int:
        return self.cleaned_data["population"] or 0

    def clean_abha_sms_daily(self) -> int:
        typed = self.cleaned_data["abha_sms_daily"]
        return FacilityConfig().abha_sms_daily if typed is None else typed

    def clean_counters(self) -> tuple[str, ...]:
        names = tuple(n for n in COUNTER.split(self.cleaned_data["counters"]) if n)
        if any(len(name) > 4 for name in names):
            raise forms.ValidationError(_("A counter's name has at most 4 letters."))
        return names

    def clean_tele_link(self) -> str:
        link = str(self.cleaned_data["tele_link"]).strip()
        if link and not (link.startswith("https://") and link.count("{visit}") == 1):
            raise forms.ValidationError(
                _("Start with https:// and write {visit} where each visit's own part goes.")
            )
        return link

    def clean_help_line(self) -> str:
        number = str(self.cleaned_data["help_line"]).replace(" ", "")
        if not re.fullmatch(r"\+?[0-9-]{3,15}", number):
            raise forms.ValidationError(_("Enter the number in digits, as in 104."))
        return number


Departments = formset_factory(DepartmentForm, extra=2, can_delete=True, max_num=40)
Rooms = formset_factory(RoomForm, extra=2, can_delete=True, max_num=200)
Sessions = formset_factory(SessionForm, extra=1, can_delete=True, max_num=4)
Stores = formset_factory(StoreForm, extra=1, can_delete=True, max_num=40)


class SettingsForm:
    """The whole settings page: one form and four tables, checked together."""

    def __init__(self, config: FacilityConfig, data: QueryDict | None = None) -> None:
        self.before = config
        plain = config.as_json()
        choices = tuple((d.code, d.code) for d in config.departments)
        self.departments = Departments(data, prefix="departments", initial=plain["departments"])
        if data is not None:  # a room may belong to a department typed in the same go
            typed = {form["code"].value() for form in self.departments.forms}
            choices = tuple((code, code) for code in sorted({str(c).upper() for c in typed if c}))
        self.rooms = Rooms(
            data, prefix="rooms", initial=plain["rooms"], form_kwargs={"departments": choices}
        )
        self.sessions = Sessions(data, prefix="sessions", initial=plain["sessions"])
        self.stores = Stores(data, prefix="stores", initial=plain["stores"])
        self.general = GeneralForm(data, initial={**plain, "counters": ", ".join(config.counters)})
        self.together: list[Any] = []

    def is_valid(self) -> bool:
        parts = (self.general, self.departments, self.rooms, self.sessions, self.stores)
        if not all([part.is_valid() for part in parts]):  # a list: each part shall speak
            return False
        self.together = problems(self.config())
        return not self.together

    def config(self) -> FacilityConfig:
        """The settings as typed, over those that this page does not show."""
        typed = self.general.cleaned_data
        return FacilityConfig.read(
            {
                **self.before.as_json(),
                "departments": [vars_of(Department, row) for row in rows(self.departments)],
                "rooms": [vars_of(Room, row) for row in rows(self.rooms)],
                "stores": [vars_of(Store, row) for row in rows(self.stores)],
                "sessions": [
                    {**row, "starts": f"{row['starts']:%H:%M}", "ends": f"{row['ends']:%H:%M}"}
                    for row in (vars_of(Session, row) for row in rows(self.sessions))
                ],
                **{name: value for name, value in typed.items() if name != "based_on"},
            }
        )


def rows(formset: "BaseFormSet[Any]") -> list[dict[str, Any]]:
    """What was typed, without empty rows and those ticked to go."""
    return [
        form.cleaned_data
        for form in formset.forms
        if form.has_changed() | bool(form.initial)
        and form.cleaned_data
        and not form.cleaned_data.get("DELETE")
    ]


def vars_of(shape: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in shape.__dataclass_fields__}
