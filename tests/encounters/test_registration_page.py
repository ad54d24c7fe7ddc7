"""The window in a browser, without a script."""

import pytest
from django.db import connection
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.encounters.models import Encounter, QueueToken
from apps.patients.models import Patient
from tests.encounters import people


def typed(**more):
    told = {
        "patient_id": uuid7(), "visit_id": uuid7(), "mobile": "98350 22714",
        "name_hi": "मनोज कुमार साह", "age": "४२", "age_unit": "years", "sex": "male",
        "guardian_relation": "father", "guardian_name": "रामचंद्र साह", "village": "मझेली",
        "department": "MED",
    }  # fmt: skip
    return {**told, **more}


@pytest.fixture
def ravi(cast):
    return cast.ravi.client()


def shown(answer):
    return answer.content.decode()


def test_it_works(cast, ravi):
    answer = ravi.post("/reg/", typed(), follow=True)
    assert "M-001" in shown(answer)
    assert "मनोज कुमार साह" in shown(answer)
    connection.set_tenant(cast.green)
    made = Encounter.objects.select_related("patient").get()
    assert made.patient.name_en == "Manoj Kumar Sah"
    assert f"/reg/slip/{made.number}/print?paper=80" in shown(answer)


def test_it_is_safe_to_send_twice(cast, ravi):
    form = typed()
    first, second = ravi.post("/reg/", form), ravi.post("/reg/", form)
    assert first["Location"] == second["Location"]
    connection.set_tenant(cast.green)
    assert (Patient.objects.count(), QueueToken.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"age": "420"}, "क्या 42 लिखना था?"),
        ({"age": "-5"}, "उम्र अंक में लिखें"),
        ({"age": "abc"}, "उम्र अंक में लिखें"),
        ({"age": ""}, "उम्र लिखें"),
        ({"age": "1e3"}, "उम्र अंक में लिखें"),
        ({"mobile": "98350227"}, "मोबाइल में 10 अंक होते हैं, 8 लिखे हैं"),
        ({"name_hi": ""}, "नाम लिखें, हिन्दी या अंग्रेज़ी में"),
        ({"name_hi": "x" * 81}, "80"),
        ({"sex": ""}, "लिंग चुनें"),
        ({"sex": "robot"}, "लिंग चुनें"),
        ({"department": ""}, "विभाग चुनें"),
        ({"visit_id": "nonsense"}, ""),
    ],
)
def test_bad_input_is_told_in_place_and_nothing_is_written(cast, ravi, wrong, words):
    answer = ravi.post("/reg/", typed(**wrong))
    assert answer.status_code == 422
    assert words in shown(answer)
    assert 'value="रामचंद्र साह"' in shown(answer)
    connection.set_tenant(cast.green)
    assert not Patient.objects.exists()


def test_the_mend_button_offers_the_likely_age(ravi):
    page = shown(ravi.post("/reg/", typed(age="420")))
    assert 'data-fill="id_age" data-value="42"' in page


def test_the_first_error_gets_the_cursor(ravi):
    page = shown(ravi.post("/reg/", typed(age="420", sex="", department="")))
    assert page.count("autofocus") == 1
    assert page.index('id="id_age"') < page.index("autofocus") < page.index('name="sex"')


def test_no_mobile_is_one_tap(cast, ravi):
    ravi.post("/reg/", typed(mobile="", no_mobile="1"))
    connection.set_tenant(cast.green)
    assert Patient.objects.get().mobile == ""


def test_an_unknown_department_is_refused_not_broken(cast, ravi):
    assert ravi.post("/reg/", typed(department="XXX")).status_code in (409, 422)
    connection.set_tenant(cast.green)
    assert not Patient.objects.exists()


def test_a_proposed_name_stays_marked_as_ours(cast, ravi):
    ravi.post("/reg/", typed(name_en="Manoj Kumar Sah", auto="name_en"))
    connection.set_tenant(cast.green)
    assert Patient.objects.get().name_auto == "en"


def test_a_mobile_finds_the_family(cast, ravi):
    people.asha(cast)
    page = shown(ravi.post("/reg/match/", {"mobile": "9835022714"}))
    assert "आशा देवी" in page
    assert "9835022714" not in page
    assert "आशा" not in shown(ravi.post("/reg/match/", {"mobile": "98350"}))
    alike = {"name_en": "Aasha devi", "age": "35", "age_unit": "years", "sex": "female"}
    assert "आशा देवी" in shown(ravi.post("/reg/match/", alike))


def test_the_other_name_never_overwrites_what_was_typed(ravi):
    made = ravi.post("/reg/other-name/?name_hi", {"name_hi": "आशा देवी"})
    assert 'value="Asha Devi"' in shown(made)
    kept = ravi.post("/reg/other-name/?name_hi", {"name_hi": "आशा", "name_en": "Aasha"})
    assert kept.status_code == 204


def test_an_old_slip_leads_to_the_patient_and_one_key_more_to_a_token(cast, ravi):
    made = people.visit(cast)
    found = ravi.post("/reg/find", {"q": made.number})
    assert found["Location"] == f"/reg/again/{made.patient_id}/"
    form = {"visit_id": uuid7(), "department": "GYN", "priority": ["pregnant", "emergency"]}
    assert "slip=" in ravi.post(found["Location"], form)["Location"]
    connection.set_tenant(cast.green)
    assert QueueToken.objects.get(queue="GYN").priority_reason == "emergency"
    again = ravi.post(found["Location"], {"visit_id": uuid7(), "department": "MED"})
    assert again.status_code == 422
    assert "M-001" in shown(again)


def test_finding_nothing_says_what_to_do(ravi):
    answer = ravi.post("/reg/find", {"q": "<script>"})
    assert answer.status_code == 422
    assert "नया पंजीकरण करें" in shown(answer)
    assert "<script>" not in shown(answer).split("<main")[1]


def test_a_helper_sees_no_list_of_strangers(cast):
    people.asha(cast)
    helper = cast.member("helper", "HLP", cast.green).client()
    assert "आशा" not in shown(helper.post("/reg/find", {"q": "asha"}))
    assert "आशा" in shown(helper.post("/reg/find", {"q": "9835022714"}))
    assert "आशा" not in shown(helper.post("/patients/", {"q": "asha"}))


@pytest.mark.parametrize("paper", ["80", "a5"])
def test_the_slip_prints_and_each_print_is_noted(cast, ravi, paper):
    made = people.visit(cast, age=70)
    page = shown(ravi.get(f"/reg/slip/{made.number}/print?paper={paper}"))
    for words in ("M-001", made.number, "कमरा 7", "आशा देवी", "70 वर्ष", "पहले देखें", "<svg"):
        assert words in page
    assert AuditEvent.objects.get(event="slip.printed").detail == {"paper": paper}


@pytest.mark.parametrize("address", ["/reg/slip/BLU-26-000001/print", "/reg/slip/x/print"])
def test_a_slip_of_another_house_is_not_there(ravi, address):
    assert ravi.get(address).status_code == 404


def test_paper_that_nobody_makes(cast, ravi):
    made = people.visit(cast)
    assert ravi.get(f"/reg/slip/{made.number}/print?paper=a0").status_code == 404


def test_the_lists_of_the_day(cast, ravi):
    made = people.visit(cast)
    assert made.number in shown(ravi.get("/reg/slips"))
    assert made.number not in shown(ravi.get("/reg/slips?q=sunita"))
    fragment = ravi.get("/reg/slips?q=asha", headers={"HX-Request": "true"})
    assert made.number in shown(fragment)
    assert "<html" not in shown(fragment)


def test_english_and_hindi_say_the_same_day(cast, ravi):
    people.visit(cast)
    ravi.cookies["lang"] = "en"
    page = shown(ravi.get("/reg/"))
    assert "Asha Devi" in page
    assert f"{timezone.localdate():%B}" in page


def test_a_body_of_five_megabytes_is_refused(ravi):
    answer = ravi.post("/reg/", typed(village="x" * 6_000_000))
    assert answer.status_code in (400, 413, 422)


def test_the_page_costs_few_queries(cast, ravi, django_assert_max_num_queries):
    people.visit(cast)
    ravi.get("/reg/")
    with django_assert_max_num_queries(10):
        ravi.get("/reg/")
