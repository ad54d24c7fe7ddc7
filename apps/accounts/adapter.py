"""Where django-allauth meets our rules: no self sign-up, our words, secrets encrypted at rest.

allauth speaks no Hindi: every sentence it may show is replaced here or in templates of ours.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts import actions, entering, queries
from apps.accounts.cookies import remember_language
from apps.accounts.secrets import check_strength
from apps.audit.events import Event
from apps.core.actor import Actor
from apps.core.fields import decrypt, encrypt

SAID = {
    "account/messages/password_changed.txt": _("Your password is changed."),
    "mfa/messages/totp_activated.txt": _("The authenticator app now guards your account."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app no longer guards your account."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes are ready."),
    "mfa/messages/webauthn_added.txt": _("The passkey is saved."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
}
FACTOR_MAIL = {
    "mfa/email/totp_activated": ("totp", True),
    "mfa/email/totp_deactivated": ("totp", False),
    "mfa/email/recovery_codes_generated": ("recovery_codes", True),
    "mfa/email/webauthn_added": ("webauthn", True),
    "mfa/email/webauthn_removed": ("webauthn", False),
}


def _actor(request: HttpRequest, user: Any) -> Actor:
    facility = getattr(request, "facility", None)
    return Actor(user_id=user.pk, facility_id=facility.pk if facility else None)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask your in-charge."),
        "enter_current_password": _("The old password did not match."),
        "incorrect_password": _("The password did not match."),
        "incorrect_code": _("The code did not match."),
        "username_password_mismatch": _("Mobile or password did not match."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        entering.leave(request, with_face=False)
        super().login(request, user)
        entering.begin(request, user, how="password")
        actions.record_session(Event.SESSION_STARTED, actor=_actor(request, user))

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """The screen now speaks the profile's language, whoever sat here before."""
        response = super().post_login(request, user, **kwargs)
        remember_language(response, user.language)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        known = queries.user_by_login(credentials.get("username", ""))
        facility = getattr(request, "facility", None)
        actions.record_session(
            Event.SESSION_FAILED,
            actor=Actor(facility_id=facility.pk if facility else None),
            user=str(known.pk) if known else "",
        )

    def logout(self, request: HttpRequest) -> None:
        entering.leave(request, with_face=True)
        if request.user.is_authenticated:
            actions.record_session(Event.SESSION_ENDED, actor=_actor(request, request.user))
        super().logout(request)

    def clean_password(self, password: str, user: Any = None) -> str:
        check_strength(password, user)
        return password

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        user.must_change_password = False
        actions.record_password_change(user.pk, actor=_actor(context.request, user))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our sentence for theirs; what has none stays unsaid (such as "signed in as")."""
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags="ok" if not message else "")

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kw: Any
    ) -> None:
        """Staff have no e-mail here: the audit trail tells that a second factor came or went."""
        if template_prefix in FACTOR_MAIL:
            kind, added = FACTOR_MAIL[template_prefix]
            actions.record_factor(kind, added=added, actor=_actor(context.request, user))

    def get_user_search_fields(self) -> list[str]:
        return ["username"]


class MFAAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code did not match. Type the one that the app shows now."),
        "cannot_delete_authenticator": _("Your role needs a second factor. Add another one first."),
        "cannot_generate_recovery_codes": _("Add an authenticator app or a passkey first."),
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """One passkey for every host of the house: the parent domain is the relying party."""
        return {"id": settings.PARENT_DOMAIN, "name": str(gettext("Bhavya"))}

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}
