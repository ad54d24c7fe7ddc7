"""The main menu: what a person may open here, in the order of a patient's way through the house."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.permission import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """`route` is a URL name; shown to whoever holds `permission`."""

    route: str
    title: str | Promise
    permission: Permission


HOSPITAL = (
    Entry("encounters:registration", _("Registration"), Permission.TOKEN_ISSUE),
    Entry("encounters:slips", _("Today's slips"), Permission.TOKEN_ISSUE),
    Entry("encounters:vitals_queue", _("Vitals"), Permission.VITALS_WRITE),
    Entry("workflows:opd", _("My queue"), Permission.CONSULT_SIGN),
    Entry("patients:list", _("Patients"), Permission.PATIENT_SEARCH),
    Entry("accounts:people", _("Staff"), Permission.USER_CREATE),
    Entry("facilities:settings", _("Settings"), Permission.FACILITY_CONFIG),
)
STATE = (
    Entry("facilities:register", _("Hospitals"), Permission.FACILITY_ONBOARD),
    Entry("accounts:people", _("Staff"), Permission.USER_CREATE),
)
