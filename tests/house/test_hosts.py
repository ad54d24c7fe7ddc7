"""Which host leads where."""

import pytest
from django.test import Client

from apps.core.errors import REFUSALS
from tests.cast import Cast


def test_an_unknown_host_is_told_so(db):
    answer = Client(headers={"host": "nowhere.bhavya.localhost"}).get("/")
    assert answer.status_code == 404


@pytest.mark.parametrize("status, code", [("retired", 410), ("provisioning", 503)])
def test_a_closed_facility_says_so(cast: Cast, status, code):
    cast.green.status = status
    cast.green.save()
    assert cast.dr_rao.client().get("/").status_code == code


def test_a_doctor_of_another_hospital_holds_no_right_here(cast: Cast):
    answer = cast.dr_khan.client("green-phc.bhavya.localhost").get("/")
    assert not answer.wsgi_request.actor.is_posted
    assert cast.dr_khan.client().get("/").wsgi_request.actor.is_posted


def test_the_tenant_costs_no_query(cast: Cast, django_assert_num_queries):
    client = cast.dr_rao.client()
    client.get("/")
    with django_assert_num_queries(3):  # search path, user, postings
        client.get("/")


def test_a_foreign_host_name_is_refused(db):
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400


@pytest.mark.parametrize(
    "host", ["green-phc.bhavya.localhost", "bhavya.localhost", "x.bhavya.localhost"]
)
def test_health_answers_on_every_host(db, host):
    answer = Client(headers={"host": host}).get("/healthz")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["database"] == "ok"
    assert set(answer.json()) == {
        "status", "database", "broker", "worker", "beat", "schema_version",
    }  # fmt: skip


def test_a_body_of_ten_megabytes_is_refused_in_words(cast: Cast):
    answer = cast.ravi.client().post("/language", {"language": "x" * 10 * 1024 * 1024})
    assert answer.status_code == 413
    assert str(REFUSALS["too_large"]) % {"limit_mb": 5} in answer.content.decode()
