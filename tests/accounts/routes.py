"""Who may open what of accounts."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.actions import create_api_key, enrol_workstation
from apps.accounts.actions.roster import SIGNING
from apps.accounts.permissions import ROLES
from apps.core.actor import READS, Actor, Scope
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.facilities.actions import ask_help
from apps.facilities.tickets import SOLVE
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


def workstation(cast):
    return enrol_workstation(id=uuid7(), name="1", actor=cast.manager.actor).pk


def key(cast):
    made, _secret = create_api_key(
        id=uuid7(),
        programme="NHA",
        scopes=["aggregate.read"],
        scope=Scope.FACILITY,
        facility_id=cast.green.pk,
        last_day=timezone.localdate() + timedelta(days=1),
        actor=Actor.of_system("test", Permission.ROLE_ASSIGN),
    )
    return made.pk


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
    ("GET", "accounts:switch"), ("POST", "accounts:switch"), ("POST", "accounts:make_room"),
    ("GET", "accounts:online"), ("GET", "accounts:offline"), ("GET", "accounts:service_worker"),
]  # fmt: skip
OWN = [
    ("GET", "home"), ("GET", "accounts:duty"), ("GET", "accounts:me"),
    ("POST", "accounts:preferences"), ("POST", "accounts:pin"),
    ("GET", "accounts:lock"), ("POST", "accounts:lock"), ("POST", "accounts:unlock"),
    ("POST", "accounts:awake"), ("GET", "accounts:sync"), ("POST", "accounts:end_sessions"),
    ("POST", "accounts:own_badge_off"),
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
CONFIGURES = {r.value for r, rule in ROLES.items() if Permission.FACILITY_CONFIG in rule.grants}
STAFF = [
    ("GET", "accounts:devices", {}, CONFIGURES),
    ("POST", "accounts:enrol", {}, CONFIGURES),
    ("POST", "accounts:revoke_device", {"workstation_id": workstation}, CONFIGURES),
    ("POST", "accounts:badge", PERSON, CREATES),
    ("POST", "accounts:badge_off", PERSON, CREATES),
    ("POST", "accounts:end_sessions_of", PERSON, CREATES),
    ("POST", "accounts:end_session_of", {**PERSON, "log_in_id": somebody}, CREATES),
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
KEYS = [
    ("GET", "keys:list", {}, ASSIGNS),
    ("GET", "keys:new", {}, ASSIGNS),
    ("POST", "keys:new", {}, ASSIGNS),
    ("POST", "keys:revoke", {"key_id": key}, ASSIGNS),
]


def holders(*permissions):
    grants = {r.value: rule.grants for r, rule in ROLES.items()}
    return {role for role, held in grants.items() if any(held.get(p) in READS for p in permissions)}


ROSTER, SIGNS = holders(Permission.ROSTER_EDIT), holders(*SIGNING)
HERE = [
    ("GET", "accounts:roster", {}, ROSTER),
    ("POST", "accounts:roster_turn", {}, ROSTER),
    ("POST", "accounts:roster_copy", {}, ROSTER),
    ("POST", "accounts:leave", {}, ROSTER),
    ("POST", "accounts:leave_end", {"leave_id": somebody}, ROSTER),
    ("GET", "accounts:must_sign", {}, SIGNS),
    ("POST", "accounts:must_sign", {}, SIGNS),
]

AUDITS = {r.value for r, rule in ROLES.items() if Permission.AUDIT_VIEW in rule.grants}
TICKETS = holders(Permission.TICKET)
SOLVES = holders(*SOLVE)


def a_ticket(cast):
    return ask_help(id=uuid7(), text="The label printer is silent", actor=cast.ravi.actor).pk


AT_STATE = [
    ("GET", "accounts:tickets", {}, SOLVES),
    ("GET", "accounts:ticket", {"ticket_id": a_ticket}, SOLVES),
    ("POST", "accounts:ticket", {"ticket_id": a_ticket}, SOLVES),
]

ROUTES = [
    *[Route(host, "GET", "accounts:trail", {}, allowed=AUDITS) for host in HOSTS],
    Route("facility", "GET", "accounts:history", {}, allowed=holders(Permission.FACILITY_CONFIG)),
    *[
        Route(host, method, "accounts:help", {}, allowed=TICKETS)
        for host in HOSTS
        for method in ("GET", "POST")
    ],
    *[Route("state", *row[:3], allowed=row[3]) for row in AT_STATE],
    *[Route("facility", *row[:3], allowed=row[3]) for row in HERE],
    *[Route(host, method, name, public=True) for host in HOSTS for method, name in PUBLIC],
    *[Route(host, method, name, logged_in=True) for host in HOSTS for method, name in OWN],
    *[
        Route(host, "POST", "accounts:end_session", {"log_in_id": somebody}, logged_in=True)
        for host in HOSTS
    ],
    *[
        Route(host, method, name, {"pk": 1}, logged_in=True)
        for host in HOSTS
        for method, name in KEY
    ],
    *[Route(host, *row[:3], allowed=row[3]) for host in HOSTS for row in STAFF],
    *[Route("state", *row[:3], allowed=row[3]) for row in KEYS],
]
