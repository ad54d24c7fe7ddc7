"""Records of other hospitals: nothing, not even that they exist, without the patient's yes."""

import re

import pytest
from django.core.cache import cache
from django.db import connection

from apps.accounts.permissions import Role
from apps.audit.events import Event
from apps.audit.models import AuditEvent
from apps.core.errors import Refused
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions as encounters
from apps.encounters import queries as visits
from apps.encounters.models import Condition, QueueToken
from apps.encounters.queue_order import EMERGENCY
from apps.notices.models import Notice
from apps.patients import actions as patients
from apps.patients.models import Patient
from apps.persons import actions as persons
from apps.persons.queries import mobile_hash
from apps.portal import queries as portal
from apps.workflows import history
from apps.workflows.actions import elsewhere
from tests.workflows.visits import asha_at_the_doctor, call

MOBILE = "9835022714"


def known_at_blue(cast, **told):
    """The same human (or `told`) at Blue CHC, with a visit that found something."""
    clerk = cast.member("blue_clerk", Role.REG, cast.blue)
    words = {"name_hi": "आशा देवी", "name_en": "Asha Devi", "sex": "female", "age": 35,
             "mobile": MOBILE, **told}  # fmt: skip
    with facility_context(cast.blue.pk):
        patient = patients.register(id=uuid7(), actor=clerk.actor, **words)
        visit = encounters.start_visit(patient.pk, id=uuid7(), department="MED", actor=clerk.actor)
        persons.link_patient(patient.pk, mobile=words["mobile"], actor=clerk.actor)
        Condition.objects.create(
            encounter_id=visit.pk, category="diagnosis", display_en="Hypertension",
            display_hi="उच्च रक्तचाप", standard_code="I10",
        )  # fmt: skip
        return patient.pk, visit.pk


@pytest.fixture
def visit(cast):
    return call(cast, asha_at_the_doctor(cast))


def code_of(visit):
    body = Notice.objects.filter(template="record-code").latest("created_at").body
    return re.search(r"\b(\d{6})\b", body)[1]


def agree(cast, visit):
    elsewhere.ask(visit.pk, actor=cast.dr_rao.actor)
    elsewhere.agree(visit.pk, code=code_of(visit), actor=cast.dr_rao.actor)


def look(cast, visit, patient_id, facility=None):
    return elsewhere.look(
        visit.pk, facility_id=(facility or cast.blue).pk, patient_id=patient_id,
        actor=cast.dr_rao.actor,
    )  # fmt: skip


def test_it_works(cast, visit):
    there, _ = known_at_blue(cast)
    agree(cast, visit)
    matches = elsewhere.matches(visit.pk, actor=cast.dr_rao.actor)
    assert [(m.place.id, m.patient_id) for m in matches] == [(cast.blue.pk, there)]
    _match, rows = look(cast, visit, there)
    assert rows[0]["diagnoses"][0]["en"] == "Hypertension"
    shared = AuditEvent.objects.filter(event=Event.RECORD_SHARED)
    assert {(e.facility_id, e.patient_id) for e in shared} == {
        (cast.green.pk, visit.patient_id), (cast.blue.pk, there),
    }  # fmt: skip
    family = portal.family(mobile_hash(MOBILE))
    seen = [row for member in family for row in portal.openings(member)]
    assert any(row["by"] and row["by"].name_en == "Green PHC" for row in seen)


def test_nothing_shows_without_consent(cast, visit):
    there, _ = known_at_blue(cast)
    with pytest.raises(Refused, match=r"elsewhere\.no_consent"):
        elsewhere.matches(visit.pk, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"elsewhere\.no_consent"):
        look(cast, visit, there)
    page = cast.dr_rao.client().get(f"/opd/{visit.number}/history").content.decode()
    assert "नील" not in page
    assert "Blue" not in page
    assert not AuditEvent.objects.filter(event=Event.RECORD_SHARED).exists()


def test_asking_answers_alike_whether_known_elsewhere_or_not(cast, visit):
    client, url = cast.dr_rao.client(), f"/opd/{visit.number}/elsewhere"
    alone = client.post(url, {"what": "ask"}).content.decode()
    connection.set_tenant(cast.green)
    known_at_blue(cast)
    cache.clear()
    known = client.post(url, {"what": "ask"}).content.decode()

    def plain(page):
        changing = r'csrfmiddlewaretoken" value="\w+|data-now="\d+"|\d+:\d\d|\d+ (min|मिनट)'
        return re.sub(changing, "", page)

    assert plain(alone) == plain(known)
    assert Notice.objects.filter(template="record-code").count() == 2


def test_a_wrong_code_opens_nothing_and_a_right_one_opens_once(cast, visit):
    known_at_blue(cast)
    elsewhere.ask(visit.pk, actor=cast.dr_rao.actor)
    right = code_of(visit)
    with pytest.raises(Refused, match=r"portal\.code_wrong"):
        elsewhere.agree(visit.pk, code=str((int(right) + 1) % 10**6).zfill(6),
                        actor=cast.dr_rao.actor)  # fmt: skip
    elsewhere.agree(visit.pk, code=right, actor=cast.dr_rao.actor)
    with pytest.raises(Refused, match=r"portal\.code_over"):
        elsewhere.agree(visit.pk, code=right, actor=cast.dr_rao.actor)


def test_the_code_opens_neither_the_portal_nor_another_visit(cast, visit):
    elsewhere.ask(visit.pk, actor=cast.dr_rao.actor)
    with pytest.raises(Refused):
        persons.check_code(mobile_hash(MOBILE), code_of(visit), actor=cast.dr_rao.actor)
    other = call(cast, asha_at_the_doctor(cast))
    with pytest.raises(Refused):
        elsewhere.agree(other.pk, code=code_of(visit), actor=cast.dr_rao.actor)


def test_consent_ends_with_the_day(cast, visit):
    agree(cast, visit)
    QueueToken.objects.filter(encounter=visit.pk).update(day="2026-01-01")
    assert history.consent(visits.visit(visit.pk), user_id=cast.dr_rao.user.pk) == ""


@pytest.mark.parametrize(
    "told", [{"name_hi": "गीता देवी", "name_en": "Gita Devi"}, {"sex": "male"}, {"age": 60},
             {"mobile": "9835022799"}],
)  # fmt: skip
def test_another_of_the_family_is_no_match(cast, visit, told):
    there, _ = known_at_blue(cast, **told)
    agree(cast, visit)
    assert elsewhere.matches(visit.pk, actor=cast.dr_rao.actor) == []
    assert look(cast, visit, there) is None


def test_a_stale_link_is_no_match(cast, visit):
    there, _ = known_at_blue(cast)
    with facility_context(cast.blue.pk):
        Patient.objects.filter(pk=there).update(mobile="9835000001")
    agree(cast, visit)
    assert elsewhere.matches(visit.pk, actor=cast.dr_rao.actor) == []


def test_what_is_specially_protected_is_left_out(cast, visit):
    there, visit_there = known_at_blue(cast)
    with facility_context(cast.blue.pk):
        Condition.objects.filter(encounter_id=visit_there).update(standard_code="B20")
    agree(cast, visit)
    assert look(cast, visit, there)[1] == []


def test_the_glass_breaks_only_in_an_emergency(cast, visit):
    known_at_blue(cast)
    with pytest.raises(Refused, match=r"elsewhere\.not_emergency"):
        elsewhere.break_glass(visit.pk, reason="unconscious", actor=cast.dr_rao.actor)
    QueueToken.objects.filter(encounter=visit.pk).update(priority=EMERGENCY)
    with pytest.raises(Refused, match=r"chart\.reason"):
        elsewhere.break_glass(visit.pk, reason="abc", actor=cast.dr_rao.actor)
    elsewhere.break_glass(visit.pk, reason="unconscious", actor=cast.dr_rao.actor)
    assert len(elsewhere.matches(visit.pk, actor=cast.dr_rao.actor)) == 1
    two = cast.member("dr_two", Role.MO, cast.green)
    with pytest.raises(Refused, match=r"elsewhere\.no_consent"):
        elsewhere.matches(visit.pk, actor=two.actor)


def test_the_other_hospitals_doctor_sees_nothing_of_ours(cast, visit):
    answer = cast.dr_khan.client("green-phc.bhavya.localhost").get(f"/opd/{visit.number}/history")
    assert answer.status_code == 403


def test_the_pages(cast, visit):
    there, _ = known_at_blue(cast)
    agree(cast, visit)
    client = cast.dr_rao.client()
    page = client.get(f"/opd/{visit.number}/history").content.decode()
    assert "नील सीएचसी" in page
    url = f"/opd/{visit.number}/elsewhere/{cast.blue.pk}/{there}"
    assert "उच्च रक्तचाप" in client.get(url).content.decode()
    assert client.get(url.replace(str(there), str(uuid7()))).status_code == 404
    fragment = client.get(f"/patients/{visit.patient_id}/timeline")
    assert fragment.status_code == 200
