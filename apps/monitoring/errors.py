"""Why a board cannot be drawn as asked."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "period.order": _("The first day comes after the last one. Change one of the two."),
    "period.long": _("Choose at most %(days)s days at a time."),
    "period.day": _("Write both days as day-month-year, for example 05-11-2026."),
    "period.future": _("The last day lies in the future. Choose today or an earlier day."),
}
