"""Who may open which board."""

from apps.accounts.permissions import ROLES
from apps.core.actor import READS
from tests.house.routes import Route


def holders(*permissions):
    return {
        role.value
        for role, rule in ROLES.items()
        if any(rule.grants.get(permission) in READS for permission in permissions)
    }


OFFICES = holders("dash.block", "dash.district", "dash.state")
PLACE = {"kind": "district", "code": "203"}  # Green's
HERE = holders("dash.facility")
EXPORTERS = OFFICES & holders("export.counts")

ROUTES = [
    Route("state", "GET", "monitoring:board", allowed=OFFICES),
    Route("state", "GET", "monitoring:csv", allowed=EXPORTERS),
    Route("state", "GET", "monitoring:place", PLACE, OFFICES),
    Route("state", "GET", "monitoring:place_csv", PLACE, EXPORTERS),
    Route("facility", "GET", "monitoring:live", allowed=HERE),
    Route("facility", "GET", "monitoring:days", allowed=HERE),
]
