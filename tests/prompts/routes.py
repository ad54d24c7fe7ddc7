"""Who sees the cards, the lists and the rules."""

from django.db import connection

from tests.encounters import people
from tests.encounters.routes import NURSING
from tests.house.routes import Route

DUE = {"ANM", "ASH", "BCM", "BHM", "CHO", "CNS", "DSO", "HM", "MO", "NUR", "VAC"}
COMMITTEE = {"SHQ", "SPO"}


def number(cast):
    connection.set_tenant(cast.green)
    return people.visit(cast).number


CARD = {"number": number, "card": "snakebite"}

ROUTES = [
    Route("facility", "POST", "prompts:look", {"number": number}, NURSING),
    Route("facility", "GET", "prompts:cards", {"number": number}, NURSING),
    Route("facility", "POST", "prompts:mark", CARD, NURSING),
    Route("facility", "GET", "prompts:curves", {"number": number}, NURSING),
    Route("facility", "GET", "prompts:overdue", {}, DUE),
    Route("state", "GET", "rules:list", {}, COMMITTEE),
    Route("state", "GET", "rules:rule", {"code": "snakebite"}, COMMITTEE),
    Route("state", "POST", "rules:rule", {"code": "snakebite"}, COMMITTEE),
]
