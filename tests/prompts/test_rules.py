"""Rules are data: the State's committee changes them, and old versions stay."""

import json
from decimal import Decimal

import pytest
from django.db import connection

from apps.accounts.permissions import Role
from apps.core.ids import uuid7
from apps.encounters import actions as encounters
from apps.encounters.asked import Asked
from apps.encounters.models import QueueToken
from apps.terminology.models import Definition
from apps.workflows.prompts import queries, rule_forms
from tests.encounters import people


@pytest.fixture
def committee(cast):
    return cast.member("committee", Role.SPO, None)


def form(code, **changes):
    """The form as the page shows it, with some fields typed anew."""
    shown = rule_forms.filled(queries.rules_now()[code], id=uuid7())
    told = {**shown, **changes}
    if told.pop("active"):
        told["active"] = "1"
    return told


def bitten(cast):
    made = people.visit(cast)
    encounters.record_vitals(
        made.pk, id=uuid7(), values={"HR": Decimal(96)}, asked=Asked(flags=("SNAKEBITE",)),
        actor=cast.rita.actor,
    )  # fmt: skip
    return made


def cards(cast, made):
    words = cast.rita.client().get(f"/prompts/{made.number}/cards").content.decode()
    connection.set_tenant(cast.green)
    return words


def test_a_change_is_seen_by_the_next_request(cast, committee):
    made, rita = bitten(cast), cast.rita
    assert rita
    assert "सर्पदंश" in cards(cast, made)
    state = committee.client()
    assert (
        state.post("/rules/snakebite/", form("snakebite", title_hi="साँप ने काटा")).status_code == 302
    )
    assert "साँप ने काटा" in cards(cast, made)
    assert state.post("/rules/snakebite/", form("snakebite", active=False)).status_code == 302
    assert "साँप ने काटा" not in cards(cast, made)
    versions = Definition.objects.filter(kind="rule", code="snakebite").order_by("version")
    assert [(v.version, v.active) for v in versions] == [(1, True), (2, False)]
    assert [v.body["title"]["hi"] for v in versions] == ["साँप ने काटा"] * 2
    assert state.post("/rules/snakebite/", form("snakebite", active=True)).status_code == 302
    assert "साँप ने काटा" in cards(cast, made)


def test_the_alarm_is_a_rule_too(cast, committee):
    rest = json.dumps({"raise_at": 9, "single": 3, "critical": [], "flags": []})
    assert (
        committee.client()
        .post("/rules/early-warning/", form("early-warning", rest=rest))
        .status_code
        == 302
    )
    connection.set_tenant(cast.green)
    made = people.visit(cast)
    encounters.record_vitals(
        made.pk, id=uuid7(), values={"SPO2": Decimal(90), "HR": Decimal(132)},
        actor=cast.rita.actor,
    )  # fmt: skip
    assert QueueToken.objects.get().priority_reason == ""  # 6 points, the bound is 9 now


def test_the_pages_show_what_counts(committee):
    state = committee.client()
    assert "snakebite" in state.get("/rules/").content.decode()
    state.post("/rules/snakebite/", form("snakebite", source="समिति, बैठक 12"))
    words = state.get("/rules/snakebite/").content.decode()
    assert "समिति, बैठक 12" in words
    assert state.get("/rules/no-such/").status_code == 404


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"rest": "{"}, "ठीक JSON नहीं"),
        ({"rest": "[]"}, "ठीक JSON नहीं"),
        ({"rest": json.dumps({"when": []})}, "शर्तें पढ़ी नहीं"),
        ({"rest": json.dumps({"when": [{"complane": ["FEVER"]}]})}, "शर्तें पढ़ी नहीं"),
        ({"rest": json.dumps({"when": [{"vital": {"SBP": 140}}]})}, "शर्तें पढ़ी नहीं"),
        ({"rest": json.dumps({"when": [{"sex": "male"}], "ask": [{"kind": "x"}]})}, "सवाल, समय"),
        ({"rest": json.dumps({"when": [{"sex": "male"}], "timer": {"minutes": 1}})}, "सवाल, समय"),
        ({"title_en": ""}, "दोनों में लिखें"),
        ({"do_en": "one line only"}, "पंक्तियाँ गिनें"),
        ({"source": " "}, "कहाँ से आया"),
        ({"after": "7"}, "बदल"),
        ({"id": "x"}, "बदल"),
    ],
)
def test_it_refuses_what_no_screen_could_read(committee, wrong, words):
    answer = committee.client().post("/rules/snakebite/", form("snakebite", **wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Definition.objects.exists()


def test_it_is_safe_to_send_twice(committee):
    state, same = committee.client(), form("snakebite", title_hi="साँप ने काटा")
    for _ in range(2):
        assert state.post("/rules/snakebite/", same).status_code == 302
    assert Definition.objects.count() == 1


def test_a_hospital_may_not(cast):
    assert cast.dr_rao.client("bhavya.localhost").get("/rules/").status_code == 403
    assert cast.dr_rao.client().get("/rules/").status_code == 404
