"""Why a board cannot be drawn as asked."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "period.order": _("The first day comes after the last one. Change one of the two."),
    "period.long": _("Choose at most %(months)s months at a time."),
    "period.months": _(
        "More than %(days)s days are counted in whole months that are over: choose the first day "
        "of one month and the last day of another."
    ),
    "period.day": _("Write both days as day-month-year, for example 05-11-2026."),
    "period.future": _("The last day lies in the future. Choose today or an earlier day."),
    "alarm.note": _("Write in a few words what is being done, at most %(most)s letters."),
    "alarm.acked": _("Somebody has this alarm in hand already. The page shows who."),
    "flag.words": _("Write at least five letters and at most %(most)s."),
    "flag.answered": _("The hospital has answered already. A second answer is not kept."),
    "flag.noted": _("The district has written its note already."),
    "flag.no_answer": _(
        "The hospital has %(days)s days to answer first. Write the note after that."
    ),
}
