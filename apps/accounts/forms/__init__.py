"""Parsing of what staff type about themselves and about each other."""

from apps.accounts.forms.entry import (
    ChangePasswordForm,
    EnrolForm,
    ForgotForm,
    LoginForm,
    NewPasswordForm,
    PinForm,
    PreferencesForm,
    SwitchForm,
)
from apps.accounts.forms.keys import KeyForm
from apps.accounts.forms.staff import (
    EndForm,
    ImportForm,
    PersonForm,
    PostingForm,
    ProfileForm,
    TransferForm,
)

__all__ = [
    "ChangePasswordForm",
    "EndForm",
    "EnrolForm",
    "ForgotForm",
    "ImportForm",
    "KeyForm",
    "LoginForm",
    "NewPasswordForm",
    "PersonForm",
    "PinForm",
    "PostingForm",
    "PreferencesForm",
    "ProfileForm",
    "SwitchForm",
    "TransferForm",
]
