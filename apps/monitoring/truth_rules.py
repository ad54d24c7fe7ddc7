"""Which entries look untrue: every threshold as data, with the reason it stands at.

None of these is a proof. A flag asks a question; the hospital answers; nobody is punished by it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class TruthRule:
    """`limits`: the numbers of the rule by name. `window`: days that are looked at together, and
    for so long the same question is not asked again."""

    code: str
    title: str | Promise
    reason: str | Promise
    limits: dict[str, int]
    window: int = 1


RULES = {
    rule.code: rule
    for rule in (
        TruthRule(
            "two_places",
            _("Signed in two hospitals on one day"),
            _(
                "Nobody can sit in two hospitals within an hour. Video consultation and shared "
                "log-ins look the same: ask before you think worse of it."
            ),
            {"apart_min": 60, "least": 3},
        ),
        TruthRule(
            "deputed",
            _("Signed here while on deputation elsewhere"),
            _(
                "On deputation a doctor works at the other hospital. Often the order is late in "
                "the system: then correct the posting."
            ),
            {"least": 3},
        ),
        TruthRule(
            "on_leave",
            _("Signed on a day of leave"),
            _(
                "Who is on leave does not sign, unless called back with a reason. A leave that was "
                "entered late looks the same, and so does a log-in that somebody else used."
            ),
            {"least": 3},
        ),
        TruthRule(
            "one_name",
            _("Nearly all visits under one name"),
            _(
                "With two or more doctors posted, nine of ten visits under one name over a week "
                "mean that others work under it, or that the others are not there."
            ),
            {"percent": 90, "least": 60, "posted": 2},
            window=7,
        ),
        TruthRule(
            "three_seconds",
            _("Consultations of three seconds"),
            _(
                "Nobody reads a complaint in three seconds. Doctors who see first and press the "
                "keys afterwards look like this too: then the call should be pressed first."
            ),
            {"seconds": 3, "least": 10, "percent": 20},
        ),
        TruthRule(
            "no_tests",
            _("No laboratory test for three weeks"),
            _(
                "Every hospital has basic tests. Three weeks without any mean a closed "
                "laboratory, missing reagents, or results that are kept on paper."
            ),
            {"days": 21, "seen": 100},
            window=21,
        ),
        TruthRule(
            "same_vitals",
            _("The same vitals for many patients"),
            _(
                "Three values or more that agree to the last digit for five patients of one hand "
                "are hardly measured."
            ),
            {"least": 5},
        ),
        TruthRule(
            "odd_hours",
            _("Tokens outside OPD hours"),
            _(
                "OPD tokens an hour before the first or after the last session, or on a closed "
                "day. Emergency patients belong on the emergency list; a wrong clock looks alike."
            ),
            {"least": 10, "grace_min": 60},
        ),
    )
}
ANSWER_DAYS = 3  # for so long the hospital alone may write; then the district may
