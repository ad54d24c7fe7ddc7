"""Why stock is not moved and medicine not handed over."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "stock.insufficient": _(
        "This batch does not have enough stock. Take another one or give less."
    ),
    "stock.expired": _("This batch has expired. It cannot be used."),
    "stock.blocked": _("This batch is stopped. It cannot be used until it is released."),
    "stock.other_store": _("This batch lies in another store. Give from this counter's own stock."),
    "stock.quantity": _("Write a quantity above zero."),
    "stock.too_many": _("A quantity can be 999999 at most. Check the number."),
    "stock.batch_no": _("Write the batch number as it stands on the pack."),
    "stock.unknown_medicine": _("Medicine %(item)s is not in the list."),
    "stock.unknown_batch": _("This batch is not in this store. Receive it first, then count it."),
    "stock.unknown_store": _("This store is not in this hospital. Choose one from the list."),
    "stock.same_store": _("From and to are the same store. Choose another one."),
    "stock.other_expiry": _("This batch number is already here with another expiry date."),
    "stock.reason": _("Choose a reason."),
    "stock.variance_reason": _("The count differs from the list. Choose a reason."),
    "stock.same_person": _("You asked for this change. Another person has to approve it."),
    "stock.answered": _("Somebody has answered this already."),
    "stock.nothing_asked": _("This row asks for no change."),
    "dispense.nothing": _("Nothing is marked. Tick what you give, or mark what is not available."),
    "dispense.substitute_reason": _("Choose why another product is given."),
    "dispense.not_substitute": _("Only the same salt in the same strength may be given instead."),
    "dispense.not_here": _("This line is not on this prescription. Open it again."),
    "return.too_many": _("Only %(left)s can come back of this."),
    "file.unreadable": _("This file cannot be read. Save it as CSV (UTF-8) and send it again."),
    "file.columns": _("The file has no column for: %(columns)s. Check the headings."),
    "file.expiry": _("Write the expiry as day-month-year, as in 31-05-2027."),
    "file.rows": _("The file has more than %(most)s rows. Send it in parts."),
    "register.days": _("Choose a first and a last day, at most 366 days apart."),
    "register.kind": _("Choose a register."),
}
