"""Who may print the QR posters, link an ABHA, ask other hospitals and read their records."""

from uuid import UUID

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
READERS = {
    role.value
    for role, rule in ROLES.items()
    if {rule.grants.get(Permission.HISTORY_VIEW), rule.grants.get(Permission.BREAKGLASS_USE)}
    & set(READS)
}
SIGNERS = {
    role.value for role, rule in ROLES.items() if rule.grants.get(Permission.CONSULT_SIGN) in READS
}
RECORD = {"patient_id": patient_id, "record_id": UUID(int=7)}
ROUTES = [
    Route("state", "POST", "abdm:push", {"key": "nobody"}, public=True),
    Route("facility", "GET", "abdm:others", {"patient_id": patient_id}, READERS),
    Route("facility", "POST", "abdm:ask_others", {"patient_id": patient_id}, SIGNERS),
    Route("facility", "GET", "abdm:other_record", RECORD, READERS),
    Route("facility", "GET", "abdm:other_file", RECORD | {"n": 0}, READERS),
    Route("facility", "GET", "abdm:posters", {}, SETTERS),
    Route("facility", "GET", "abdm:posters_pdf", {}, SETTERS),
    Route("facility", "GET", "abdm:abha", {"patient_id": patient_id}, LINKERS),
    Route("facility", "POST", "abdm:abha", {"patient_id": patient_id}, LINKERS),
    Route("facility", "GET", "abdm:abha_card", {"patient_id": patient_id}, LINKERS),
]
