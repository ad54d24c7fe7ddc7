"""The words of this app's refusals."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "document.superseded": _("A newer paper has replaced this one. Change the newer one."),
    "document.without_patient": _("This visit belongs to another patient. Open the right visit."),
    "document.reason": _("Choose why the paper is taken back."),
    "rendition.unknown": _("Papers come in Hindi or English, on A5 or A4. Choose one of these."),
    "scan.none": _("Choose a photo or a PDF of the paper."),
    "scan.too_large": _("The file is larger than %(limit_mb)s MB. Send a smaller one."),
    "scan.type": _("Only photos (JPEG, PNG) and PDF files can be added. Choose another file."),
    "scan.broken": _("This file cannot be read. Take the photo again."),
    "scan.locked": _("This PDF is locked with a password. Send it without one."),
    "scan.too_many": _("No more than %(most)s pages at once. Add the rest as a second paper."),
    "scan.kind": _("Say what kind of paper it is."),
    "scan.date": _("The paper's date cannot lie after today."),
    "wording.long": _("The text is too long. Keep it under %(most)s letters."),
}
