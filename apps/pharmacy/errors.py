"""Why stock is not moved."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "stock.insufficient": _("This batch does not have enough stock."),
    "stock.expired": _("This batch has expired. It cannot be used."),
    "stock.quantity": _("Write a quantity above zero."),
    "stock.unknown_medicine": _("Medicine %(item)s is not in the list."),
    "stock.other_expiry": _("This batch number is already here with another expiry date."),
}
