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

WHERE = HERE | holders("support.diagnose")
ANY_BOARD = OFFICES | HERE

ROUTES = [
    Route("state", "GET", "monitoring:open", public=True),
    Route("state", "GET", "monitoring:open_district", {"code": "203"}, public=True),
    Route("state", "GET", "monitoring:open_hospital", {"slug": "green-phc"}, public=True),
    Route("state", "GET", "monitoring:openapi", public=True),
    Route("state", "GET", "monitoring:api", by_key=True),
    Route("state", "GET", "monitoring:api_place", PLACE, by_key=True),
    Route("state", "GET", "monitoring:fair", allowed=ANY_BOARD),
    Route("state", "GET", "monitoring:place_fair", PLACE, ANY_BOARD),
    Route("state", "GET", "monitoring:doctors", allowed=HERE),
    Route("state", "GET", "monitoring:place_doctors", PLACE, HERE),
    Route("state", "GET", "monitoring:uptime", allowed=WHERE),
    Route("state", "GET", "monitoring:place_uptime", PLACE, WHERE),
    Route("facility", "GET", "monitoring:fair", allowed=ANY_BOARD),
    Route("facility", "GET", "monitoring:doctors", allowed=HERE),
    Route("facility", "GET", "monitoring:uptime", allowed=WHERE),
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
