"""Who may open which board."""

from apps.accounts.permissions import ROLES
from apps.core.actor import READS, Level
from tests.house.routes import Route


def holders(*permissions):
    return {
        role.value
        for role, rule in ROLES.items()
        if any(rule.grants.get(permission) in READS for permission in permissions)
    }


def masked(permission):
    return {r.value for r, rule in ROLES.items() if rule.grants.get(permission) is Level.MASKED}


OFFICES = holders("dash.block", "dash.district", "dash.state")
PLACE = {"kind": "district", "code": "203"}  # Green's
HERE = holders("dash.facility")
EXPORTERS = OFFICES & holders("export.counts")
TRUTH = holders("truth.flags")
COUNTS_TOO = TRUTH | masked("truth.flags")
NONE = "00000000-0000-7000-8000-000000000000"
ALARM, FLAG = {"alarm_id": NONE}, {"flag_id": NONE}

ROUTES = [
    Route("state", "GET", "monitoring:board", allowed=OFFICES),
    Route("state", "GET", "monitoring:csv", allowed=EXPORTERS),
    Route("state", "GET", "monitoring:place", PLACE, OFFICES),
    Route("state", "GET", "monitoring:place_csv", PLACE, EXPORTERS),
    Route("state", "GET", "monitoring:alarms", allowed=HERE),
    Route("state", "GET", "monitoring:place_alarms", PLACE, HERE),
    Route("state", "POST", "monitoring:acknowledge", ALARM, HERE),
    Route("state", "GET", "monitoring:flags", allowed=COUNTS_TOO),
    Route("state", "GET", "monitoring:place_flags", PLACE, COUNTS_TOO),
    Route("state", "POST", "monitoring:note_flag", FLAG, TRUTH),
    Route("facility", "GET", "monitoring:live", allowed=HERE),
    Route("facility", "GET", "monitoring:days", allowed=HERE),
    Route("facility", "GET", "monitoring:alarms", allowed=HERE),
    Route("facility", "POST", "monitoring:acknowledge", ALARM, HERE),
    Route("facility", "GET", "monitoring:flags", allowed=COUNTS_TOO),
    Route("facility", "POST", "monitoring:answer_flag", FLAG, TRUTH),
]
