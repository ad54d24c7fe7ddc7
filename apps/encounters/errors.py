"""The sentences of this app's noes."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "visit.department": _("Choose a department."),
    "visit.priority": _("Choose a priority from the list."),
    "visit.already_open": _("This patient already has token %(token)s in this queue today."),
    "visit.not_found": _("No slip with this number in this hospital."),
    "visit.closed": _("This visit is already finished."),
    "token.not_waiting": _("This token is not in the queue any more."),
    "token.not_missed": _("Only a missed token can be brought back."),
    "token.taken": _("This token was already called to another room."),
    "vitals.nothing": _("Enter at least one measurement, or say why none was taken."),
    "vitals.unknown": _("This measurement is not known here."),
    "vitals.implausible": _("%(value)s cannot be right. Measure again."),
    "vitals.bp_order": _("The upper BP must be above the lower one."),
    "vitals.reason": _("Say why no measurement was taken."),
    "vitals.lmp": _("Write the date as day, month, year: 020326 for 2 March 2026."),
    "vitals.lmp_future": _("The last period cannot be after today. Check day and month."),
    "vitals.lmp_old": _("The last period is over %(most)s weeks ago. Check month and year."),
    "draft.conflict": _("Somebody else changed this slip meanwhile. Load it again and see both."),
    "chart.reason": _("Give a reason of at least 5 letters."),
    "chart.no_relation": _("This patient is not in your queue. Give a reason to open the record."),
}
