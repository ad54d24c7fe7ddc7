"""Who may open what of the desk, the nursing desk and the chart."""

from django.db import connection

from apps.accounts.permissions import ROLES
from apps.core.actor import READS, WRITES
from apps.core.ids import uuid7
from apps.encounters.scan_targets import PERMISSIONS
from tests.encounters import people
from tests.house.routes import Route

DESK = {"ANM", "CHO", "DS", "EMO", "HLP", "HM", "NUR", "REG", "VAC"}  # token.issue
NURSING = {"ANM", "CHO", "EMO", "MO", "NUR", "OTN", "SPC", "VAC", "WNU"}  # vitals.write
PAPERS = {"ANM", "CHO", "EMO", "HM", "LAB", "MO", "MRD", "NUR", "PATH", "PHM", "RADG", "RADL",
          "REG", "SPC", "WNU"}  # doc.print  # fmt: skip
FINDERS = {"ANM", "ASH", "AUD", "BLD", "CASH", "CHO", "CNS", "DS", "EMO", "HLP", "HM", "LAB", "MO",
           "MRD", "NUR", "OTN", "PATH", "PHM", "RADG", "RADL", "REG", "SPC", "VAC",
           "WNU"}  # patient.search  # fmt: skip
CALLERS = {"CHO", "CNS", "DS", "EMO", "HM", "LAB", "MO", "NUR", "PHM", "RADG", "SPC", "VAC"}
MOVERS = {"BHM", "DS", "EMO", "HM", "MO", "NUR", "REG", "SPC"}  # token.move
RECORDS = {"ANM", "CHO", "CNS", "DS", "EMO", "MO", "MRD", "NUR", "OTN", "PATH", "RADL", "SPC",
           "WNU"}  # history.view, own  # fmt: skip
SETTERS = {
    role.value for role, rule in ROLES.items() if rule.grants.get("facility.config") in WRITES
}


def in_green(make):
    """A value made in Green's schema, whatever schema the table stands in."""

    def value(cast):
        connection.set_tenant(cast.green)
        return make(cast)

    return value


def fresh(cast):
    return uuid7()


number = in_green(lambda cast: people.visit(cast).number)
visit_id = in_green(lambda cast: people.visit(cast).pk)
patient_id = in_green(lambda cast: people.visit(cast).patient_id)
token_id = in_green(lambda cast: people.visit(cast).token.pk)
missed = in_green(lambda cast: skipped(cast))


def skipped(cast):
    token = people.visit(cast).token
    people.actions.skip(token.pk, actor=cast.rita.actor)
    return token.pk


def kit(cast):
    return people.actions.reserve_slips(2, id=uuid7(), actor=cast.ravi.actor).key


SCANNERS = {
    role.value for role, rule in ROLES.items()
    if any(rule.grants.get(permission) in READS for permission in PERMISSIONS)
}  # fmt: skip
ROUTES = [
    Route("facility", "GET", "encounters:paper_kit", {}, DESK),
    Route("facility", "POST", "encounters:paper_kit", {}, DESK),
    Route("facility", "GET", "encounters:paper_type", {}, DESK),
    Route("facility", "POST", "encounters:paper_type", {}, DESK),
    Route("facility", "GET", "encounters:paper_print", {"key": in_green(kit)}, DESK),
    Route("facility", "POST", "encounters:scan", {}, SCANNERS),
    Route("facility", "GET", "encounters:registration", {}, DESK),
    Route("facility", "POST", "encounters:registration", {}, DESK),
    Route("facility", "POST", "encounters:match", {}, DESK),
    Route("facility", "POST", "encounters:other_name", {}, DESK),
    Route("facility", "GET", "encounters:blocks", {}, DESK),
    Route("facility", "POST", "encounters:villages", {}, DESK),
    Route("facility", "POST", "encounters:unknown", {}, DESK),
    Route("facility", "GET", "encounters:arrivals", {}, DESK),
    Route("facility", "POST", "encounters:receive", {"arrival_id": fresh}, DESK),
    Route("facility", "POST", "encounters:dismiss", {"arrival_id": fresh}, DESK),
    Route("facility", "GET", "encounters:poster", {}, DESK),
    Route("facility", "GET", "encounters:here", public=True),
    Route("facility", "POST", "encounters:here", public=True),
    Route("facility", "GET", "encounters:here_done", public=True),
    Route("facility", "POST", "encounters:found", {}, DESK | FINDERS),
    Route("facility", "GET", "encounters:today", {"patient_id": patient_id}, DESK | FINDERS),
    Route("facility", "GET", "encounters:find", {}, DESK),
    Route("facility", "POST", "encounters:find", {}, DESK),
    Route("facility", "GET", "encounters:revisit", {"patient_id": patient_id}, DESK),
    Route("facility", "POST", "encounters:revisit", {"patient_id": patient_id}, DESK),
    Route("facility", "GET", "encounters:slips", {}, DESK),
    Route("facility", "GET", "encounters:slip_print", {"number": number}, DESK | PAPERS),
    Route("facility", "POST", "encounters:cancel", {"encounter_id": visit_id}, DESK),
    Route("facility", "GET", "encounters:vitals_queue", {}, NURSING),
    Route("facility", "POST", "encounters:vitals_next", {}, NURSING),
    Route("facility", "GET", "encounters:vitals", {"number": number}, NURSING),
    Route("facility", "POST", "encounters:vitals", {"number": number}, NURSING),
    Route("facility", "POST", "encounters:skip_vitals", {"number": number}, NURSING),
    Route("facility", "POST", "encounters:token_skip", {"token_id": token_id}, CALLERS | MOVERS),
    Route("facility", "POST", "encounters:token_back", {"token_id": missed}, CALLERS | MOVERS),
    Route("facility", "GET", "encounters:rooms", {}, MOVERS),
    Route("facility", "GET", "encounters:line", {"room": "7"}, MOVERS),
    Route("facility", "GET", "encounters:share", {"room": "7"}, MOVERS),
    Route("facility", "POST", "encounters:share", {"room": "7"}, MOVERS),
    Route("facility", "POST", "encounters:token", {"token_id": missed}, CALLERS | MOVERS),
    Route("facility", "GET", "encounters:tv", {"code": "ABCDEFGH"}, public=True),
    Route("facility", "GET", "encounters:tv_now", {"code": "ABCDEFGH"}, public=True),
    Route("facility", "GET", "encounters:tvs", {}, SETTERS),
    Route("facility", "POST", "encounters:tvs", {}, SETTERS),
    Route("facility", "POST", "encounters:tv_change", {"device_id": fresh}, SETTERS),
    Route("facility", "GET", "encounters:chart", {"patient_id": patient_id}, RECORDS),
    Route("facility", "POST", "encounters:chart", {"patient_id": patient_id}, RECORDS),
    Route("facility", "GET", "encounters:chart_visits", {"patient_id": patient_id}, RECORDS),
    Route("facility", "PUT", "encounters:api_visit", {"encounter_id": fresh}, DESK),
    Route("facility", "GET", "encounters:api_queue", {"station": "doctor"}, CALLERS),
    Route("facility", "GET", "api_schema", logged_in=True),
]
