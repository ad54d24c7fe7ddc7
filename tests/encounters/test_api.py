"""The API of the desk."""

import pytest
from django.db import connection
from django.test import Client

from apps.core.ids import uuid7
from apps.encounters.models import QueueToken
from tests.encounters import people

ASHA = {"name_hi": "आशा देवी", "sex": "female", "age": 34, "mobile": "9835022714"}
JSON = {"content_type": "application/json"}


def test_it_works_and_is_safe_to_send_twice(cast):
    ravi, patient, visit = cast.ravi.client(), uuid7(), uuid7()
    for _ in range(2):
        made = ravi.put(f"/api/patients/{patient}", ASHA, **JSON)
        assert (made.status_code, made.json()["mrn"]) == (200, "GRN-P-000001")
        told = {"patient_id": str(patient), "department": "MED"}
        token = ravi.put(f"/api/visits/{visit}", told, **JSON)
        assert (token.status_code, token.json()["token"]) == (200, "M-001")
    connection.set_tenant(cast.green)
    assert QueueToken.objects.count() == 1
    found = ravi.post("/api/patients/search", {"q": "asha"}, **JSON).json()
    assert [row["id"] for row in found] == [str(patient)]


def test_the_queue_names_no_patient(cast):
    people.at_the_doctor(cast)
    answer = cast.dr_rao.client().get("/api/queues/doctor?queue=MED")
    assert [row["token"] for row in answer.json()] == ["M-001"]
    assert "आशा" not in answer.content.decode()


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({**ASHA, "age": 420}, 409, "age.out_of_range_guess"),
        ({**ASHA, "mobile": "123"}, 409, "patient.mobile"),
        ({**ASHA, "age": "many"}, 422, "form.incomplete"),
        ({}, 422, "form.incomplete"),
        ("{broken", 400, "body.not_json"),
        ("[]", 422, "form.incomplete"),
    ],
)
def test_bad_bodies_get_a_problem(cast, body, status, code):
    answer = cast.ravi.client().put(f"/api/patients/{uuid7()}", body, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_strangers_and_other_roles_stay_outside(cast):
    address = f"/api/patients/{uuid7()}"
    stranger = Client(headers={"host": "green-phc.bhavya.localhost"})
    assert stranger.put(address, ASHA, **JSON).status_code == 401
    assert cast.meena.client().put(address, ASHA, **JSON).status_code == 403
    khan = cast.dr_khan.client("green-phc.bhavya.localhost")
    assert khan.put(address, ASHA, **JSON).status_code == 403


def test_the_schema_names_each_operation(cast):
    answer = cast.ravi.client().get("/api/schema", headers={"Accept": "application/json"})
    assert {"/api/patients/{patient_id}", "/api/patients/search", "/api/visits/{encounter_id}",
            "/api/queues/{station}"} <= set(answer.json()["paths"])  # fmt: skip
