"""Alarms and doubts in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts import queries as accounts
from apps.core.templatetags.bhavya import local
from apps.monitoring.queries.alarms import Standing
from apps.monitoring.queries.live import VITALS
from apps.monitoring.targets import SEATED_BY, WAIT_MIN


def alarm(one: Standing) -> str:
    """What is wrong, in one sentence."""
    row = one.row
    if row.rule == "silent":
        return _("Nothing has come from this hospital for %(n)s min.") % {"n": one.minutes}
    if row.rule == "wait":
        if row.subject == VITALS:
            words = _("Nursing desk: an emergency has waited %(n)s min (target %(target)s).")
            return words % {"n": row.n, "target": WAIT_MIN}
        words = _("Room %(room)s: somebody has waited %(n)s min (target %(target)s).")
        return words % {"room": row.subject, "n": row.n, "target": WAIT_MIN}
    if row.rule == "seat":
        words = _("Room %(room)s: the doctor had called nobody by %(by)s; %(n)s wait.")
        return words % {"room": row.subject, "by": SEATED_BY, "n": row.n}
    return ngettext(
        "%(n)s medicine has expired and still stands on the shelf.",
        "%(n)s medicines have expired and still stand on the shelf.",
        row.n,
    ) % {"n": row.n}


def doubt(rule: str, found: dict[str, Any], *, there: Any = None) -> str:
    """What speaks for a flag, in numbers."""
    told = {
        **found,
        "there_name": local(there) if there else "",
        "why": accounts.back_reason(found.get("back", "")),
    }
    sentences = {
        "two_places": _(
            "%(n)s signatures here and %(there)s at %(there_name)s, less than an hour apart."
        ),
        "deputed": _("%(n)s signatures here; the deputation is to %(there_name)s."),
        "on_leave": _("%(n)s signatures on a day of leave; the reason given: %(why)s.")
        if told["why"]
        else _("%(n)s signatures on a day of leave, and nobody was called back."),
        "one_name": _("%(n)s of %(of)s visits of the week; %(posted)s doctors are posted."),
        "three_seconds": _(
            "%(n)s of %(of)s visits lasted three seconds or less; %(unmeasured)s were signed "
            "without a call."
        ),
        "no_tests": _("No test in %(days)s days, and %(seen)s patients seen."),
        "same_vitals": _("%(n)s patients with the same %(values)s values."),
        "odd_hours": _("%(n)s of %(of)s tokens."),
    }
    return sentences[rule] % told if rule in sentences else ""
