"""Why the national gateway's mail does not move, in words."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "gateway.off": _("The link to ABDM is not set up here. Work goes on without it."),
    "gateway.no_service": _("This hospital has no ABDM service id yet. Ask the district office."),
    "gateway.service_taken": _("This ABDM service id belongs to another hospital."),
    "gateway.service_form": _(
        "A service id is the HFR id, at times with _1 behind it, as in IN1010009991_1. Check it."
    ),
    "gateway.name_form": _(
        "The name for patients' apps has 2 to 15 English letters, digits or blanks."
    ),
    "gateway.day_form": _("Write the date as 31-03-2027, and at most 20 signs for the HFR id."),
    "gateway.state_only": _(
        "One address counts for all hospitals: only the State's office sets it."
    ),
    "gateway.bridge_https": _("ABDM takes only an HTTPS address without a port. Ours is %(url)s."),
    "gateway.search_short": _("Write at least three letters of the hospital's name."),
    "gateway.no_hfr": _("This hospital has no HFR id yet. Find it and save it first."),
    "gateway.hfr_first": _(
        "Ask the HFR about this id first: ABDM wants the name exactly as there."
    ),
    "gateway.no_hpr": _("This person has no HPR id yet. Write it and save it first."),
    "gateway.not_parked": _("This message is not waiting for a person."),
}
