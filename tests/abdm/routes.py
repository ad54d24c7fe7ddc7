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
ID = {"id": "01a210a2-a634-7dd3-b5b6-3b4e2264f63d"}
KINDS = ("Encounter", "MedicationRequest", "DiagnosticReport", "DocumentReference")
FHIR = [
    ("GET", "fhir_patients", {}),
    ("POST", "fhir_patients_form", {}),
    ("GET", "fhir_patient", ID),
    ("GET", "fhir_all", ID),
    ("GET", "fhir_document", ID),
    ("GET", "fhir_strange", {"rest": "Observation"}),
    *[("GET", f"fhir_{kind}_search", {}) for kind in KINDS],
    *[("POST", f"fhir_{kind}_form", {}) for kind in KINDS],
    *[("GET", f"fhir_{kind}", ID) for kind in KINDS],
]
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
    Route("facility", "GET", "abdm:fhir_metadata", {}, public=True),
    *[
        Route("facility", method, f"abdm:{name}", kwargs, by_key=True)
        for method, name, kwargs in FHIR
    ],
]
