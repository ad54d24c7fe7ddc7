"""The gateway's callbacks prove themselves by a signature; the mail is seen by whoever keeps it."""

from apps.accounts.permissions import ROLES
from apps.core.actor import READS
from apps.core.permission import Permission
from apps.gateway.models import OutboundMessage
from apps.gateway.sealed import seal
from tests.house.routes import Route

KIND = {"kind": "hip/patient/share"}


def parked(cast, **fields):
    """A call of Green's that was given up."""
    told = {"facility_id": cast.green.pk, "path": "hip/v3/link/carecontext", "status": "parked",
            "purpose": "link.context", "attempts": 16, **fields}  # fmt: skip
    told["body"] = seal({"body": {}, "headers": {}}, told["facility_id"])
    return OutboundMessage.objects.create(**told)


ONE = {"way": "sent", "message_id": lambda cast: parked(cast).pk}
KEEPERS = {"MRD", "DPM", "DME", "SHQ", "SUP"}
READERS = KEEPERS | {"HM"}
EMPLOYERS = {
    role.value for role, rule in ROLES.items() if rule.grants.get(Permission.USER_CREATE) in READS
}
PERSON = {"user_id": lambda cast: cast.dr_rao.user.pk}
GREEN = {"facility_id": lambda cast: cast.green.pk}
ROUTES = [
    Route("facility", "GET", "gateway:link", {}, READERS),
    Route("facility", "POST", "gateway:link", {}, READERS),
    Route("state", "GET", "gateway:links", {}, READERS),
    Route("state", "POST", "gateway:bridge", {}, KEEPERS),
    Route("state", "GET", "gateway:link_of", GREEN, READERS),
    Route("state", "POST", "gateway:link_of", GREEN, READERS),
    Route("state", "POST", "gateway:callback", KIND, public=True),
    Route("state", "POST", "gateway:callback_short", KIND, public=True),
    *(
        route
        for host in ("facility", "state")
        for route in (
            Route(host, "GET", "gateway:messages", {}, READERS),
            Route(host, "GET", "gateway:message", ONE, READERS),
            Route(host, "POST", "gateway:retry", ONE, KEEPERS),
            Route(host, "GET", "gateway:care", {}, READERS | EMPLOYERS),
            Route(host, "GET", "gateway:registers", PERSON, READERS | EMPLOYERS),
            Route(host, "POST", "gateway:registers", PERSON, READERS | EMPLOYERS),
        )
    ),
]
