"""Who may print the QR posters."""

from apps.accounts.permissions import ROLES
from apps.core.actor import READS
from apps.core.permission import Permission
from tests.house.routes import Route

SETTERS = {
    role.value
    for role, rule in ROLES.items()
    if rule.grants.get(Permission.FACILITY_CONFIG) in READS
}
ROUTES = [
    Route("facility", "GET", "abdm:posters", {}, SETTERS),
    Route("facility", "GET", "abdm:posters_pdf", {}, SETTERS),
]
