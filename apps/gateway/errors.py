"""Why the national gateway's mail does not move, in words."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "gateway.off": _("The link to ABDM is not set up here. Work goes on without it."),
    "gateway.no_service": _("This hospital has no ABDM service id yet. Ask the district office."),
    "gateway.service_taken": _("This ABDM service id belongs to another hospital."),
    "gateway.not_parked": _("This message is not waiting for a person."),
}
