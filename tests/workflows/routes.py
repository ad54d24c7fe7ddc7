"""Who opens which page of the doctor's room."""

from uuid import UUID

from apps.accounts.permissions import ROLES
from apps.core.permission import Permission
from tests.house.routes import Route

SIGNERS = {"MO", "SPC", "EMO", "CHO"}
WRITERS = SIGNERS | {"NUR"}  # see records and may type
TYPISTS = WRITERS | {"REG"}  # may type; without a record there is nothing to open
CALLERS = SIGNERS | {"PHM", "LAB", "CNS", "VAC", "NUR", "HM", "RADG", "DS"}
CERTIFIERS = {"MO", "SPC", "EMO", "DS"}
ID = "0198a3c0-0000-7000-8000-000000000001"
NOBODY = {"patient_id": ID}


def seers(permission):
    """Roles that hold a capability so that it lets them see."""
    return {r.value for r, rule in ROLES.items() if rule.grants.get(permission, "-") in "WAOV"}


DUE = seers(Permission.DUE_LIST)
LOOKERS = seers(Permission.HISTORY_VIEW) | seers(Permission.BREAKGLASS_USE)
SETTERS = SIGNERS | {"DS", "HM", "BHM", "DME", "DPM", "SHQ"}  # what may be saved, `define` says
SEERS = WRITERS
SET = {"level": "state", "code": "ST-HTN"}
SLIP = {"number": "GRN-26-000001"}

JOINERS = {"DME", "DS", "HM", "MRD"}  # patient.merge
ROUTES = [
    Route("facility", "GET", "workflows:merge", {}, JOINERS),
    Route("facility", "POST", "workflows:merge", {}, JOINERS),
    Route("facility", "POST", "workflows:unmerge", {"patient_id": UUID(int=3)}, JOINERS),
    Route("facility", "GET", "workflows:opd", {}, allowed=TYPISTS),
    Route("facility", "GET", "workflows:rail", {}, allowed=TYPISTS),
    Route("facility", "POST", "workflows:call_next", {}, allowed=CALLERS),
    Route("facility", "GET", "workflows:sets", {}, allowed=SETTERS),
    Route("facility", "GET", "workflows:set_new", {}, allowed=SETTERS),
    Route("facility", "POST", "workflows:set_new", {}, allowed=SETTERS),
    Route("facility", "GET", "workflows:set_edit", SET, allowed=SETTERS),
    Route("facility", "POST", "workflows:set_edit", SET, allowed=SETTERS),
    Route("facility", "POST", "workflows:set_switch", SET, allowed=SETTERS),
    # An operator (REG) gets in when posted to that room: tests/workflows/test_safe.py.
    Route("facility", "GET", "workflows:consult", SLIP, allowed=WRITERS),
    Route("facility", "GET", "workflows:side", SLIP, allowed=SEERS),
    Route("facility", "POST", "workflows:call", SLIP, allowed=CALLERS),
    Route("facility", "POST", "workflows:skip", SLIP, allowed=CALLERS),
    Route("facility", "POST", "workflows:draft", SLIP, allowed=WRITERS),
    Route("facility", "GET", "workflows:find", SLIP | {"part": "tests"}, allowed=WRITERS),
    Route("facility", "GET", "workflows:preview", SLIP, allowed=WRITERS),
    Route("facility", "GET", "workflows:sign", SLIP, allowed=SIGNERS),
    Route("facility", "POST", "workflows:sign", SLIP, allowed=SIGNERS),
    Route("facility", "POST", "workflows:take_over", SLIP, allowed=SIGNERS),
    Route("facility", "POST", "workflows:seen", SLIP, allowed=SIGNERS),
    *(
        Route("facility", method, f"workflows:{name}", SLIP, allowed=allowed)
        for method in ("GET", "POST")
        for name, allowed in (
            ("addendum", SIGNERS),
            ("take_back", SIGNERS),
            ("certificate", CERTIFIERS),
        )
    ),
    Route("facility", "GET", "workflows:history", SLIP, allowed=WRITERS),
    Route("facility", "POST", "workflows:elsewhere", SLIP, allowed=SIGNERS),
    Route(
        "facility", "GET", "workflows:look", SLIP | NOBODY | {"facility_id": ID}, allowed=SIGNERS
    ),
    Route("facility", "GET", "workflows:timeline", NOBODY, allowed=LOOKERS),
    Route("facility", "GET", "workflows:due", {}, allowed=DUE),
    Route("facility", "POST", "workflows:due_note", {"encounter_id": ID}, allowed=DUE),
    Route("state", "GET", "workflows:tele", {}, logged_in=True),
]
