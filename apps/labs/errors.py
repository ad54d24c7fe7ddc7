"""Why a test is not ordered."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {"order.unknown_test": _("Test %(item)s is not in the list. Remove it.")}
