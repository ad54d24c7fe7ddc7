"""Verbs over people, postings and log-ins."""

from apps.accounts.actions.access import (
    keep_preferences,
    record_factor,
    record_password_change,
    record_refused_access,
    record_session,
)
from apps.accounts.actions.first import open_office
from apps.accounts.actions.imports import Line, import_people, take_on
from apps.accounts.actions.keys import (
    create_api_key,
    note_key_use,
    record_refused_key,
    revoke_api_key,
)
from apps.accounts.actions.people import (
    change_user,
    create_user,
    deactivate_user,
    reactivate_user,
    reset_password,
)
from apps.accounts.actions.pins import check_pin, check_signature, clear_pin, set_pin
from apps.accounts.actions.postings import end_posting, post_user, transfer
from apps.accounts.actions.recovery import ask_code, change_password_by_code, check_code
from apps.accounts.actions.registers import Registers, set_registers
from apps.accounts.actions.roster import (
    copy_week,
    end_leave,
    grant_leave,
    set_roster,
    work_on_leave,
)
from apps.accounts.actions.shared import (
    come_back,
    come_back_by_badge,
    end_all_sessions,
    end_session,
    enrol_workstation,
    issue_badge,
    note_left,
    note_log_in,
    note_seen,
    revoke_badge,
    revoke_workstation,
)

__all__ = [
    "Line",
    "Registers",
    "ask_code",
    "change_password_by_code",
    "change_user",
    "check_code",
    "check_pin",
    "check_signature",
    "clear_pin",
    "come_back",
    "come_back_by_badge",
    "copy_week",
    "create_api_key",
    "create_user",
    "deactivate_user",
    "end_all_sessions",
    "end_leave",
    "end_posting",
    "end_session",
    "enrol_workstation",
    "grant_leave",
    "import_people",
    "issue_badge",
    "keep_preferences",
    "note_key_use",
    "note_left",
    "note_log_in",
    "note_seen",
    "open_office",
    "post_user",
    "reactivate_user",
    "record_factor",
    "record_password_change",
    "record_refused_access",
    "record_refused_key",
    "record_session",
    "reset_password",
    "revoke_api_key",
    "revoke_badge",
    "revoke_workstation",
    "set_pin",
    "set_registers",
    "set_roster",
    "take_on",
    "transfer",
    "work_on_leave",
]
