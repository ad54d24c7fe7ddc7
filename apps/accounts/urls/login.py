"""The addresses of django-allauth that this house serves: no sign-up, no e-mail, no social."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from apps.accounts import views
from apps.accounts.views import answers_422 as strict

urlpatterns = [
    path("login/", strict(account.login), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", strict(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", strict(account.password_change), name="account_change_password"),
    path("password/reset/", views.forgot, name="account_reset_password"),
    path("password/reset/code/", views.forgot_code, name="account_reset_password_code"),
    path("2fa/", factors.index, name="mfa_index"),
    path("2fa/authenticate/", strict(factors.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", strict(factors.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/app/on/", strict(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/app/off/", strict(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/codes/new/",
        strict(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
    path("2fa/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/passkeys/new/", strict(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", strict(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
]
