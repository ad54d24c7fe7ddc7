"""Why an indent does not move on."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "indent.empty": _("Nothing is asked for. Write a quantity for at least one medicine."),
    "indent.quantity": _("A quantity must be a number from 0 to 999999."),
    "indent.not_raised": _("This indent was answered already. Open it again to see its state."),
    "indent.not_approved": _("This indent waits for the in-charge. It can be issued afterwards."),
    "indent.not_issued": _("The district store has not issued this indent yet."),
    "indent.reason": _("Write in a few words why it is refused."),
    "indent.lot": _("Write batch number and expiry (day-month-year) for each quantity you issue."),
    "indent.expired_lot": _("Batch %(batch)s has expired. It cannot be issued."),
    "indent.nothing_issued": _("Write what is issued for at least one medicine, or refuse."),
}
