"""Why the consultation is not changed or signed."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "draft.too_many": _("No more than %(most)s rows. Remove one first."),
    "draft.too_long": _("The text is too long. Keep it under %(most)s letters."),
    "draft.gone": _("This row is not there any more. Look at the list again."),
    "draft.follow_up": _("Choose a day after today, within one year."),
    "draft.date": _("Write the date as day-month-year, like 07-12-2026."),
    "draft.days": _("Write the days as a number, like 5."),
    "draft.unknown": _("This choice is not in the list any more. Search again."),
    "draft.edit": _("This change was not understood. Load the page again."),
    "set.gone": _("This set is not there any more. Look at the list of sets."),
    "set.name": _("Give the set a name."),
    "set.empty": _("A set needs a diagnosis, and a medicine, a test or advice."),
    "set.too_many": _("No more than %(most)s medicines in a set. Remove one first."),
    "set.unknown": _("%(item)s is not in the list. Remove it or search again."),
    "set.days": _("Write the days to the next visit from 1 to 366."),
    "set.level": _("Choose for whom the set is: for yourself or for the hospital."),
    "draft.no_instead": _("There is no such medicine in this hospital's list. Search for another."),
    "consult.no_refill": _("There is no long-term medicine to refill."),
    "consult.signed": _("This visit is signed. What is signed cannot be changed."),
    "consult.finding": _("Write a complaint or a diagnosis."),
    "consult.plan": _("Write a medicine, a test or advice."),
    "consult.not_called": _("Nobody is waiting in this queue."),
    "consult.no_last": _("There is no earlier prescription to repeat."),
}
