"""The words of this app's refusals."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "portal.too_many": _("Too many codes were asked for. Try again after %(minutes)s minutes."),
    "arrival.too_many": _(
        "Too many people told their names from here. Try again after %(minutes)s minutes or go to "
        "the window."
    ),
    "arrival.full": _("The list of this day is full. Go to the window."),
    "arrival.day": _("Choose today or one of the next days."),
    "portal.code_wrong": _("The code did not match. %(left)s tries left."),
    "portal.code_over": _("This code is over. Ask for a new one."),
}
