"""Who may open what of terminology."""

from tests.facilities.routes import CONFIG, ONBOARD, holders
from tests.house.routes import Route

ROUTES = [Route("state", "GET", "terminology:level", {}, allowed=holders(ONBOARD, CONFIG))]
