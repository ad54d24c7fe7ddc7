"""Who opens which page of the doctor's room."""

from tests.house.routes import Route

SIGNERS = {"MO", "SPC", "EMO", "CHO"}
WRITERS = SIGNERS | {"NUR"}  # see records and may type
TYPISTS = WRITERS | {"REG"}  # may type; without a record there is nothing to open
CALLERS = SIGNERS | {"PHM", "LAB", "CNS", "VAC", "NUR", "HM", "RADG", "DS"}
SETTERS = SIGNERS | {"DS", "HM", "BHM", "DME", "DPM", "SHQ"}  # what may be saved, `define` says
SEERS = WRITERS
SET = {"level": "state", "code": "ST-HTN"}
SLIP = {"number": "GRN-26-000001"}

ROUTES = [
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
]
