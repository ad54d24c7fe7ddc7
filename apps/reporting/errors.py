"""Why a form or a statement cannot be had as asked."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "month.day": _("Write the month as year and month, for example 2026-10."),
    "month.early": _("The incentive is reckoned from April 2023 on. Choose a later month."),
    "month.future": _("This month has not begun. Choose this month or an earlier one."),
    "dhis.running": _("This month is still running. Submit it from the first of next month."),
    "dhis.no_rule": _(
        "No rule of the incentive is in force for this month, so nothing can be claimed. "
        "The figures are an estimate. Ask the State office for the new order."
    ),
    "dhis.no_hfr": _("This hospital has no HFR number. The State office enters it first."),
    "dhis.frozen": _("This month's statement is submitted. Its figures stand."),
    "dhis.number": _("Write whole numbers of 0 or more, and rupees like 47990 or 47990.50."),
    "dhis.reason": _(
        "Say in a few words (at most 200 letters) why another number stands than the one counted."
    ),
    "dhis.claims": _("Write one line for each amount: how many claims × rupees, like 10 x 5000."),
    "dhis.not_submitted": _("Submit the statement first; a payment belongs to a submitted one."),
    "dhis.payment": _("Write the rupees received (more than 0) and the day, not in the future."),
    "dhis.file": _(
        "This file cannot be read. Send a CSV of at most %(kb)s KB with the columns "
        "hfr_id, month and records."
    ),
    "form.day": _("This is not a day of the calendar. Choose the month or week again."),
    "form.early": _("This period ended more than two years ago. Choose a later one."),
    "form.future": _("This period has not begun. Choose this one or an earlier one."),
    "form.running": _("This period is still running. It can be submitted when it is over."),
    "form.not_made": _("The figures are not worked out yet. Wait a moment and look again."),
    "form.old": _(
        "The figures were worked out before the period was over. Work them out once more, "
        "then submit."
    ),
    "form.frozen": _("This form is submitted. Start a revision to change it."),
    "form.not_submitted": _("This form is not submitted yet. Change it as it is."),
    "form.number": _("Line %(line)s: write a whole number from 0 to 9999999, or leave it empty."),
    "form.reason": _("Say in a few words why the submitted form is changed (at most 200 letters)."),
    "form.mobile": _(
        "Your mobile number is not known here. Add it under your name, then ask for the message."
    ),
    "form.days": _("Choose at most %(days)s days, the first one not after the last one."),
    "form.approve": _("Only the superintendent, or the officer of the district, can submit this."),
}
