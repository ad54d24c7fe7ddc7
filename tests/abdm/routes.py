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
ROUTES = [
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
