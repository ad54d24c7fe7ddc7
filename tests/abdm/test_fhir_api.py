"""The read-only FHIR API: who gets in, what is found, what is never told, what is noted."""

import json
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts import actions as accounts
from apps.accounts import authentication
from apps.accounts.api_keys import KeyScope
from apps.audit.models import AuditEvent
from apps.core.actor import Actor, Permission, Scope
from apps.core.ids import uuid7
from apps.encounters.models import Condition, Encounter
from apps.labs.models import DiagnosticReport
from apps.patients.models import Patient
from apps.workflows import actions as workflows
from tests.abdm import profiles
from tests.abdm.test_fhir import CORE, GUIDE, PACKAGES, references
from tests.labs.samples import collected, verified
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write

FHIR = "/fhir/R4/"
ALL = [scope.value for scope in KeyScope if scope not in (KeyScope.AGGREGATE, KeyScope.SENSITIVE)]
OPS = Actor.of_system("test", Permission.ROLE_ASSIGN)
KINDS = ("Encounter", "MedicationRequest", "DocumentReference")


def key(*scopes, facility=None, **where):
    told = {"scope": Scope.FACILITY, "facility_id": facility.pk} if facility else where
    day = timezone.localdate() + timedelta(days=1)
    _row, secret = accounts.create_api_key(
        id=uuid7(), programme="NHA", scopes=scopes or ALL, last_day=day, actor=OPS, **told
    )
    return secret


class Reader:
    """A program with a key, at one hospital's address."""

    def __init__(self, facility, secret):
        host = f"{facility.slug}.{settings.PARENT_DOMAIN}"
        self.client = Client(headers={"host": host, "Authorization": f"Bearer {secret}"})

    def get(self, path, status=200, **headers):
        answer = self.client.get(FHIR + path, headers=headers)
        assert answer.status_code == status, answer.content
        return answer

    def json(self, path, status=200, **headers):
        return json.loads(self.get(path, status, **headers).content)

    def search(self, kind, **form):
        answer = self.client.post(
            f"{FHIR}{kind}/_search",
            urlencode(form),
            content_type="application/x-www-form-urlencoded",
        )
        return answer.status_code, json.loads(answer.content)

    def rows(self, path):
        return [entry["resource"] for entry in self.json(path)["entry"]]


@pytest.fixture
def reader(cast):
    cache.clear()
    return Reader(cast.green, key(facility=cast.green))


@pytest.fixture
def visit(cast):
    """Asha's visit, with its signed paper."""
    found = write(cast, call(cast, asha_at_the_doctor(cast)))
    found.paper = workflows.finish_consultation(
        found.pk, id=uuid7(), pin=PIN, actor=cast.dr_rao.actor
    )
    return found


def made_sensitive(visit, icd="F32.1"):
    Condition.objects.create(encounter=visit, category="diagnosis", standard_code=icd,
                             display_en="told to nobody")  # fmt: skip


def test_it_works(reader, visit):
    asha = reader.json(f"Patient/{visit.patient_id}")
    assert asha["name"] == [{"text": "Asha Devi"}] and "telecom" not in asha
    for kind in KINDS:
        (found,) = reader.rows(f"{kind}?patient={visit.patient_id}")
        assert reader.json(f"{kind}/{found['id']}") == found
        assert found["subject"]["reference"] == f"Patient/{visit.patient_id}"
    bundle = reader.json(f"Bundle/{visit.paper.pk}")
    assert bundle["type"] == "document"
    (line,) = reader.rows(f"MedicationRequest?patient={visit.patient_id}")
    assert line["medicationCodeableConcept"]["text"] == "Paracetamol 500 mg"
    assert line["requester"]["display"] == "Dr Rao" and line["dosageInstruction"][0]["text"]


def test_a_report_comes_with_its_results(cast, reader):
    visit, samples = collected(cast, "HB")
    verified(cast, samples[0], HB="9.1")
    (found,) = reader.rows(f"DiagnosticReport?patient={visit.patient_id}")
    assert found["contained"][0]["valueQuantity"]["value"] == 9.1
    assert set(references(found["result"])) == {"#r1"}
    assert reader.json(f"DiagnosticReport/{found['id']}") == found


def test_what_it_can_is_told_without_a_key(cast):
    host = f"{cast.green.slug}.{settings.PARENT_DOMAIN}"
    answer = Client(headers={"host": host}).get(FHIR + "metadata")
    told = json.loads(answer.content)
    assert answer["Content-Type"] == "application/fhir+json"
    assert {one["type"] for one in told["rest"][0]["resource"]} >= {"Patient", *KINDS}


def test_everything_hangs_together(reader, visit):
    bundle = reader.json(f"Patient/{visit.patient_id}/$everything")
    kinds = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert kinds == ["Patient", "Encounter", "MedicationRequest", "DocumentReference"]
    here = {f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in bundle["entry"]}
    assert {one for one in references(bundle) if one[0] != "#"} <= here


def test_a_number_of_a_person_is_searched_by_form_alone(reader, visit):
    asha = Patient.objects.get(pk=visit.patient_id)
    system = next(i["system"] for i in reader.json(f"Patient/{asha.pk}")["identifier"])
    status, bundle = reader.search("Patient", identifier=f"{system}|{asha.mrn}")
    assert status == 200 and bundle["entry"][0]["resource"]["id"] == str(asha.pk)
    assert asha.mrn not in json.dumps(bundle["link"])
    told = reader.json(f"Patient?identifier={system}|{asha.mrn}", 400)
    assert told["resourceType"] == "OperationOutcome" and "_search" in json.dumps(told)
    for wrong in (f"{system}|PUR-P-999999", "https://elsewhere.example|1", f"{system}|%"):
        assert reader.search("Patient", identifier=wrong)[1]["entry"] == []
    assert reader.search("Patient", identifier=asha.mrn)[0] == 400


def test_an_abha_number_finds_only_a_verified_one(cast, reader, visit):
    number = "91000000001016"
    Patient.objects.filter(pk=visit.patient_id).update(abha_number=number,
                                                       search_key=f"asha #{number}")  # fmt: skip
    asked = {"identifier": "https://healthid.abdm.gov.in|91-0000-0000-1016"}
    assert reader.search("Patient", **asked)[1]["entry"] == []
    connection.set_tenant(cast.green)
    Patient.objects.filter(pk=visit.patient_id).update(person_id=uuid7())
    (found,) = reader.search("Patient", **asked)[1]["entry"]
    assert found["resource"]["id"] == str(visit.patient_id)


def test_pages_follow_each_other_without_gap_or_double(cast, reader, visit):
    many = [
        Encounter(patient_id=visit.patient_id, number=f"GRN-X-{n}", code=f"CODE{n}",
                  department="MED", started_at=timezone.now() - timedelta(days=n // 2))
        for n in range(7)
    ]  # fmt: skip
    Encounter.objects.bulk_create(many)
    seen, path, pages = [], f"Encounter?patient={visit.patient_id}&_count=3", 0
    while path:
        bundle = reader.json(path)
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        onward = urlsplit(links.get("next", ""))
        path, pages = f"Encounter?{onward.query}" if onward.query else "", pages + 1
    assert pages == 3 and len(seen) == len(set(seen)) == 8
    whole = reader.json(f"Patient/{visit.patient_id}/$everything?_count=3")
    assert any(link["relation"] == "next" for link in whole["link"])


def test_days_narrow_a_search(reader, visit):
    today = timezone.localdate()
    path = f"Encounter?patient={visit.patient_id}&date="
    assert len(reader.rows(f"{path}{today}")) == len(reader.rows(f"{path}ge{today}")) == 1
    assert reader.rows(f"{path}gt{today}") == reader.rows(f"{path}lt{today}") == []
    assert len(reader.rows(f"{path}ge{today}&date=le{today}")) == 1
    line = f"MedicationRequest?patient={visit.patient_id}&authoredon=lt{today}"
    assert reader.rows(line) == []


@pytest.mark.parametrize(
    "query",
    ["", "patient=1", "patient={id}&date=yesterday", "patient={id}&date=ne2026-01-01",
     "patient={id}&_count=0", "patient={id}&_count=x", "patient={id}&_cursor=abc",
     "patient={id}&code=F32", "patient={id}&_lastUpdated=ge2026-01-01", "patient={id}&_format=xml",
     "patient={id}&date=ge9999-12-31", "patient={id}&patient={id}"],
)  # fmt: skip
def test_it_refuses_what_it_does_not_understand(reader, query):
    told = reader.json(f"Encounter?{query.format(id=uuid7())}", 400)
    assert told["issue"][0]["code"] == "invalid" and told["issue"][0]["diagnostics"]


def test_what_is_not_there_is_told_in_fhirs_words(reader):
    for path in (f"Patient/{uuid7()}", f"Encounter/{uuid7()}", "Observation", "Patient/5",
                 f"Bundle/{uuid7()}", f"Patient/{uuid7()}/$everything"):  # fmt: skip
        told = reader.json(path, 404)
        assert told["issue"][0]["code"] == "not-found"
    assert reader.rows(f"Encounter?patient={uuid7()}") == []


def test_nothing_is_written(reader, visit):
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(reader.client, method)(f"{FHIR}Patient/{visit.patient_id}")
        assert answer.status_code == 405
        assert json.loads(answer.content)["resourceType"] == "OperationOutcome"
    assert reader.client.post(f"{FHIR}Patient", {}).status_code == 405
    xml = reader.get(f"Patient/{visit.patient_id}", 406, accept="application/fhir+xml")
    assert b"OperationOutcome" in xml.content
    body = reader.client.post(f"{FHIR}Patient/_search", "{}", content_type="application/json")
    assert body.status_code == 415


def test_what_is_known_already_is_not_sent_again(cast, reader, visit):
    path = f"Patient/{visit.patient_id}"
    tag = reader.get(path)["ETag"]
    assert reader.get(path, 304, **{"If-None-Match": tag}).content == b""
    connection.set_tenant(cast.green)
    Patient.objects.filter(pk=visit.patient_id).update(name_en="Asha Kumari")
    assert reader.get(path, **{"If-None-Match": tag})["ETag"] != tag


def test_a_document_that_was_taken_back_is_sent_again(cast, reader, visit):
    path = f"Bundle/{visit.paper.pk}"
    tag = reader.get(path)["ETag"]
    reader.get(path, 304, **{"If-None-Match": tag})
    connection.set_tenant(cast.green)
    visit.paper.status = "entered-in-error"
    visit.paper.save(update_fields=["status"])
    again = reader.json(path, **{"If-None-Match": tag})
    assert again["entry"][0]["resource"]["status"] == "entered-in-error"


def test_a_key_opens_its_own_hospital_alone(cast, visit):
    reader = Reader(cast.blue, key(facility=cast.green))
    told = reader.json(f"Patient/{visit.patient_id}", 403)
    assert told["issue"][0]["code"] == "forbidden"
    assert AuditEvent.objects.get(event="api_key.refused").detail["why"] == "place"
    wide = Reader(cast.blue, key(scope=Scope.STATE))
    assert wide.json(f"Patient/{visit.patient_id}", 404)
    assert Reader(cast.green, key(scope=Scope.STATE)).json(f"Patient/{visit.patient_id}")
    near = key(scope=Scope.DISTRICT, place_code=cast.green.district_code)
    assert Reader(cast.green, near).json(f"Patient/{visit.patient_id}")
    assert Reader(cast.blue, near).json(f"Patient/{visit.patient_id}", 403)


def test_a_key_reads_only_what_it_names(cast, visit):
    reader = Reader(cast.green, key("system/Encounter.rs", facility=cast.green))
    assert len(reader.rows(f"Encounter?patient={visit.patient_id}")) == 1
    asha = f"Patient/{visit.patient_id}"
    for path in (asha, f"MedicationRequest?patient={visit.patient_id}", f"{asha}/$everything",
                 f"Bundle/{visit.paper.pk}"):  # fmt: skip
        reader.json(path, 403)
    both = key("system/Encounter.rs", "system/Patient.rs", facility=cast.green)
    rows = Reader(cast.green, both).rows(f"Patient/{visit.patient_id}/$everything")
    assert [row["resourceType"] for row in rows] == ["Patient", "Encounter"]
    counts = Reader(cast.green, key("aggregate.read", facility=cast.green))
    assert counts.json(f"Encounter?patient={visit.patient_id}", 403)


def test_without_a_good_key_nobody_comes_in(cast, visit, reader):
    secret = key(facility=cast.green)
    for wrong in ("", "bhv_x_y", secret[:-1], f"bhv_{uuid7().hex}_{'0' * 48}"):
        answer = Reader(cast.green, wrong).get(f"Patient/{visit.patient_id}", 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert json.loads(answer.content)["issue"][0]["code"] == "login"
    staff = cast.dr_rao.client().get(f"{FHIR}Patient/{visit.patient_id}")
    assert staff.status_code == 401


def test_a_sensitive_visit_is_not_there(cast, reader, visit):
    made_sensitive(visit)
    whole = f"Patient/{visit.patient_id}/$everything"
    assert [row["resourceType"] for row in reader.rows(whole)] == ["Patient"]
    for kind in KINDS:
        assert reader.rows(f"{kind}?patient={visit.patient_id}") == []
    for path in (f"Encounter/{visit.pk}", f"Bundle/{visit.paper.pk}",
                 f"DocumentReference/{visit.paper.pk}"):  # fmt: skip
        reader.json(path, 404)
    wider = Reader(cast.green, key(*ALL, "sensitive.read", facility=cast.green))
    assert wider.json(f"Encounter/{visit.pk}")["diagnosis"]
    assert len(wider.rows(whole)) == 4


def test_an_hiv_test_is_not_there(cast, reader):
    visit, samples = collected(cast, "HB")
    report = verified(cast, samples[0], HB="9.1")[0]
    DiagnosticReport.objects.filter(pk=report.pk).update(
        results=[{**report.results[0], "code": "HIVR"}]
    )
    assert reader.rows(f"DiagnosticReport?patient={visit.patient_id}") == []
    reader.json(f"DiagnosticReport/{report.pk}", 404)
    wider = Reader(cast.green, key(*ALL, "sensitive.read", facility=cast.green))
    assert wider.json(f"DiagnosticReport/{report.pk}")


def test_every_reading_is_noted_with_the_key(cast, reader, visit):
    reader.json(f"Patient/{visit.patient_id}")
    reader.json(f"Encounter/{uuid7()}", 404)
    reader.rows(f"MedicationRequest?patient={visit.patient_id}")
    noted = list(AuditEvent.objects.filter(event="resource.read").order_by("at", "pk"))
    assert [(n.detail["resource"], n.detail["rows"]) for n in noted] == [
        ("Patient", 1), ("Encounter", 0), ("MedicationRequest", 1),
    ]  # fmt: skip
    used = reader.client.defaults["HTTP_AUTHORIZATION"].split("_")[1]
    assert all(n.detail["key"].replace("-", "") == used and n.system == "api" for n in noted)
    assert {n.facility_id for n in noted} == {cast.green.pk}
    assert [n.patient_id for n in noted] == [visit.patient_id, None, visit.patient_id]


def test_a_key_is_slowed_down_and_so_is_who_guesses(cast, reader, visit, monkeypatch):
    monkeypatch.setattr(authentication, "READS_A_MINUTE", 2)
    for status in (200, 200, 429):
        answer = reader.get(f"Patient/{visit.patient_id}", status)
    assert answer["Retry-After"] and json.loads(answer.content)["issue"][0]["code"] == "throttled"
    monkeypatch.setattr(authentication, "WRONG_KEYS", 1)
    guesser = Reader(cast.green, "bhv_x_y")
    guesser.get(f"Patient/{visit.patient_id}", 401)
    guesser.get(f"Patient/{visit.patient_id}", 429)


@pytest.mark.parametrize(
    ("path", "most"),
    [("Patient/{patient}", 1), ("Encounter?patient={patient}", 4),
     ("MedicationRequest?patient={patient}", 3), ("DiagnosticReport?patient={patient}", 3),
     ("DocumentReference?patient={patient}", 2), ("Bundle/{paper}", 5),
     ("Patient/{patient}/$everything", 10)],
)  # fmt: skip
def test_the_number_of_queries_is_as_said(reader, visit, path, most, django_assert_max_num_queries):
    """Beside them three of the key and the trail, and what every request costs."""
    url = path.format(patient=visit.patient_id, paper=visit.paper.pk)
    reader.get("metadata")
    with django_assert_max_num_queries(most + 3 + 2):
        reader.get(url)


def test_resources_keep_to_the_profiles_they_name(cast, reader, visit, tmp_path):
    if not (PACKAGES / GUIDE).exists():
        pytest.skip("not run: no FHIR packages here (FHIR_PACKAGES)")
    validator = profiles.checker(PACKAGES / CORE, PACKAGES / GUIDE, tmp_path)
    rows = reader.rows(f"Patient/{visit.patient_id}/$everything")
    named = [row for row in rows if row["meta"].get("profile")]
    assert {row["resourceType"]: profiles.errors(validator, row) for row in named} == {
        "Patient": [], "Encounter": [], "MedicationRequest": [],
    }  # fmt: skip


def test_openapi_tells_of_it(cast):
    answer = cast.dr_rao.client().get("/api/schema")
    text = answer.content.decode()
    assert "/fhir/R4/Patient/{id}/$everything" in text and "apiKey" in text
