"""Words and letters of the wire: kinds of records, sexes, names in plain Latin."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from apps.core.fold import romanise

GENDER = {"female": "F", "male": "M", "other": "O", "unknown": "O"}
SEX = {"F": "female", "M": "male", "O": "other", "D": "other", "T": "other", "U": "unknown"}
HI_TYPES = (
    "Prescription",
    "DiagnosticReport",
    "OPConsultation",
    "DischargeSummary",
    "ImmunizationRecord",
    "HealthDocumentRecord",
    "WellnessRecord",
    "Invoice",
)
SELF = "PATRQT"  # a share at the counter, too
PURPOSES = {  # why somebody asks for records, in words for the patient
    "CAREMGT": _("Treatment"),
    "BTG": _("Emergency"),
    "PUBHLTH": _("Public health"),
    "HPAYMT": _("Payment of treatment"),
    "DSRCH": _("Research on a disease"),
    SELF: _("The patient's own request"),
}
ALREADY_LINKED = ("1056", "1090")
TOKEN_VOID = ("1026", "1038", "1062", "1063", "1066")


def plain(text: str) -> str:
    """Only the letters that a display may have on the wire; Hindi is written by sound."""
    latin = unicodedata.normalize("NFKD", romanise(text) if not text.isascii() else text)
    return re.sub(r"[^a-zA-Z0-9_\-@,. \"':|()/]", "", latin).strip()[:200]


def name(latin: str, hindi: str) -> str:
    """A person's name as the gateway takes it: letters, dots and blanks, a letter first."""
    kept = re.sub(r"[^a-zA-Z. ]", "", plain(latin or hindi)).replace(".", "").strip()
    return re.sub(r" +", " ", kept) or "Patient"


def digits14(number: str) -> str:
    """An ABHA number without dashes, "" when it is none."""
    bare = re.sub(r"\D", "", number or "")
    return bare if len(bare) == 14 else ""
