"""Help from any page: a ticket without patients, an answer, and nothing twice."""

import pytest

from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core.errors import Forbidden, Refused, Unseen
from apps.core.ids import uuid7
from apps.facilities import actions, tickets
from apps.facilities.models import Device, Ticket
from tests.encounters import people

WORDS = "The slip printer prints only half of the token"
HOST = "http://green-phc.bhavya.localhost"


def ask(cast, **more):
    told = {"id": uuid7(), "text": WORDS, "actor": cast.ravi.actor, **more}
    return actions.ask_help(**told)


def post(client, **more):
    sent = {"id": str(uuid7()), "text": WORDS, "printer": "wrong", "page": "reg/", **more}
    return client.post("/help?lang=en", sent)


def test_it_works(cast, django_capture_on_commit_callbacks):
    device = {"facility": cast.green, "kind": "tv", "name": "Hall", "code_hash": "x"}
    Device.objects.create(**device)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(cast.ravi.client()).url == "/help"
    made = Ticket.objects.get()
    assert (made.facility_id, made.district_code) == (cast.green.pk, cast.green.district_code)
    assert (made.page, made.printer, made.status) == ("reg/", "wrong", "open")
    assert made.snapshot["devices"] == [{"name": "Hall", "kind": "tv", "silent_min": None}]
    assert made.snapshot["database_ms"] < 5000 and "worker_s" in made.snapshot
    desk = cast.neha.client()
    assert WORDS in desk.get("/tickets/").content.decode()
    html = desk.get(f"/tickets/{made.pk}?lang=en").content.decode()
    assert "Hall" in html and "never seen" in html and "reg/" in html
    sent = {"text": "Switch the printer to 80 mm", "close": "on"}
    assert desk.post(f"/tickets/{made.pk}", sent).status_code == 302
    mine = cast.ravi.client().get("/help?lang=en").content.decode()
    assert "Switch the printer to 80 mm" in mine and "Closed" in mine
    assert WORDS not in str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_it_is_safe_to_send_twice(cast):
    form = uuid7()
    assert ask(cast, id=form).pk == ask(cast, id=form).pk
    made = Ticket.objects.get()
    for _ in range(2):
        actions.answer(made.pk, text="Done", actor=cast.neha.actor)
    assert AuditEvent.objects.filter(event="ticket.answered").count() == 1
    actions.diagnose(made.pk)
    first = Ticket.objects.get().snapshot
    actions.diagnose(made.pk)
    assert Ticket.objects.get().snapshot == first


def test_the_page_is_told_by_its_pattern_never_by_a_patients_number(cast):
    visit = people.at_the_doctor(cast)
    page = f"{HOST}/opd/{visit.number}/"
    html = cast.dr_rao.client().get("/help", headers={"referer": page}).content.decode()
    assert 'value="opd/&lt;str:number&gt;/"' in html
    assert f'value="opd/{visit.number}' not in html
    elsewhere = {"referer": "https://evil.example/opd/1/"}
    html = cast.dr_rao.client().get("/help", headers=elsewhere).content.decode()
    assert 'name="page" value=""' in html


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "ticket.empty"), ("   ", "ticket.empty"), ("x" * 1001, "ticket.long"),
        ("Sunita 9835022714 gets no slip", "ticket.number"), ("९८३५०२२७१४", "ticket.number"),
        ("12-3456-7890-1234", "ticket.number"),
    ],
)  # fmt: skip
def test_it_refuses_what_would_tell_of_a_patient(cast, text, code):
    with pytest.raises(Refused) as no:
        ask(cast, text=text)
    assert no.value.code == code
    assert not Ticket.objects.exists()


def test_a_refusal_keeps_what_was_typed(cast):
    answer = post(cast.ravi.client(), text="mobile 9835022714 fails")
    assert answer.status_code == 422 and "mobile 9835022714 fails" in answer.content.decode()
    assert "Leave out mobile" in answer.content.decode()


def test_another_district_and_a_hospital_see_no_tickets(cast):
    made = ask(cast)
    assert tickets.listing(cast.other_admin.actor) == []
    with pytest.raises(Unseen):
        actions.answer(made.pk, text="x", actor=cast.other_admin.actor)
    with pytest.raises(Forbidden):
        tickets.listing(cast.manager.actor)  # sees machinery, but is no help desk
    support = cast.member("sup", Role.SUP, None)
    assert [row.pk for row in tickets.listing(support.actor)] == [made.pk]


def test_the_number_to_call_and_the_link_are_on_the_page(cast):
    html = cast.ravi.client().get("/reg/").content.decode()
    assert 'href="/help"' in html
    assert 'href="tel:104"' in cast.ravi.client().get("/help").content.decode()
