"""Patients' pages: no staff log-in; each asks in its own way who is there."""

from uuid import UUID

from tests.house.routes import Route

NOBODYS = {"facility_id": UUID(int=1), "document_id": UUID(int=2)}
SLIP = {"code": "ABCDEFGHJKMN"}
ROUTES = [
    Route("facility", "GET", "portal:slip", SLIP, public=True),
    Route("facility", "POST", "portal:slip", SLIP, public=True),
    Route("facility", "GET", "portal:place", SLIP, public=True),
    Route("facility", "GET", "portal:slip_pdf", SLIP, public=True),
    *(
        Route("state", method, f"portal:{name}", public=True)
        for method, name in (
            ("GET", "home"), ("GET", "enter"), ("POST", "enter"), ("GET", "code"), ("POST", "code"),
            ("POST", "leave"), ("GET", "seen"), ("GET", "help"),
        )
    ),
    Route("state", "GET", "portal:paper", NOBODYS, public=True),
    Route("state", "GET", "portal:paper_pdf", NOBODYS, public=True),
]  # fmt: skip
