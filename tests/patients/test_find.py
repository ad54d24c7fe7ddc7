"""Finding a person among many by whatever the person can tell."""

import pytest
from django.db import connection

from apps.audit.models import AuditEvent
from apps.core.aadhaar import holds_aadhaar, is_verhoeff
from apps.core.ids import uuid7
from apps.patients import actions, finding, queries
from apps.patients.models import Patient
from tests.encounters import people


def aadhaar(start="23456789012"):
    """Somebody's number that nobody has: the twelfth digit is computed."""
    return next(f"{start}{n}" for n in range(10) if is_verhoeff(f"{start}{n}"))


def text(answer):
    return answer.content.decode()


@pytest.fixture
def town(cast):
    """Asha and some who are called nearly so."""
    told = [("आशा देवी", "female"), ("आशीष कुमार", "male"), ("उषा देवी", "female"),
            ("शबनम ख़ातून", "female"), ("रामचंद्र साह", "male")]  # fmt: skip
    return [
        people.asha(cast, name_hi=name, sex=sex, mobile=f"983502271{n}", village="मझेली")
        for n, (name, sex) in enumerate(told)
    ]


@pytest.mark.parametrize(
    "asked, place",
    [
        ("asha devi", 0), ("आशा", 0), ("Shabnm Khatun", 3), ("shabanm", 3), ("khatoon", 3),
        ("ramchandra", 4), ("Ram Chandra Sah", 4), ("ramcandar sah", 4), ("sah", 4),
        ("asha majheli", 0),
    ],
)  # fmt: skip
def test_it_works(town, django_assert_max_num_queries, asked, place):
    with django_assert_max_num_queries(3):
        found = queries.search(asked)
    assert found[0]["id"] == town[place].pk


def test_a_number_takes_one_query(town, django_assert_num_queries):
    for asked in ("9835022713", "983502", "+91 98350 22713", town[3].mrn):
        with django_assert_num_queries(1):
            assert town[3].pk in {row["id"] for row in queries.search(asked)}


def test_abha_is_found_by_number_and_address(cast):
    known = actions.Known(abha_number="91-0000-0000-0007", abha_address="Demo.Asha@sbx")
    asha = people.asha(cast, known=known)
    for asked in ("91000000000007", "91-0000-0000-0007", "demo.asha@sbx", "DEMO.asha@"):
        assert [row["id"] for row in queries.search(asked)] == [asha.pk]
    assert queries.search("91000000000008") == []


def test_a_replaced_record_is_not_found(town):
    Patient.objects.filter(pk=town[0].pk).update(replaced_by=town[2])
    assert town[0].pk not in {row["id"] for row in queries.search("asha devi")}


@pytest.mark.parametrize(
    "asked", ["GRN-26-000001", "m048", "M-48", "48", "https://x/s/ABCDEFGHJKMN"]
)
def test_a_slip_or_a_token_is_sent_on(cast, asked):
    answer = cast.ravi.client().post("/patients/search", {"q": asked})
    assert (answer.status_code, answer["Location"]) == (307, "/patients/found")
    assert asked not in answer["Location"]


def test_the_box_on_every_page_finds_and_leaves_only_a_count(cast):
    people.asha(cast)
    client = cast.dr_rao.client()
    page = text(client.post("/patients/search", {"q": "asha"}))
    assert "आशा देवी" in page
    assert "9835022714" not in page  # a doctor sees it masked
    event = AuditEvent.objects.get(event="patient.searched")
    assert event.detail == {"kind": "name", "found": 1}
    assert 'action="/patients/search"' in page
    assert client.post("/patients/search", {"q": "zzyzx"}).status_code == 422


def test_each_role_lands_where_it_works(cast):
    made = people.visit(cast)
    address = f"https://green-phc.example/s/{made.code}"
    places = [
        (cast.ravi, f"/reg/again/{made.patient_id}/"),
        (cast.rita, f"/vitals/{made.number}/"),
        (cast.dr_rao, f"/opd/{made.number}/"),
    ]
    for member, place in places:
        for asked in (made.number, address, "M-001"):
            assert member.client().post("/patients/found", {"q": asked})["Location"] == place
        today = member.client().get(f"/patients/{made.patient_id}/today")
        assert today["Location"] == place
    pharmacist = cast.meena.client().post("/patients/found", {"q": address})
    assert "आशा देवी" in text(pharmacist)


def test_a_helper_finds_only_whom_a_whole_number_names(cast):
    people.asha(cast)
    helper = cast.member("helper", "HLP", cast.green).client()
    assert "आशा देवी" not in text(helper.post("/patients/search", {"q": "asha"}))
    assert "आशा देवी" in text(helper.post("/patients/search", {"q": "9835022714"}))


def test_another_hospital_finds_nobody(cast):
    asha = people.asha(cast)
    blue = cast.dr_khan.client()
    assert "आशा" not in text(blue.post("/patients/search", {"q": "asha"}))
    assert blue.get(f"/patients/{asha.pk}/today").status_code == 404


@pytest.mark.parametrize(
    "typed, yes",
    [
        (aadhaar(), True),
        (f"{aadhaar()[:4]} {aadhaar()[4:8]} {aadhaar()[8:]}", True),
        (f"UID-{aadhaar()}", True),
        (aadhaar()[:11] + str((int(aadhaar()[11]) + 1) % 10), False),
        (f"{aadhaar()}12", False),
        ("919835022714", False),
        ("9835022714", False),
    ],
)
def test_an_aadhaar_number_is_known_by_its_check_digit(typed, yes):
    assert holds_aadhaar(typed) is yes or typed.startswith("91")
    assert finding.is_aadhaar(typed) is yes


@pytest.mark.parametrize("field", ["name_en", "guardian_name", "village", "panchayat", "mobile"])
def test_an_aadhaar_number_is_refused_in_any_field(cast, field):
    told = {
        "patient_id": uuid7(), "visit_id": uuid7(), "name_hi": "आशा", "age": "34",
        "sex": "female", "department": "MED", field: aadhaar(),
    }  # fmt: skip
    answer = cast.ravi.client().post("/reg/", told)
    assert answer.status_code == 422
    assert "आधार" in text(answer)
    connection.set_tenant(cast.green)
    assert not Patient.objects.exists()


def test_an_aadhaar_number_is_searched_nowhere(cast):
    for address in ("/patients/search", "/reg/find"):
        answer = cast.ravi.client().post(address, {"q": aadhaar()})
        assert answer.status_code == 422
        assert "आधार" in text(answer)
        assert aadhaar() not in text(answer)
    assert not AuditEvent.objects.filter(event="patient.searched").exists()
