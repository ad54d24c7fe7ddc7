"""Who may open what of the counter, the store, indents and registers."""

from django.db import connection

from apps.core.ids import uuid7
from apps.supply import actions as supply
from tests.encounters import people
from tests.house.routes import Route
from tests.pharmacy import shelf

COUNTER = {"ANM", "CHO", "EMO", "NUR", "PHM", "WNU"}  # rx.dispense
SEE = {"BHM", "BLD", "CCC", "CHO", "CS", "ACMO", "DM", "DPM", "DS", "DSTK", "EMO", "HM", "LAB",
       "MO", "NUR", "OTN", "PHM", "SHQ", "SPC", "SPO", "STK", "VAC", "WNU"}  # fmt: skip
MOVE = {"BLD", "DSTK", "LAB", "OTN", "PHM", "STK", "VAC", "WNU"}  # stock.move
ADJUST = {"DS", "DSTK", "HM", "PHM", "STK"}  # stock.adjust
ASK = {"CHO", "LAB", "PHM", "STK", "VAC", "WNU"}  # indent.raise
APPROVE = {"BHM", "CS", "DS", "DSTK", "HM"}  # indent.approve
PRINT = {"BHM", "BME", "DS", "HM", "LAB", "MRD", "PHM", "RADG", "REG", "WNU"}  # register.print
RECORDS = {"ANM", "CHO", "CNS", "DS", "EMO", "MO", "MRD", "NUR", "OTN", "PATH", "RADL", "SPC",
           "WNU"}  # history.view, own  # fmt: skip
DOCTORS = {"ANM", "CHO", "EMO", "MO", "SPC"}  # rx.prescribe


def in_green(make):
    """A value made in Green's schema, whatever schema the table stands in."""

    def value(cast):
        connection.set_tenant(cast.green)
        return make(cast)

    return value


def fresh(cast):
    return uuid7()


def a_prescription(cast):
    if not hasattr(cast, "prescribed"):
        cast.prescribed = shelf.signed(cast)[0].pk
    return cast.prescribed


def an_indent(cast):
    line = {"code": "T-X", "name": "X", "unit": "", "suggested": "0", "asked": "1"}
    return supply.raise_indent(id=uuid7(), lines=[line], actor=cast.arun.actor).pk


prescription = in_green(a_prescription)
patient_id = in_green(lambda cast: people.visit(cast).patient_id)
indent_id = in_green(an_indent)
RX = {"prescription_id": prescription}

ROUTES = [
    Route("facility", "GET", "pharmacy:counter", {}, COUNTER),
    Route("facility", "POST", "pharmacy:call_next", {}, COUNTER - {"ANM", "WNU"}),  # token.call
    Route("facility", "POST", "pharmacy:choose_store", {}, COUNTER | SEE),
    Route("facility", "GET", "pharmacy:told", {}, DOCTORS),
    Route("facility", "GET", "pharmacy:dispense", RX, COUNTER),
    Route("facility", "POST", "pharmacy:dispense", RX, COUNTER),
    Route("facility", "GET", "pharmacy:labels", RX, COUNTER),
    Route("facility", "GET", "pharmacy:slip", RX, COUNTER),
    Route("facility", "GET", "pharmacy:given", {"patient_id": patient_id}, RECORDS),
    Route("facility", "GET", "pharmacy:shelf", {}, SEE),
    Route("facility", "GET", "pharmacy:receive", {}, MOVE),
    Route("facility", "POST", "pharmacy:receive", {}, MOVE),
    Route("facility", "POST", "pharmacy:receive_file", {}, MOVE),
    Route("facility", "GET", "pharmacy:transfer", {}, MOVE),
    Route("facility", "POST", "pharmacy:transfer", {}, MOVE),
    Route("facility", "GET", "pharmacy:count_start", {}, ADJUST),
    Route("facility", "GET", "pharmacy:count", {"count_id": fresh}, ADJUST),
    Route("facility", "POST", "pharmacy:count", {"count_id": fresh}, ADJUST),
    Route("facility", "GET", "pharmacy:returns", {}, COUNTER),
    Route("facility", "POST", "pharmacy:returns", {}, COUNTER),
    Route("facility", "GET", "pharmacy:changes", {}, ADJUST),
    Route("facility", "POST", "pharmacy:answer_change", {"asked_id": fresh}, ADJUST),
    Route("facility", "POST", "pharmacy:ask_change", {"batch_id": fresh}, ADJUST),
    Route("facility", "POST", "pharmacy:stop", {"batch_id": fresh}, ADJUST),
    Route("facility", "GET", "pharmacy:expiry", {}, SEE),
    Route("facility", "GET", "pharmacy:drugs", {}, SEE),
    Route("facility", "GET", "pharmacy:not_given", {}, SEE),
    Route("facility", "GET", "pharmacy:indent_list", {}, ASK | APPROVE),
    Route("facility", "GET", "pharmacy:indent_new", {}, ASK),
    Route("facility", "POST", "pharmacy:indent_new", {}, ASK),
    Route("facility", "GET", "pharmacy:indent", {"indent_id": indent_id}, ASK | APPROVE),
    Route(
        "facility",
        "POST",
        "pharmacy:indent_answer",
        {"indent_id": indent_id},
        {"DSTK", "LAB", "PHM", "STK", "VAC", "WNU"},
    ),  # to acknowledge is stock.move
    Route("facility", "GET", "pharmacy:register_list", {}, PRINT),
    Route("facility", "POST", "pharmacy:register_list", {}, PRINT - {"BME"}),
    Route("facility", "GET", "pharmacy:register_show", {"kind": "h1"}, PRINT),
    Route("facility", "GET", "pharmacy:register_file", {"register_id": fresh}, PRINT),
    Route("facility", "GET", "pharmacy:item", {"code": "KIT-UPT"}, SEE),
    Route("facility", "POST", "pharmacy:bin_empty", {"code": "KIT-UPT"}, COUNTER | MOVE),
    Route("state", "GET", "supply:indents", {}, SEE),
    Route("state", "GET", "supply:level", {}, SEE),
    Route("state", "GET", "supply:indent", {"indent_id": indent_id}, SEE),
    Route("state", "POST", "supply:answer", {"indent_id": indent_id}, MOVE),
]
