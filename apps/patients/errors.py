"""The sentences of this app's noes."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "age.out_of_range": _("Enter an age from 0 to %(limit)s."),
    "age.out_of_range_guess": _("Enter an age from 0 to %(limit)s. Did you mean %(guess)s?"),
    "age.missing": _("Enter the age."),
    "age.future": _("The birth date cannot be after today. Write it as day-month-year."),
    "age.unit": _("Choose years, months or days."),
    "patient.no_name": _("Enter the name, in Hindi or in English."),
    "patient.mobile": _("A mobile number has 10 digits, you typed %(typed)s."),
    "patient.mobile_start": _("A mobile number starts with 6, 7, 8 or 9."),
    "patient.sex": _("Choose the sex."),
    "patient.not_found": _("This patient is not registered in this hospital."),
    "patient.not_training": _("Practice patients are made in the training place only."),
    "patient.merged": _("This record was joined with another one. Work in that one."),
    "allergy.nothing": _("Say what the patient is allergic to."),
}
