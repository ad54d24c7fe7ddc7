"""The sentences of this app's noes."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "visit.department": _("Choose a department."),
    "visit.priority": _("Choose a priority from the list."),
    "visit.fee": _("Choose why nothing is paid from the list."),
    "arrival.gone": _("This person is not on the list any more. Somebody else gave the token."),
    "arrival.unsure": _("Choose who it is: somebody of this name is registered already."),
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
    "draft.conflict": _("Somebody else changed this slip meanwhile. Load it again and see both."),
    "chart.reason": _("Give a reason of at least 5 letters."),
    "chart.no_relation": _("This patient is not in your queue. Give a reason to open the record."),
}
