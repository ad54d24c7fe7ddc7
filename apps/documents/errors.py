"""The words of this app's refusals."""

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "document.superseded": _("A newer paper has replaced this one. Change the newer one."),
    "document.without_patient": _("This visit belongs to another patient. Open the right visit."),
    "rendition.unknown": _("Papers come in Hindi or English, on A5 or A4. Choose one of these."),
}
