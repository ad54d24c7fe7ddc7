"""The papers of the house: which form belongs to which kind, who may issue it, its name."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.permission import Permission

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Form:
    """`right` issues, amends and withdraws it. Its template is `documents/<form>.html`."""

    kind: str
    right: Permission
    title: Words


KINDS = {
    "Prescription": Form("Prescription", Permission.RX_PRESCRIBE, _("Prescription")),
    "OPConsultation": Form("OPConsultation", Permission.CONSULT_SIGN, _("Consultation")),
    "DiagnosticReport": Form("DiagnosticReport", Permission.LAB_VERIFY, _("Test report")),
    "HealthDocumentRecord": Form(
        "HealthDocumentRecord", Permission.DOC_UPLOAD, _("Hospital paper")
    ),
}
CERTIFICATES = {
    "medical-certificate": _("Medical certificate"),
    "fitness-certificate": _("Fitness certificate"),
    "rest-certificate": _("Rest certificate"),
    "attendance-certificate": _("Certificate of attendance"),
}
SCAN = "scan"
NOT_AVAILABLE = "not-available"
FORMS = {
    **{
        form: Form("HealthDocumentRecord", Permission.CERT_ISSUE, title)
        for form, title in CERTIFICATES.items()
    },
    NOT_AVAILABLE: Form(
        "HealthDocumentRecord", Permission.RX_DISPENSE, _("Medicines not available today")
    ),
    "imaging-report": Form(
        "DiagnosticReport", Permission.IMAGING_REPORT, _("X-ray or ultrasound report")
    ),
    SCAN: Form("HealthDocumentRecord", Permission.DOC_UPLOAD, _("Old paper")),
}
SCANNED: dict[str, Words] = {
    "prescription": _("Prescription from elsewhere"),
    "report": _("Test report"),
    "discharge": _("Discharge paper"),
    "imaging": _("X-ray or scan report"),
    "card": _("Card (mother and child, TB, disability)"),
    "other": _("Another paper"),
}
# Why a paper is taken back. Codes, because the trail keeps no free text.
REASONS: dict[str, Words] = {
    "wrong-patient": _("It was written for the wrong patient"),
    "wrong-content": _("Something on it is wrong"),
    "twice": _("It was written twice"),
    "misuse": _("It was asked for under false facts"),
}


def form_of(kind: str, form: str) -> Form:
    """The rules of one paper; a form of a sibling app that is not listed has its kind's."""
    return FORMS.get(form) or KINDS[kind]


def right_of(kind: str, form: str) -> Permission:
    return form_of(kind, form).right
