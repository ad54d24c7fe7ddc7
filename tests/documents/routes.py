"""Who may open what of documents."""

from apps.accounts.permissions import ROLES
from apps.core.permission import Permission
from apps.core.tenancy import facility_context
from tests.documents.conftest import issue, visit_of
from tests.house.routes import Route

PRINTS = {r.value for r, rule in ROLES.items() if Permission.DOC_PRINT in rule.grants}


def paper(cast):
    """A paper of today's visit at Green PHC."""
    with facility_context(cast.green.pk):
        return issue(visit_of(cast.ravi.actor), cast.dr_rao.actor).pk


def visit(cast):
    """A visit of today at Green PHC."""
    with facility_context(cast.green.pk):
        return visit_of(cast.ravi.actor).id


def holders(permission, levels="WAO"):
    """Roles that hold a capability at one of these levels."""
    return {r.value for r, rule in ROLES.items() if rule.grants.get(permission, "-") in levels}


UPLOADS = holders(Permission.DOC_UPLOAD)
PAPER = {"document_id": paper}
ROUTES = [
    *(
        Route("facility", method, f"documents:{name}", PAPER, allowed=PRINTS)
        for method, name in (
            ("GET", "document"), ("GET", "files"), ("POST", "ask"), ("GET", "print"),
            ("GET", "pdf"),
        )
    ),
    Route("facility", "POST", "documents:withdraw", PAPER, allowed=PRINTS),
    *(
        Route("facility", method, "documents:add_scan", {"encounter_id": visit}, allowed=UPLOADS)
        for method in ("GET", "POST")
    ),
    *(
        Route(host, method, name, allowed=holders(right))
        for host, right in (
            ("facility", Permission.FACILITY_CONFIG), ("state", Permission.MASTER_EDIT),
        )
        for method, name in (
            ("GET", "documents:wording"), ("POST", "documents:wording"),
            ("POST", "documents:wording_preview"),
        )
    ),
    Route("facility", "GET", "documents:check", {"code": "ABCDEFGHJKMN"}, public=True),
]  # fmt: skip
