"""What is typed and scanned at the counter and in the store."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.dates import iso_day
from apps.core.errors import Refused
from apps.core.fold import digits
from apps.pharmacy.actions import Give

WHY = {
    "out-of-stock": _("The written one is not in stock"),
    "near-expiry": _("The written one expires too soon"),
    "other-form": _("The patient can take this form better"),
}
BLOCK_WHY = {
    "recalled": _("Recalled by the maker or the State"),
    "damaged": _("Damaged"),
    "quarantine": _("Set aside until it is checked"),
}
CHANGE_WHY = {
    "expired": _("Expired"),
    "damaged": _("Broken or damaged"),
    "recalled": _("Recalled"),
    "wrong-entry": _("Wrong entry before"),
    "found": _("Found, was not written"),
    "lost": _("Lost"),
    "sent-back": _("Sent back to the supplier"),
}
COUNT_WHY = {
    "miscount": _("Counted wrong before"),
    "breakage": _("Breakage"),
    "theft": _("Missing, reason not known"),
    "expired-thrown": _("Expired ones thrown away"),
    "not-written": _("Given without writing"),
    "other": _("Other reason"),
}
MOVES = {
    "received": _("Received"),
    "issued": _("Issued"),
    "returned": _("Returned"),
    "adjusted": _("Adjusted"),
    "transferred": _("Transferred"),
    "counted": _("Counted"),
    "condemned": _("Written off"),
    "used": _("Used in the laboratory"),
}


def number(text: str) -> Decimal:
    """A quantity as typed, Devanagari digits too. Refused: stock.quantity."""
    try:
        value = Decimal(digits(text or "").replace(",", "").strip())
    except InvalidOperation:
        raise Refused("stock.quantity") from None
    if not value.is_finite() or abs(value) >= 10**8:
        raise Refused("stock.quantity")
    return value.quantize(Decimal("0.01"))


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def gives(data: QueryDict, line_ids: Iterable[UUID]) -> list[Give]:
    """What the counter's form says of every open line. Refused: stock.quantity."""
    found = []
    for line_id in line_ids:
        ticked = f"tick-{line_id}" in data
        found.append(
            Give(
                line_id=line_id,
                quantity=number(data.get(f"give-{line_id}", "")) if ticked else Decimal(0),
                batch_id=as_uuid(data.get(f"lot-{line_id}", "")) if ticked else None,
                why=data.get(f"why-{line_id}", "") if ticked else "",
                rest=data.get(f"rest-{line_id}", ""),
            )
        )
    return found


def _text(label: Any, *, length: int, missing: Any, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "form-control", "autocomplete": "off", **attrs})
    return forms.CharField(
        label=label, max_length=length, widget=widget, error_messages={"required": missing}
    )


class QuantityField(forms.CharField):
    """A number above zero with at most two decimals, Devanagari digits too."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "form-control n", "inputmode": "decimal", "autocomplete": "off"}
        words = {"required": _("Write a quantity above zero.")}
        super().__init__(widget=forms.TextInput(attrs=attrs), error_messages=words, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            found = number(text)
        except Refused as no:
            raise forms.ValidationError(no.sentence) from None
        if found <= 0:
            raise forms.ValidationError(_("Write a quantity above zero."))
        return found


class ReceiveForm(forms.Form):
    """One lot that has arrived."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    gtin = forms.CharField(required=False, max_length=14, widget=forms.HiddenInput)
    medication_code = _text(
        _("Medicine"), length=12, missing=_("Choose the medicine from the list.")
    )
    batch_no = _text(
        _("Batch"), length=40, missing=_("Write the batch number as it stands on the pack.")
    )
    expiry = _text(
        _("Expiry"), length=10, missing=_("Write the expiry as day-month-year, as in 31-05-2027."),
        placeholder="31-05-2027", inputmode="numeric",
    )  # fmt: skip
    quantity = QuantityField(label=_("Quantity"))
    source = forms.CharField(
        label=_("Sent by"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )  # fmt: skip
    store = forms.ChoiceField(label=_("Store"), widget=forms.Select(attrs={"class": "form-select"}))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["store"]
        field.choices = places

    def clean_medication_code(self) -> str:
        return str(self.cleaned_data["medication_code"]).strip().upper()

    def clean_expiry(self) -> date:
        day = iso_day(digits(self.cleaned_data["expiry"]))
        if not day:
            raise forms.ValidationError(_("Write the expiry as day-month-year, as in 31-05-2027."))
        return date.fromisoformat(day)


class FileForm(forms.Form):
    """A delivery as CSV: the file, or its text when a report is answered with "take the good"."""

    id = forms.UUIDField()
    store = forms.CharField(max_length=20)
    source = forms.CharField(required=False, max_length=40)
    keep = forms.BooleanField(required=False)
    text = forms.CharField(required=False, max_length=2_000_000, strip=False)
    file = forms.FileField(required=False)


class RangeForm(forms.Form):
    """A first and a last day; this month so far when nothing is said."""

    first = forms.CharField(required=False)
    last = forms.CharField(required=False)

    def days(self) -> tuple[date, date]:
        """Refused: register.days, when a day cannot be read."""
        today = timezone.localdate()
        self.is_valid()
        told = [digits(self.cleaned_data.get(name, "") or "") for name in ("first", "last")]
        read = [iso_day(text) if text else "" for text in told]
        if any(text and not day for text, day in zip(told, read, strict=True)):
            raise Refused("register.days")
        first = date.fromisoformat(read[0]) if read[0] else today.replace(day=1)
        last = date.fromisoformat(read[1]) if read[1] else today
        return first, last
