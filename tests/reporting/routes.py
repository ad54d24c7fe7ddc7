"""Who may open and change which form, register and statement."""

from apps.accounts.permissions import ROLES
from apps.core.actor import READS, WRITES, Level
from tests.house.routes import Route


def holders(*permissions, levels=READS):
    return {
        role.value
        for role, rule in ROLES.items()
        if any(rule.grants.get(permission) in levels for permission in permissions)
    }


HMIS, IDSP = holders("report.hmis"), holders("report.idsp")
WRITERS = holders("report.hmis", levels=WRITES)
SUBMITTERS = holders("report.hmis", levels={Level.APPROVE})
PRINT, LEDGER = holders("register.print"), holders("dhis.ledger")
LEDGER_WRITERS = holders("dhis.ledger", levels=WRITES)
COUNTS, NAMES = holders("export.counts"), holders("export.identity")
MONTH = {"kind": "hmis", "first": "2026-10-01"}
WEEK = {"kind": "idsp", "first": "2026-11-02"}
REGISTER = {"kind": "opd", "ext": "csv"}
PAPER = "01900000-0000-7000-8000-000000000009"


def green(cast):
    return cast.green.pk


def of(period):
    return {**period, "facility_id": green}


ROUTES = [
    Route("facility", "GET", "reporting:home", allowed=HMIS | IDSP | PRINT),
    Route("facility", "GET", "reporting:registers", allowed=PRINT),
    Route("facility", "GET", "reporting:register", {"kind": "opd"}, PRINT),
    Route("facility", "GET", "reporting:register_table", REGISTER, PRINT & NAMES),
    Route("facility", "POST", "reporting:ask_paper", allowed=HMIS | IDSP | PRINT),
    Route("facility", "GET", "reporting:paper", {"paper_id": PAPER}, HMIS | IDSP | PRINT),
    Route("facility", "GET", "reporting:paper_file", {"paper_id": PAPER}, HMIS | IDSP | PRINT),
    Route("facility", "POST", "reporting:message", allowed=HMIS),
    Route("facility", "GET", "reporting:form", MONTH, HMIS),
    Route("facility", "GET", "reporting:form", WEEK, IDSP),
    Route("facility", "POST", "reporting:make", MONTH, WRITERS),
    Route("facility", "POST", "reporting:enter", MONTH, HMIS),
    Route("facility", "POST", "reporting:submit", MONTH, SUBMITTERS),
    Route("facility", "POST", "reporting:revise", MONTH, HMIS),
    Route("facility", "GET", "reporting:table", {**MONTH, "ext": "csv"}, HMIS & COUNTS),
    Route("facility", "GET", "reporting:trace", {**MONTH, "code": "14.2.1"}, HMIS),
    Route("facility", "GET", "reporting:dhis", allowed=LEDGER),
    Route("facility", "GET", "reporting:dhis_records", allowed=LEDGER),
    Route("facility", "GET", "reporting:dhis_records_table", {"ext": "csv"}, LEDGER & COUNTS),
    Route("state", "GET", "reporting:office_home", allowed=HMIS | IDSP),
    Route("state", "POST", "reporting:message", allowed=HMIS),
    Route("state", "GET", "reporting:office", MONTH, HMIS),
    Route("state", "GET", "reporting:office_table", {**MONTH, "ext": "csv"}, HMIS & COUNTS),
    Route("state", "GET", "reporting:form_of", of(MONTH), HMIS),
    Route("state", "GET", "reporting:form_of", of(WEEK), IDSP),
    Route("state", "POST", "reporting:make_of", of(MONTH), WRITERS),
    Route("state", "POST", "reporting:enter_of", of(MONTH), HMIS),
    Route("state", "POST", "reporting:submit_of", of(MONTH), SUBMITTERS),
    Route("state", "POST", "reporting:revise_of", of(MONTH), HMIS),
    Route("state", "GET", "reporting:table_of", {**of(MONTH), "ext": "csv"}, HMIS & COUNTS),
    Route("state", "GET", "reporting:dhis_office", allowed=LEDGER),
    Route("state", "GET", "reporting:dhis_table", {"ext": "csv"}, LEDGER & COUNTS),
    Route("state", "POST", "reporting:dhis_nha_file", allowed=LEDGER_WRITERS),
    Route("state", "GET", "reporting:dhis_of", {"facility_id": green}, LEDGER),
    Route("state", "GET", "reporting:dhis_records_of", {"facility_id": green}, LEDGER),
    Route(
        "state", "GET", "reporting:dhis_records_table_of", {"facility_id": green, "ext": "csv"},
        LEDGER & COUNTS,
    ),
    Route(
        "state", "POST", "reporting:dhis_change", {"facility_id": green, "what": "submit"},
        LEDGER_WRITERS,
    ),
]  # fmt: skip
