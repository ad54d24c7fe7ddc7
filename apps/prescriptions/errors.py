"""Why a line or a prescription is not accepted."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "dose.empty": _("Write the dose: for example 1-0-1 or SOS."),
    "dose.unclear": _("This dose is not clear. Write it like 1-0-1, TDS, SOS or 5 ml TDS."),
    "dose.note": _("Write here how much and how often. How to take it belongs into the note."),
    "dose.steps": _("Write each step with its days, up to %(most)s steps: 1-0-1 x5 > 1-0-0 x5."),
    "dose.zero": _("The dose is zero. Write how many to take."),
    "dose.part": _("Write whole numbers, halves or quarters: 1, ½ or ¼."),
    "dose.ml_missing": _("Write the amount in ml: for example 5 ml TDS."),
    "dose.too_large": _("%(amount)s at one time is too much. Write up to %(most)s."),
    "dose.days_missing": _("Write for how many days."),
    "dose.days_out_of_range": _("Write days from 1 to %(most)s."),
    "dose.quantity_out_of_range": _("Write a total from 1 to %(most)s."),
    "prescription.empty": _("There is no medicine to prescribe."),
    "prescription.unknown_medicine": _("Medicine %(item)s is not in the list. Remove it."),
    "prescription.gone": _("This medicine is not on the prescription any more. Look again."),
    "prescription.dispensed": _(
        "Medicine was already handed over. Stop the medicines in an addendum instead."
    ),
    "prescription.signed": _("This prescription is signed. It cannot be changed."),
    "prescription.cancelled": _("This prescription was cancelled. Ask the doctor."),
    "dispense.exceeds_request": _("Only %(due)s is left to hand over on this line."),
    "prescription.allergy": _(
        "Stop: the patient is allergic. Remove the medicine or write why it is needed."
    ),
    "prescription.stopped": _(
        "Stop: read the red line. Change or remove the medicine, or write why it is needed."
    ),
}
