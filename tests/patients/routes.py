"""Who may find and mend patients."""

from apps.core.ids import uuid7
from tests.encounters.routes import FINDERS as SEARCH
from tests.encounters.routes import patient_id
from tests.house.routes import Route

MENDERS = {"ANM", "CHO", "DS", "EMO", "HM", "MO", "MRD", "NUR", "REG", "WNU"}
REGISTRARS = {"ANM", "CHO", "DS", "EMO", "HLP", "HM", "MO", "NUR", "REG", "SPC", "VAC", "WNU"}


def fresh(cast):
    return uuid7()


ROUTES = [
    Route("facility", "GET", "patients:list", {}, SEARCH),
    Route("facility", "POST", "patients:list", {}, SEARCH),
    Route("facility", "GET", "patients:practice", {}, REGISTRARS),
    Route("facility", "POST", "patients:practice", {}, REGISTRARS),
    Route("facility", "GET", "patients:search", {}, SEARCH),
    Route("facility", "POST", "patients:search", {}, SEARCH),
    Route("facility", "GET", "patients:identity", {"patient_id": patient_id}, SEARCH),
    Route("facility", "GET", "patients:edit", {"patient_id": patient_id}, MENDERS),
    Route("facility", "POST", "patients:edit", {"patient_id": patient_id}, MENDERS),
    Route("facility", "PUT", "patients:api_patient", {"patient_id": fresh}, REGISTRARS),
    Route("facility", "POST", "patients:api_search", {}, SEARCH),
]
