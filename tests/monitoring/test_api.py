"""Counts by key: the key's place and below, nothing that tells few people, OpenAPI to read."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.actor import Scope
from apps.core.ids import uuid7
from apps.monitoring.models import FacilityDay, Watermark
from tests.monitoring.counted import settle_days

COUNTS = ["aggregate.read"]


def key(cast, *, scope=Scope.STATE, scopes=COUNTS, **place):
    _row, secret = accounts.create_api_key(
        id=uuid7(), programme="State dashboard", scopes=scopes, scope=scope,
        last_day=timezone.localdate() + timedelta(days=30),
        actor=cast.member("shq", Role.SHQ, None).actor, **place,
    )  # fmt: skip
    return secret


def get(secret, path="/api/v1/aggregates", **query):
    client = Client(headers={"host": "bhavya.localhost", "Authorization": f"Bearer {secret}"})
    answer = client.get(path, query)
    return answer.status_code, json.loads(answer.content or b"{}")


@pytest.fixture
def counted(districts, cast):
    now = timezone.now()
    Watermark.objects.update_or_create(name="audit", defaults={"data_to": now, "ran_at": now})
    for facility, n in ((cast.green, 40), (cast.blue, 3)):
        FacilityDay.objects.create(
            facility_id=facility.pk, day=timezone.localdate(), event="encounter.started", n=n
        )
    settle_days()
    return cast


def test_it_works(counted):
    status, told = get(key(counted))
    assert status == 200
    assert (told["place"]["kind"], told["figures"]["registered"]) == ("state", 43)
    assert told["data_to"] and told["late"] is False and told["hospitals"] == 2
    assert len(told["below"]) == 2 and len(told["days"]) == 1


def test_few_people_are_not_told(counted):
    _status, told = get(key(counted), "/api/v1/aggregates/district/212")
    assert told["figures"]["registered"] is None
    assert set(told["figures"]["hidden"]) == {"registered", "abha_pct", "scan_pct"}


def test_a_key_reads_its_own_place_alone(counted):
    secret = key(counted, scope=Scope.DISTRICT, place_code="203")
    assert get(secret)[1]["place"]["code"] == "203"
    assert get(secret, f"/api/v1/aggregates/hospital/{counted.green.pk}")[0] == 200
    for path in ("state/x", "district/212", f"hospital/{counted.blue.pk}", "ward/1"):
        assert get(secret, f"/api/v1/aggregates/{path}")[0] == 404


def test_it_refuses_other_scopes_bad_periods_and_no_key(counted):
    assert get(key(counted, scopes=["system/Patient.rs"]))[0] == 403
    assert get("bhv_0_0")[0] == 401
    status, told = get(key(counted), **{"from": "2026-11-05", "to": "2026-11-01"})
    assert (status, told["code"]) == (409, "period.order") and told["detail"]
    assert AuditEvent.objects.filter(event__startswith="api_key.").exists()


def test_openapi_says_what_there_is(db):
    answer = Client().get(
        "/api/v1/aggregates/openapi?format=json", headers={"host": "bhavya.localhost"}
    )
    schema = answer.content.decode()
    assert answer.status_code == 200
    assert "/api/v1/aggregates" in schema and "wait_p90_min" in schema and "/visits" not in schema
