"""The words of this app's refusals."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "slip.wrong": _("This did not match. %(left)s tries left."),
    "slip.locked": _("Too many tries. Try again after 15 minutes, or ask at the hospital."),
}
