"""Log-in, passwords, PIN and the own screen."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts import queries, sessions
from apps.accounts.forms.fields import DigitsField
from apps.accounts.secrets import check_strength, latin_digits

WHO = _("Write your mobile number or staff ID")


class LoginForm(AllauthLoginForm):
    """Takes a user name or a mobile number; says how many tries are left."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shared"] = forms.BooleanField(required=False)
        self.fields["login"].error_messages["required"] = WHO
        self.fields["password"].error_messages["required"] = _("Write your password")

    def clean_login(self) -> str:
        login = super().clean_login()
        digits = latin_digits(login)
        if len(digits) == 10 and digits.isdigit() and (person := queries.user_by_login(digits)):
            return person.username
        return login.lower()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError as error:
            if error.code != "username_password_mismatch":
                raise
        left = queries.tries_left(self.request, self.cleaned_data["login"])
        words = ngettext(
            "Mobile or password did not match. %(left)s try left",
            "Mobile or password did not match. %(left)s tries left",
            left,
        )
        raise ValidationError(words % {"left": left})

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """On a shared computer the session ends after ten idle minutes, else after twelve hours."""
        request.session.pop(settings.SHARED_IDLE_KEY, None)
        response = super().login(request, redirect_url=redirect_url)
        if request.session.get(sessions.LOCK_KEY):
            return response  # an enrolled computer locks; its session lives for the shift
        if self.cleaned_data["shared"]:
            request.session[settings.SHARED_IDLE_KEY] = settings.SHARED_IDLE_S
            request.session.set_expiry(settings.SHARED_IDLE_S)
        else:
            request.session.set_expiry(settings.SESSION_COOKIE_AGE)
        return response


class ChangePasswordForm(AllauthChangePasswordForm):
    """Old and new, once each: the new one can be shown instead of being typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        self.fields["oldpassword"].error_messages["required"] = _("Write the old password")
        self.fields["password1"].error_messages["required"] = _("Write the new password")


class ForgotForm(forms.Form):
    login = forms.CharField(max_length=40, error_messages={"required": WHO})

    def clean_login(self) -> str:
        login: str = self.cleaned_data["login"].strip()
        digits = latin_digits(login)
        return digits if digits.isdigit() else login.lower()


class NewPasswordForm(forms.Form):
    code = DigitsField(max_length=12, error_messages={"required": _("Write the code")})
    password = forms.CharField(
        strip=False, max_length=128, error_messages={"required": _("Write the new password")}
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        check_strength(password)
        return password


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    text_size = forms.ChoiceField(choices=[("s", _("Small")), ("m", _("Usual")), ("l", _("Large"))])
    theme = forms.ChoiceField(choices=[("light", _("Light")), ("dark", _("Dark"))])
    contrast = forms.BooleanField(required=False)
    letter_keys = forms.BooleanField(required=False)


class PinForm(forms.Form):
    """The own PIN; the password proves who is sitting here."""

    password = forms.CharField(
        strip=False, max_length=128, error_messages={"required": _("Write your password")}
    )
    pin = DigitsField(max_length=12, error_messages={"required": _("Write the new PIN")})

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("The password did not match."))
        return ""


class SwitchForm(forms.Form):
    """A face and its PIN, or the text of a badge."""

    user = forms.UUIDField(required=False, error_messages={"invalid": _("Choose your name")})
    pin = DigitsField(max_length=12, required=False)
    badge = forms.CharField(max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("badge"):
            return told
        if not told.get("user"):
            raise ValidationError(_("Choose your name"))
        if not told.get("pin"):
            raise ValidationError(_("Write your PIN"))
        return told


class EnrolForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        max_length=40,
        error_messages={"required": _("Write a name for this computer, such as Counter 2.")},
    )
