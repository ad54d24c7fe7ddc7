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


PAPER = {"document_id": paper}
ROUTES = [
    *(
        Route("facility", method, f"documents:{name}", PAPER, allowed=PRINTS)
        for method, name in (
            ("GET", "document"), ("GET", "files"), ("POST", "ask"), ("GET", "print"),
            ("GET", "pdf"),
        )
    ),
    Route("facility", "GET", "documents:check", {"code": "ABCDEFGHJKMN"}, public=True),
]  # fmt: skip
