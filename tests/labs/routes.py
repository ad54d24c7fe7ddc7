"""Who may open what of the laboratory and the imaging room."""

from django.db import connection

from apps.accounts.permissions import ROLES
from apps.core.actor import READS
from apps.core.ids import uuid7
from apps.core.permission import Permission
from apps.facilities import actions as facilities
from apps.labs import actions, queries
from tests.house.routes import Route
from tests.labs.samples import collected, ordered, pathologist, verified


def holders(*permissions):
    return {role.value for role, rule in ROLES.items()
            if any(rule.grants.get(p) in READS for p in permissions)}  # fmt: skip


def in_green(make):
    def value(cast):
        connection.set_tenant(cast.green)
        return make(cast)

    return value


def message(cast):
    pk, _ = actions.keep("ERBA", body="nothing", id=uuid7(), reason="half")
    return pk


def machine(cast):
    return facilities.add_analyser(
        id=uuid7(),
        name=f"ERBA {uuid7().hex[-8:]}",
        protocol="astm",
        allow=[],
        actor=pathologist(cast).actor,
    ).id


def report(cast):
    _, (sample,) = collected(cast, "CBC")
    return verified(cast, sample, HB="4.0")[0].pk


def study(cast):
    return queries.of_encounter(ordered(cast, "CXR").pk).get().pk


number = in_green(lambda cast: ordered(cast, "CBC").number)
order = in_green(lambda cast: queries.of_encounter(ordered(cast, "CBC").pk).get().pk)
accession = in_green(lambda cast: collected(cast, "CBC")[1][0].accession)
patient = in_green(lambda cast: ordered(cast, "CBC", at_lab=False).patient_id)

P = Permission
COLLECT, ENTER, VERIFY = (holders(p) for p in (P.LAB_COLLECT, P.LAB_ENTER, P.LAB_VERIFY))
BENCH, DOCTORS = ENTER | VERIFY, holders(P.CONSULT_SIGN)
IMAGING = holders(P.IMAGING_DO, P.IMAGING_REPORT)

ROUTES = [
    Route("facility", "GET", "labs:collect_list", {}, COLLECT),
    Route("facility", "GET", "labs:collect", {"number": number}, COLLECT),
    Route("facility", "POST", "labs:collect", {"number": number}, COLLECT),
    Route("facility", "GET", "labs:labels", {}, COLLECT),
    Route("facility", "POST", "labs:cancel", {"request_id": order},
          COLLECT | holders(P.ORDER_TEST)),
    Route("facility", "POST", "labs:reject", {"accession": accession}, COLLECT | ENTER),
    Route("facility", "GET", "labs:worklist", {}, BENCH),
    Route("facility", "GET", "labs:result", {"accession": accession}, BENCH),
    # ANM and blood centre enter only what they ordered themselves
    Route("facility", "POST", "labs:result", {"accession": accession}, ENTER - {"ANM", "BLD"}),
    Route("facility", "POST", "labs:told", {"accession": accession}, ENTER),
    Route("facility", "GET", "labs:verify_list", {}, VERIFY),
    Route("facility", "GET", "labs:verify", {"accession": accession}, VERIFY),
    Route("facility", "POST", "labs:verify", {"accession": accession}, VERIFY),
    Route("facility", "POST", "labs:give_back", {"accession": accession}, VERIFY),
    Route("facility", "GET", "labs:amend", {"accession": accession}, VERIFY),
    Route("facility", "POST", "labs:amend", {"accession": accession}, VERIFY),
    Route("facility", "GET", "labs:turnaround", {}, BENCH | holders(P.DASH_FACILITY)),
    Route("facility", "GET", "labs:critical", {}, BENCH),
    Route("facility", "GET", "labs:outside", {}, BENCH),
    Route("facility", "POST", "labs:outside", {}, BENCH),
    Route("facility", "POST", "labs:outside_paper", {}, VERIFY),
    Route("facility", "GET", "labs:outside_list", {}, ENTER),
    Route("facility", "POST", "labs:bring_back", {}, COLLECT),
    Route("facility", "GET", "labs:machines", {}, BENCH),
    Route("facility", "POST", "labs:machines", {}, BENCH),
    Route("facility", "POST", "labs:remove_machine", {"analyser_id": in_green(machine)}, VERIFY),
    Route("facility", "POST", "labs:message", {"message_id": in_green(message)}, ENTER),
    Route("facility", "GET", "labs:tests", {}, BENCH),
    Route("facility", "GET", "labs:test", {"code": "HB"}, BENCH),
    Route("facility", "POST", "labs:test", {"code": "HB"}, BENCH),
    Route("facility", "GET", "labs:imaging", {}, IMAGING),
    Route("facility", "GET", "labs:study", {"request_id": in_green(study)}, IMAGING),
    Route("facility", "POST", "labs:study", {"request_id": in_green(study)}, IMAGING),
    Route("facility", "GET", "labs:at_desk", {"number": number}, ENTER),
    Route("facility", "POST", "labs:at_desk", {"number": number}, ENTER),
    Route("facility", "GET", "labs:patient_panel", {"patient_id": patient},
          holders(P.HISTORY_VIEW)),
    Route("facility", "GET", "labs:alerts", {}, DOCTORS),
    Route("facility", "GET", "labs:inbox", {}, DOCTORS),
    Route("facility", "POST", "labs:acknowledge", {"report_id": in_green(report)}, DOCTORS),
    Route("facility", "POST", "labs:send_on", {"number": number}, DOCTORS),
]  # fmt: skip
