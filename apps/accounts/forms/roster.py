"""Turns and leaves of the people of one hospital."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.actions.roster import CLEAR
from apps.accounts.forms.fields import DayField
from apps.accounts.models import Leave, LeaveOverride, User
from apps.accounts.seats import NIGHT, OFF
from apps.core.ids import uuid7
from apps.core.templatetags.bhavya import local
from apps.facilities.config import FacilityConfig

NOBODY = _("Choose the person")


class _ForSomebody(forms.Form):
    user = forms.ChoiceField(error_messages={"required": NOBODY, "invalid_choice": NOBODY})
    first = DayField()
    last = DayField(required=False)

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        # Both forms stand on one page.
        super().__init__(*args, **kwargs)
        self.auto_id = f"{type(self).__name__.lower()}_%s"
        self.fields["user"].choices = [(str(u.pk), local(u)) for u in people]  # type: ignore[attr-defined]

    def days(self) -> dict[str, Any]:
        """One day when no last one is written."""
        first = self.cleaned_data["first"]
        return {"first": first, "last": self.cleaned_data["last"] or first}


class TurnForm(_ForSomebody):
    """Who, which days, which shift, which room."""

    shift = forms.ChoiceField(required=False)
    room = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, config: FacilityConfig, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = [
            (s.code, _("%(starts)s to %(ends)s") % {"starts": s.starts, "ends": s.ends})
            for s in config.sessions
        ]
        self.fields["shift"].choices = [  # type: ignore[attr-defined]
            ("", _("Whole day")), *sessions, (NIGHT, _("Night")), (OFF, _("Day off")),
            (CLEAR, _("As the posting says")),
        ]  # fmt: skip
        self.fields["room"].choices = [("", "–")] + [  # type: ignore[attr-defined]
            (r.code, f"{r.code} · {local(r)}" if r.name_hi or r.name_en else r.code)
            for r in config.rooms
        ]


class LeaveForm(_ForSomebody):
    """Who, which days, why."""

    id = forms.UUIDField(initial=uuid7)
    kind = forms.ChoiceField(choices=Leave.Kind.choices)


class MustSignForm(forms.Form):
    reason = forms.ChoiceField(
        choices=LeaveOverride.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why you must sign today.")},
    )
