"""The nursing desk in a browser."""

import pytest
from django.db import connection

from apps.core.ids import uuid7
from apps.encounters.models import Observation, QueueToken
from apps.patients import queries as patients
from apps.terminology.models import Code
from tests.encounters import people


@pytest.fixture
def rita(cast):
    return cast.rita.client()


def shown(answer):
    return answer.content.decode()


def typed(**more):
    return {"observation_id": uuid7(), "SBP": "120", "DBP": "80", "TEMP": "९८.६", **more}


def test_it_works(cast, rita):
    made = people.visit(cast)
    answer = rita.post(f"/vitals/{made.number}/", typed(allergy="none", pregnant="yes"))
    assert answer["Location"] == "/vitals/"
    connection.set_tenant(cast.green)
    assert {row.code: str(row.value) for row in Observation.objects.all()} == {
        "SBP": "120.000", "DBP": "80.000", "TEMP": "37.000",
    }  # fmt: skip
    assert QueueToken.objects.get().station == "doctor"
    assert patients.allergies(made.patient_id)["status"] == "none"


def test_it_is_safe_to_send_twice(cast, rita):
    made, form = people.visit(cast), typed()
    for _ in range(2):
        assert rita.post(f"/vitals/{made.number}/", form).status_code == 302
    connection.set_tenant(cast.green)
    assert Observation.objects.count() == 3


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"SBP": "80", "DBP": "120"}, "ऊपर का बीपी"),
        ({"DBP": ""}, "दोनों अंक"),
        ({"TEMP": "986"}, "दोबारा नापें"),
        ({"TEMP": "NaN"}, "अंक लिखें"),
        ({"TEMP": "1e9"}, "दोबारा नापें"),
        ({"HR": "abc"}, "अंक लिखें"),
        ({"WT": "-4"}, "दोबारा नापें"),
        ({"SBP": "", "DBP": "", "TEMP": ""}, "कम से कम एक माप"),
    ],
)
def test_bad_numbers_are_told_and_nothing_is_written(cast, rita, wrong, words):
    made = people.visit(cast)
    answer = rita.post(f"/vitals/{made.number}/", typed(**wrong))
    assert answer.status_code == 422
    assert words in shown(answer)
    connection.set_tenant(cast.green)
    assert not Observation.objects.exists()


def test_a_known_allergy_is_chosen_from_the_list(cast, rita):
    Code.objects.create(
        system="allergy", code="T-PEN", name_en="Penicillin", name_hi="पेनिसिलिन",
        search_key="penicilin", provenance="test",
    )  # fmt: skip
    made = people.visit(cast)
    assert "पेनिसिलिन" in shown(rita.get(f"/vitals/{made.number}/"))
    form = typed(allergy="known", allergy_codes=["T-PEN", "NO-SUCH"])
    assert rita.post(f"/vitals/{made.number}/", form).status_code == 302
    connection.set_tenant(cast.green)
    assert [a["code"] for a in patients.allergies(made.patient_id)["items"]] == ["T-PEN"]


def test_the_alarm_button_puts_the_patient_first(cast, rita):
    made = people.visit(cast)
    rita.post(f"/vitals/{made.number}/", typed(SBP="170", DBP="112", alarm="1"))
    connection.set_tenant(cast.green)
    assert QueueToken.objects.get().priority_reason == "alarm"


def test_a_scan_opens_the_sheet_and_a_wrong_one_says_so(cast, rita):
    made = people.visit(cast)
    for told in (made.number, "1", f"http://green-phc.bhavya.localhost/s/{made.code}"):
        assert rita.get("/vitals/", {"q": told})["Location"] == f"/vitals/{made.number}/"
    answer = rita.get("/vitals/", {"q": "GRN-26-999999"})
    assert answer.status_code == 422
    assert "इस नंबर की पर्ची नहीं है" in shown(answer)
    assert rita.get("/vitals/GRN-26-999999/").status_code == 404


def test_skipping(cast, rita):
    made = people.visit(cast)
    assert rita.post(f"/vitals/{made.number}/skip", {}).status_code == 422
    assert rita.post(f"/vitals/{made.number}/skip", {"reason": "device"}).status_code == 302
    connection.set_tenant(cast.green)
    assert QueueToken.objects.get().station == "doctor"


def test_calling_next_opens_the_sheet(cast, rita):
    made = people.visit(cast)
    assert rita.post("/vitals/next")["Location"] == f"/vitals/{made.number}/"
    assert rita.post("/vitals/next")["Location"] == "/vitals/"


def test_a_poll_without_news_is_nearly_free(cast, rita):
    people.visit(cast)
    first = rita.get("/vitals/", headers={"HX-Request": "true"})
    assert "<html" not in shown(first)
    same = rita.get("/vitals/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    connection.set_tenant(cast.green)
    people.visit(cast)
    news = rita.get("/vitals/", headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert news.status_code == 200


def test_closing_a_visit_closes_the_sheet(cast, rita):
    made = people.visit(cast)
    people.actions.finish(made.pk, actor=cast.dr_rao.actor)
    assert rita.post(f"/vitals/{made.number}/", typed()).status_code == 409
