"""Who may open what of accounts."""

from apps.accounts.permissions import ROLES
from apps.core.permission import Permission
from tests.house.routes import Route

CREATES = {r.value for r, rule in ROLES.items() if Permission.USER_CREATE in rule.grants}
ASSIGNS = {r.value for r, rule in ROLES.items() if Permission.ROLE_ASSIGN in rule.grants}
# Seeing that somebody was deployed is a grant too (V), so managers pass the door of `post` and
# `end`; the verb behind it asks for role.assign.
DEPLOYS = {r.value for r, rule in ROLES.items() if Permission.USER_DEPLOY in rule.grants}


def somebody(cast):
    return cast.ravi.user.pk


def posting(cast):
    return cast.ravi.user.postings.get().pk


PERSON = {"user_id": somebody}
POSTING = {"user_id": somebody, "posting_id": posting}
HOSTS = ("facility", "state")

PUBLIC = [
    ("GET", "account_login"), ("POST", "account_login"), ("GET", "account_inactive"),
    ("GET", "account_reset_password"), ("POST", "account_reset_password"),
    ("GET", "account_reset_password_code"), ("POST", "account_reset_password_code"),
    ("GET", "mfa_authenticate"), ("POST", "mfa_authenticate"),
    ("GET", "mfa_login_webauthn"), ("POST", "mfa_login_webauthn"),
    ("GET", "account_logout"), ("POST", "account_logout"), ("POST", "accounts:language"),
]  # fmt: skip
OWN = [
    ("GET", "home"), ("GET", "accounts:duty"), ("GET", "accounts:me"),
    ("POST", "accounts:preferences"), ("POST", "accounts:pin"),
    ("GET", "account_change_password"), ("POST", "account_change_password"),
    ("GET", "account_reauthenticate"), ("POST", "account_reauthenticate"),
    ("GET", "mfa_index"), ("GET", "mfa_reauthenticate"), ("POST", "mfa_reauthenticate"),
    ("GET", "mfa_activate_totp"), ("POST", "mfa_activate_totp"),
    ("GET", "mfa_deactivate_totp"), ("POST", "mfa_deactivate_totp"),
    ("GET", "mfa_view_recovery_codes"), ("GET", "mfa_generate_recovery_codes"),
    ("POST", "mfa_generate_recovery_codes"), ("GET", "mfa_download_recovery_codes"),
    ("GET", "mfa_list_webauthn"), ("GET", "mfa_add_webauthn"), ("POST", "mfa_add_webauthn"),
    ("GET", "mfa_reauthenticate_webauthn"), ("POST", "mfa_reauthenticate_webauthn"),
]  # fmt: skip
KEY = [
    ("GET", "mfa_remove_webauthn"), ("POST", "mfa_remove_webauthn"),
    ("GET", "mfa_edit_webauthn"), ("POST", "mfa_edit_webauthn"),
]  # fmt: skip
STAFF = [
    ("GET", "accounts:people", {}, CREATES),
    ("GET", "accounts:add", {}, CREATES),
    ("POST", "accounts:add", {}, CREATES),
    ("GET", "accounts:import", {}, CREATES),
    ("POST", "accounts:import", {}, CREATES),
    ("GET", "accounts:import_template", {}, CREATES),
    ("GET", "accounts:person", PERSON, CREATES),
    ("POST", "accounts:profile", PERSON, CREATES),
    ("POST", "accounts:close", PERSON, CREATES),
    ("POST", "accounts:open", PERSON, CREATES),
    ("POST", "accounts:reset_password", PERSON, CREATES),
    ("POST", "accounts:reset_pin", PERSON, CREATES),
    ("POST", "accounts:post", PERSON, DEPLOYS | ASSIGNS),
    ("POST", "accounts:end", POSTING, DEPLOYS | ASSIGNS),
    ("POST", "accounts:transfer", POSTING, DEPLOYS),
]

ROUTES = [
    *[Route(host, method, name, public=True) for host in HOSTS for method, name in PUBLIC],
    *[Route(host, method, name, logged_in=True) for host in HOSTS for method, name in OWN],
    *[
        Route(host, method, name, {"pk": 1}, logged_in=True)
        for host in HOSTS
        for method, name in KEY
    ],
    *[Route(host, *row[:3], allowed=row[3]) for host in HOSTS for row in STAFF],
]
