"""The ledger's codes in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WHY: dict[str, str | Promise] = {
    "counts": _("Counts"),
    "same-day": _("Another record of this person counts on that day"),
    "month-limit": _("This person has five counted records this month"),
    "kyc": _("The ABHA is not verified by KYC"),
    "person": _("It is not known whose ABHA it is (linked before the ledger began)"),
    "hfr": _("The hospital has no HFR number"),
    "software": _("Linked before the software had its production keys"),
    "": _("Not judged yet (judged each night)"),
}
KINDS: dict[str, str | Promise] = {
    "any": _("Linked records"),
    "category-1": _("Consultations, prescriptions and other records"),
    "category-2": _("Test reports and discharge summaries"),
    "received": _("Records received under a consent"),
    "given": _("Records given under a consent"),
    "claim": _("NHCX claims"),
}
