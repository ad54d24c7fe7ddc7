"""The two kinds of forms: their right, their period, their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused
from apps.core.permission import Permission
from apps.reporting import hmis, idsp
from apps.reporting.rules import Rule

OLDEST = timedelta(days=731)
RIGHTS = {"hmis": Permission.REPORT_HMIS, "idsp": Permission.REPORT_IDSP}
TITLES: dict[str, str | Promise] = {
    "hmis": _("HMIS monthly report"),
    "idsp": _("IDSP weekly report (S, P, L)"),
}
MODULES: dict[str, ModuleType] = {"hmis": hmis, "idsp": idsp}


@dataclass(frozen=True, slots=True)
class Period:
    """A calendar month, or a week from Monday to Sunday."""

    kind: str
    first: date
    last: date

    @property
    def running(self) -> bool:
        return self.last >= timezone.localdate()

    @property
    def before(self) -> "Period":
        return containing(self.kind, self.first - timedelta(days=1))

    @property
    def after(self) -> "Period | None":
        """The next one, when it has begun."""
        found = containing(self.kind, self.last + timedelta(days=1))
        return found if found.first <= timezone.localdate() else None


def containing(kind: str, day: date) -> Period:
    """The period of a day."""
    if kind == "idsp":
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + timedelta(days=6))
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(kind, first, last)


def latest(kind: str) -> Period:
    """The newest period that is over."""
    return containing(kind, timezone.localdate()).before


def asked(kind: str, text: str) -> Period:
    """The period of an address (any day of it). Refused: form.day, form.early, form.future."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("form.day") from None
    if day > timezone.localdate():
        raise Refused("form.future")
    if day < timezone.localdate() - OLDEST:
        raise Refused("form.early")
    return containing(kind, day)


def rules_of(kind: str) -> Mapping[str, Rule]:
    """What each computed line of a form counts, by code."""
    found: Mapping[str, Rule] = MODULES[kind].RULES
    return found
