"""Who may open what of notices: anybody, and only in the demo."""

from tests.house.routes import Route

ROUTES = [Route("state", "GET", "notices:messages", public=True)]
