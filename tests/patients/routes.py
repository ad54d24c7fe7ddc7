"""Who may find and mend patients."""

from apps.core.ids import uuid7
from tests.encounters.routes import patient_id
from tests.house.routes import Route

SEARCH = {"ANM", "ASH", "AUD", "BLD", "CASH", "CHO", "CNS", "DS", "EMO", "HLP", "HM", "LAB", "MO",
          "MRD", "NUR", "OTN", "PATH", "PHM", "RADG", "RADL", "REG", "SPC", "VAC",
          "WNU"}  # patient.search  # fmt: skip
MENDERS = {"ANM", "CHO", "DS", "EMO", "HM", "MO", "MRD", "NUR", "REG", "WNU"}
REGISTRARS = {"ANM", "CHO", "DS", "EMO", "HLP", "HM", "MO", "NUR", "REG", "SPC", "VAC", "WNU"}


def fresh(cast):
    return uuid7()


ROUTES = [
    Route("facility", "GET", "patients:list", {}, SEARCH),
    Route("facility", "POST", "patients:list", {}, SEARCH),
    Route("facility", "GET", "patients:identity", {"patient_id": patient_id}, SEARCH),
    Route("facility", "GET", "patients:edit", {"patient_id": patient_id}, MENDERS),
    Route("facility", "POST", "patients:edit", {"patient_id": patient_id}, MENDERS),
    Route("facility", "PUT", "patients:api_patient", {"patient_id": fresh}, REGISTRARS),
    Route("facility", "POST", "patients:api_search", {}, SEARCH),
]
