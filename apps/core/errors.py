"""The two ways the house says no, and the words for each.

`Refused("stock.insufficient", due=4)` is a domain no; `Forbidden(permission)` a no to the role.
Each app keeps the words of its codes in `errors.REFUSALS`; `core` collects them at start.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.permission import Permission

Words = str | Promise

REFUSALS: dict[str, Words] = {
    "form.incomplete": _("Some fields need your attention."),
    "not_found": _("This page or record does not exist here."),
    "too_large": _("The file is larger than %(limit_mb)s MB. Send a smaller one."),
    "body.not_json": _("The message is not valid JSON. Check the brackets and quotes."),
    "aadhaar.typed": _(
        "This is an Aadhaar number. We never keep it: write the mobile or leave the field empty."
    ),
    "demo.only": _("This is done in a demo hospital only."),
    "server.full": _(
        "A disk of the server is full: what you have just entered was not saved. Leave this page "
        "open, call the server's administrator, and press again when there is room. All that was "
        "saved before is safe."
    ),
    "server.away": _(
        "The database does not answer at the moment. Leave this page open and press again in a "
        "minute: nothing is written twice."
    ),
    "busy": _("The system is busy. Try again; nothing was written twice."),
}


class Refused(Exception):
    """The domain says no. `code` names the sentence, `values` fill it (numbers and codes only)."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    @property
    def sentence(self) -> str:
        """What the person reads: what is wrong and how to mend it, in the current language."""
        words = REFUSALS.get(self.code)
        return str(words) % self.values if words else self.code


class Forbidden(Exception):
    """The role says no."""

    def __init__(self, permission: Permission | str, *, why: str = "") -> None:
        super().__init__(str(permission))
        self.permission = str(permission)
        self.why = why


class Unseen(Forbidden):
    """It exists, but outside this actor's places: answered like a page that is not there, noted."""


def collect(refusals: Mapping[str, Words]) -> None:
    """Add an app's sentences to the one table. Two apps may not use one code."""
    doubled = {code for code in refusals if code in REFUSALS and REFUSALS[code] != refusals[code]}
    if doubled:
        raise ValueError(f"These refusal codes have two sentences: {sorted(doubled)}")
    REFUSALS.update(refusals)
