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
    "visit.not_begun": _("No doctor has begun with this patient. Call the patient instead."),
    "visit.not_yours": _("Only a doctor of this queue or the in-charge may do this."),
    "visit.not_signed": _("This visit is not signed yet."),
    "visit.not_today": _("Only on the day of the visit. Write an addendum instead."),
    "recall.said": _("Choose: told, not reached, or no reminders."),
    "visit.closed": _("This visit is already finished."),
    "token.not_waiting": _("This token is not in the queue any more."),
    "token.not_missed": _("Only a missed or held token can be brought back."),
    "token.taken": _("This token was already called to another room."),
    "token.taken_room": _("This token was already called to room %(room)s. Call the next one."),
    "token.inside": _("This patient is already with another doctor."),
    "token.inside_room": _("This patient is already inside, in room %(room)s."),
    "token.hold_time": _("Choose for how long: 15, 30 or 60 minutes, or until they are back."),
    "token.target": _("Choose a room or a department that works today."),
    "token.gone_on": _("This patient is past the doctor, or inside. There is nothing to move."),
    "token.not_yours": _("This patient waits in another line. Ask the manager to move them."),
    "queue.nobody": _("Nobody waits in this line any more."),
    "queue.unfair": _(
        "These rooms are too full: somebody would stand %(places)s places further back. "
        "Choose one more room, or press “Move anyway”."
    ),
    "vitals.nothing": _("Enter at least one measurement, or say why none was taken."),
    "vitals.unknown": _("This measurement is not known here."),
    "vitals.implausible": _("%(value)s cannot be right. Measure again."),
    "vitals.bp_order": _("The upper BP must be above the lower one."),
    "vitals.reason": _("Say why no measurement was taken."),
    "draft.conflict": _("Somebody else changed this slip meanwhile. Load it again and see both."),
    "paper.count": _("A kit has 1 to %(limit)s slips."),
    "paper.unknown": _("This is no slip of this hospital's paper kit. Scan it again."),
    "paper.used": _("This slip was already typed in. Take the next one."),
    "paper.time": _("Write the time as it was on paper; it lies in the last %(days)s days."),
    "paper.no_patient": _("There is no patient with this MRN or old slip."),
    "chart.reason": _("Give a reason of at least 5 letters."),
    "chart.no_relation": _("This patient is not in your queue. Give a reason to open the record."),
}
