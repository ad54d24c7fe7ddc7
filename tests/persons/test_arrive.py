"""Somebody tells the name at the gate; the window takes it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions as encounters
from apps.encounters.models import Encounter
from apps.encounters.views.arrivals import HERSELF
from apps.patients.models import Patient
from apps.persons import actions, queries
from apps.persons.models import Arrival
from apps.persons.queries import Profile
from tests.encounters import people

HOST = "green-phc.bhavya.localhost"
POOJA = Profile(name_hi="पूजा कुमारी", sex="female", age=22, mobile="9835022715", village="कसबा")


def arrive(profile=POOJA, **told):
    told = {"id": uuid7(), "source": "gate", "department": "GYN", "actor": HERSELF, **told}
    return actions.arrive(profile, **told)


def typed(**more):
    told = {"arrival_id": uuid7(), "name": "पूजा कुमारी", "age": "22", "age_unit": "years",
            "sex": "female", "mobile": "98350 22715", "village": "कसबा", "department": "GYN",
            "source": "gate"}  # fmt: skip
    return {**told, **more}


@pytest.fixture
def phone():
    return Client(headers={"host": HOST})


def test_it_works(cast, phone, django_assert_max_num_queries):
    answer = phone.post("/here/", typed())
    assert answer["Location"] == "/here/done?n=1"
    done = phone.get(answer["Location"]).content.decode()
    assert "पूजा" not in done
    assert "98350" not in done
    connection.set_tenant(cast.green)
    with django_assert_max_num_queries(2):  # the first of a connection sets the schema
        row = queries.arrivals()[0]
    assert (row.profile.name_hi, row.profile.mobile, row.department) == (
        "पूजा कुमारी", "9835022715", "GYN",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT profile FROM public.persons_arrival")
        assert "9835022715" not in cursor.fetchone()[0]
    assert AuditEvent.objects.get(event="arrival.noted").detail == {"source": "gate"}


def test_one_press_makes_patient_and_token(cast):
    arrival = arrive()
    page = cast.ravi.client()
    first = page.post(f"/reg/arrivals/{arrival.pk}/token")
    second = page.post(f"/reg/arrivals/{arrival.pk}/token")
    assert first["Location"] == second["Location"]
    assert "slip=GRN" in first["Location"]
    connection.set_tenant(cast.green)
    visit = Encounter.objects.select_related("patient", "token").get()
    assert (visit.patient.name_en, visit.token.queue) == ("Pooja Kumari", "GYN")
    assert visit.token.source == "appointment"
    arrival.refresh_from_db()
    assert (arrival.status, arrival.profile, arrival.encounter_id) == ("taken", "", visit.pk)
    assert queries.arrivals() == []


def test_who_is_known_is_not_registered_again(cast):
    known = people.asha(cast, name_hi="पूजा कुमारी", age=23, mobile="9835022715")
    visit = encounters.receive_arrival(arrive().pk, actor=cast.ravi.actor)
    assert visit.patient_id == known.pk
    assert Patient.objects.count() == 1


def test_two_who_may_be_meant_are_asked_for(cast):
    for age in (21, 23):
        people.asha(cast, name_hi="पूजा कुमारी", age=age, mobile="9835022715")
    arrival, page = arrive(), cast.ravi.client()
    asked = page.post(f"/reg/arrivals/{arrival.pk}/token")
    assert asked.status_code == 409
    assert asked.content.decode().count('name="patient"') == 3
    connection.set_tenant(cast.green)
    assert not Encounter.objects.exists()
    second = Patient.objects.order_by("-birth_date")[0]
    page.post(f"/reg/arrivals/{arrival.pk}/token", {"patient": str(second.pk)})
    connection.set_tenant(cast.green)
    assert Encounter.objects.get().patient_id == second.pk


def test_the_same_village_and_name_without_mobile_is_asked_for(cast):
    people.asha(cast, name_hi="पूजा कुमारी", age=23, mobile="", village="Kasba")
    arrival = arrive()
    with pytest.raises(Refused, match=r"arrival\.unsure"):
        encounters.receive_arrival(arrival.pk, actor=cast.ravi.actor)
    encounters.receive_arrival(arrival.pk, as_new=True, actor=cast.ravi.actor)
    assert Patient.objects.count() == 2


def test_it_is_safe_to_send_twice(cast, phone):
    form = typed()
    assert phone.post("/here/", form)["Location"] == phone.post("/here/", form)["Location"]
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize(
    "wrong, words",
    [
        ({"name": ""}, "नाम लिखें"), ({"name": "12"}, "नाम लिखें"), ({"age": "420"}, "42"),
        ({"age": ""}, "उम्र लिखें"), ({"sex": ""}, "लिंग चुनें"),
        ({"mobile": "98350227"}, "8 लिखे हैं"), ({"village": "234567890124"}, "आधार"),
        ({"age": "01-01-2090"}, "आज के बाद"),
    ],
)  # fmt: skip
def test_bad_input_is_told_in_place(cast, phone, wrong, words):
    answer = phone.post("/here/", typed(**wrong))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Arrival.objects.exists()


def test_it_is_slowed_down(cast):
    for _ in range(8):
        arrive(origin="10.0.0.1")
    with pytest.raises(Refused, match=r"arrival\.too_many"):
        arrive(origin="10.0.0.2")
    arrive(Profile(name_hi="रवि", sex="male", age=3), origin="10.0.0.1")


def test_a_day_is_today_or_soon(cast, phone):
    today = timezone.localdate()
    phone.post("/here/", typed(day="1"))
    connection.set_tenant(cast.green)
    assert queries.arrivals() == []
    assert Arrival.objects.get().day == today + timedelta(days=1)
    for day in (today - timedelta(days=1), today + timedelta(days=9)):
        with pytest.raises(Refused, match=r"arrival\.day"):
            arrive(day=day)


def test_who_did_not_come_is_forgotten(cast):
    arrival = arrive()
    Arrival.objects.update(day=timezone.localdate() - timedelta(days=1))
    assert actions.forget_arrivals() == 1
    arrival.refresh_from_db()
    assert (arrival.status, arrival.profile) == ("gone", "")


def test_off_the_list_by_hand(cast):
    arrival = arrive()
    cast.ravi.client().post(f"/reg/arrivals/{arrival.pk}/gone")
    connection.set_tenant(cast.green)
    assert queries.arrivals() == []
    answer = cast.ravi.client().post(f"/reg/arrivals/{arrival.pk}/token")
    assert answer["Location"] == "/reg/"


def test_another_hospital_sees_nobody(cast):
    arrival = arrive()
    with facility_context(cast.blue.pk):
        clerk = cast.member("blue_clerk", "REG", cast.blue)
        assert queries.arrivals() == []
        assert queries.arrival(arrival.pk) is None
        with pytest.raises(Refused, match=r"arrival\.gone"):
            encounters.receive_arrival(arrival.pk, actor=clerk.actor)


def test_a_pharmacist_may_not(cast):
    arrival = arrive()
    with pytest.raises(Forbidden):
        encounters.receive_arrival(arrival.pk, actor=cast.meena.actor)
    with pytest.raises(Forbidden):
        actions.take_arrival(arrival.pk, encounter_id=None, actor=cast.meena.actor)


def test_the_form_is_filled_in_from_the_list(cast):
    arrival, page = arrive(), cast.ravi.client()
    shown = page.get(f"/reg/?arrival={arrival.pk}").content.decode()
    assert 'value="पूजा कुमारी"' in shown
    assert str(arrival.pk) in shown
    assert page.get("/reg/?arrival=nonsense").status_code == 200
    assert page.get(f"/reg/?arrival={uuid7()}").status_code == 200
