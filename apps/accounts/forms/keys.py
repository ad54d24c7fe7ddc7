"""One API key: for which programme, what it reads, where, until when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts import api_keys
from apps.accounts.forms.fields import DayField
from apps.core.actor import Actor
from apps.core.ids import uuid7


class KeyForm(forms.Form):
    """Places as far as the actor reaches; what the key reads as ticks."""

    id = forms.UUIDField(initial=uuid7)
    programme = forms.CharField(
        max_length=80, error_messages={"required": _("Write which programme reads with this key.")}
    )
    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, title) for scope, title in api_keys.TITLES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the key may read.")},
    )
    place = forms.ChoiceField(error_messages={"required": _("Choose where the key holds.")})
    last_day = DayField()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = api_keys.places_for(actor)
        self.fields["place"].choices = [(p.code, p.name_en) for p in self.places]  # type: ignore[attr-defined]

    def key(self) -> dict[str, Any]:
        """What create_api_key wants."""
        kept = dict(self.cleaned_data)
        where = api_keys.place_in(kept.pop("place"))
        return {**kept, **where}
