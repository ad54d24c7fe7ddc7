"""The gateway's callbacks prove themselves by a signature; the mail is seen by whoever keeps it."""

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
ROUTES = [
    Route("state", "POST", "gateway:callback", KIND, public=True),
    Route("state", "POST", "gateway:callback_short", KIND, public=True),
    *(
        route
        for host in ("facility", "state")
        for route in (
            Route(host, "GET", "gateway:messages", {}, READERS),
            Route(host, "GET", "gateway:message", ONE, READERS),
            Route(host, "POST", "gateway:retry", ONE, KEEPERS),
        )
    ),
]
