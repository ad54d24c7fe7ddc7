"""The gateway's callbacks prove themselves by a signature, not by a log-in."""

from tests.house.routes import Route

KIND = {"kind": "hip/patient/share"}
ROUTES = [
    Route("state", "POST", "gateway:callback", KIND, public=True),
    Route("state", "POST", "gateway:callback_short", KIND, public=True),
]
