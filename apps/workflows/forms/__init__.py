"""What the doctor's pages send: edits of a draft, additions to a signed visit, certificates."""

from apps.workflows.forms.afterwards import (
    AddForm,
    CertificateForm,
    TakeBackForm,
    addition_of,
    told_of,
)
from apps.workflows.forms.room import (
    SetForm,
    SignForm,
    SwitchForm,
    date_of,
    days_of,
    edit_of,
    with_days,
)

__all__ = [
    "AddForm",
    "CertificateForm",
    "SetForm",
    "SignForm",
    "SwitchForm",
    "TakeBackForm",
    "addition_of",
    "date_of",
    "days_of",
    "edit_of",
    "told_of",
    "with_days",
]
