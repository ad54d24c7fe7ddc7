"""What terminology refuses, in words."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "definition.conflict": _(
        "Somebody changed this in the meantime. Look at the newest version, then save again."
    ),
}
