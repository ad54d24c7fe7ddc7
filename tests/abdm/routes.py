"""Who may print the QR posters, and who may link an ABHA."""

from apps.accounts.permissions import ROLES
from apps.core.actor import READS
from apps.core.permission import Permission
from tests.encounters.routes import patient_id
from tests.house.routes import Route

SETTERS = {
    role.value
    for role, rule in ROLES.items()
    if rule.grants.get(Permission.FACILITY_CONFIG) in READS
}
LINKERS = {
    role.value for role, rule in ROLES.items() if rule.grants.get(Permission.ABHA_LINK) in READS
}
ROUTES = [
    Route("facility", "GET", "abdm:posters", {}, SETTERS),
    Route("facility", "GET", "abdm:posters_pdf", {}, SETTERS),
    Route("facility", "GET", "abdm:abha", {"patient_id": patient_id}, LINKERS),
    Route("facility", "POST", "abdm:abha", {"patient_id": patient_id}, LINKERS),
    Route("facility", "GET", "abdm:abha_card", {"patient_id": patient_id}, LINKERS),
]
