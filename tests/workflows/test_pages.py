"""The doctor's room by its addresses: with a script (fragments) and without (plain forms)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEvent
from apps.encounters import queries as visits
from apps.encounters.models import Encounter
from tests.workflows.visits import PIN, asha_at_the_doctor, call, write

HTMX = {"HX-Request": "true"}


@pytest.fixture
def visit(cast):
    return call(cast, asha_at_the_doctor(cast, allergy="PENICILLIN"))


@pytest.fixture
def room(cast, visit):
    return cast.dr_rao.client()


def at(visit, tail=""):
    return f"/opd/{visit.number}/{tail}"


def post(room, cast, visit, op, *, htmx=True, **fields):
    version = now(cast, visit).draft_version
    data = {"op": op, "version": version} | fields
    return room.post(at(visit, "draft"), data, headers=HTMX if htmx else {})


def now(cast, visit):
    connection.set_tenant(cast.green)
    return visits.visit(visit.pk)


@pytest.mark.parametrize("lang", ["hi", "en"])
def test_the_screen_opens_and_says_who_and_what_not_to_give(cast, visit, room, lang):
    room.cookies["lang"] = lang
    told = room.get(at(visit)).content.decode()
    assert ("आशा देवी" if lang == "hi" else "Asha Devi") in told
    assert ("पेनिसिलिन वर्ग" if lang == "hi" else "Penicillin group") in told
    assert "158/96" in told
    assert AuditEvent.objects.filter(event="chart.viewed", patient_id=visit.patient_id).exists()


def test_the_queue_shows_my_department_and_calls_the_next(cast, visit, room):
    assert visit.number in room.get("/opd/").content.decode()
    connection.set_tenant(cast.green)
    second = asha_at_the_doctor(cast, mobile="9835022799")
    answer = room.post("/opd/next")
    assert answer.status_code == 302
    assert answer["Location"] == at(second)
    assert room.post("/opd/next").status_code == 409


def test_an_edit_by_fragment_brings_the_cards_and_the_new_version(cast, visit, room):
    answer = post(room, cast, visit, "add_medicine:T-PARA")
    told = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in told
    assert 'id="ed"' in told and "Paracetamol 500 mg" in told
    version = now(cast, visit).draft_version
    assert f'id="version" value="{version}"' in told


def test_an_edit_by_plain_form_comes_back_to_the_page(cast, visit, room):
    answer = post(room, cast, visit, "add_medicine:T-PARA", htmx=False)
    assert answer.status_code == 302
    assert answer["Location"] == at(visit) + "?open=0#row-0"
    page = room.get(answer["Location"].split("#")[0]).content.decode()
    assert 'name="dose_text"' in page


def test_a_row_is_read_as_it_was_typed(cast, visit, room):
    post(room, cast, visit, "add_medicine:T-PARA")
    fields = {"dose_text": "१०१", "dose_was": "", "when": "before", "days_text": "7",
              "days_was": "5", "days": "5", "quantity": "", "quantity_was": ""}  # fmt: skip
    told = post(room, cast, visit, "medicine:0", **fields).content.decode()
    line = now(cast, visit).draft["medicines"][0]
    assert (line["dose"], line["when"], line["days"]) == ("1-0-1", "before", 7)
    assert ">14 " in re.sub(r"\s+", " ", told)


def test_a_pressed_chip_wins_over_the_old_text(cast, visit, room):
    post(room, cast, visit, "add_medicine:T-PARA")
    first = {"dose_text": "1-0-1", "dose_was": "", "days_text": "5", "days_was": "5"}
    post(room, cast, visit, "medicine:0", **first)
    chip = {"dose_text": "1-0-1", "dose_was": "1-0-1", "dose": "1-1-1",
            "days_text": "5", "days_was": "5", "days": "15"}  # fmt: skip
    post(room, cast, visit, "medicine:0", **chip)
    line = now(cast, visit).draft["medicines"][0]
    assert (line["dose"], line["days"]) == ("1-1-1", 15)


def test_a_dose_that_cannot_be_read_is_kept_and_explained(cast, visit, room):
    post(room, cast, visit, "add_medicine:T-SYR")
    told = post(room, cast, visit, "medicine:0", dose_text="1-0-1", dose_was="").content.decode()
    assert now(cast, visit).draft["medicines"][0]["dose"] == "1-0-1"
    assert "5 ml TDS" in told


@pytest.mark.parametrize(
    "fields, status",
    [
        ({"op": "explode"}, 409),
        ({"op": "remove:tests:99"}, 409),
        ({"op": "remove:tests:abc"}, 409),
        ({"op": "add:nowhere:X"}, 409),
        ({"op": "advise", "follow_text": "31-02-2027", "follow_was": ""}, 409),
        ({"op": "undo", "version": "x"}, 409),
        ({}, 409),
    ],
)
def test_a_broken_post_is_told_so_and_writes_nothing(cast, visit, room, fields, status):
    before = now(cast, visit)
    data = {"version": before.draft_version} | fields
    for headers in (HTMX, {}):
        answer = room.post(at(visit, "draft"), data, headers=headers)
        assert answer.status_code == status
    assert now(cast, visit).draft == before.draft


def test_two_who_write_at_once_both_see_both(cast, visit, room):
    seen = now(cast, visit).draft_version
    nurse = cast.rita.client()
    data = {"op": "text:notes", "text": "chest clear", "version": seen}
    assert nurse.post(at(visit, "draft"), data, headers=HTMX).status_code == 200
    mine = {"op": "text:notes", "text": "wheeze on the left", "version": seen}
    answer = room.post(at(visit, "draft"), mine, headers=HTMX)
    told = answer.content.decode()
    assert answer.status_code == 409 and answer["HX-Retarget"] == "#bh-messages"
    assert "chest clear" in told and "wheeze on the left" in told and "rita" in told.lower()
    again = re.search(r'name="version" value="(\d+)"', told)
    room.post(at(visit, "draft"), mine | {"version": again[1]})
    assert now(cast, visit).draft["notes"] == "wheeze on the left"


def test_search_finds_in_either_script_and_strikes_what_is_dangerous(cast, visit, room):
    find = at(visit, "find/")
    assert "I10" in room.get(find + "diagnoses?q=hyper", headers=HTMX).content.decode()
    told = room.get(find + "medicines?q=amox", headers=HTMX).content.decode()
    assert "<s" in told and "Amoxicillin" in told
    assert 'role="option"' not in room.get(find + "tests?q=b", headers=HTMX).content.decode()
    assert room.get(find + "secrets?q=ab").status_code == 404
    plain = room.get(find + "complaints?q=fever+3").content.decode()
    assert "<html" in plain and "add:complaints:T-FEVER:3" in plain


def test_finish_lists_what_is_missing_instead_of_a_dead_button(cast, visit, room):
    told = room.get(at(visit, "sign"), headers=HTMX).content.decode()
    assert 'data-jump="q-complaints"' in told and 'name="pin"' not in told


def test_signing_by_page(cast, visit, room):
    write(cast, visit)
    page = room.get(at(visit, "sign")).content.decode()
    given = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("id", "version")
    }
    wrong = room.post(at(visit, "sign"), given | {"pin": "0000"})
    assert wrong.status_code == 422 and 'aria-invalid="true"' in wrong.content.decode()
    assert room.post(at(visit, "sign"), given | {"pin": ""}).status_code == 422
    done = room.post(at(visit, "sign"), given | {"pin": PIN})
    assert done.status_code == 302
    twice = room.post(at(visit, "sign"), given | {"pin": PIN})
    assert twice.status_code == 302
    signed = room.get(at(visit)).content.decode()
    assert "सुबह 1 गोली, रात 1 गोली" in signed and 'name="op"' not in signed


def test_the_preview_shows_the_paper_before_it_is_signed(cast, visit, room):
    write(cast, visit)
    told = room.get(at(visit, "preview"), headers=HTMX).content.decode()
    assert "Paracetamol 500 mg" in told and "सुबह 1 गोली" in told
    assert now(cast, visit).status == Encounter.Status.IN_PROGRESS


def test_a_slip_of_another_hospital_is_not_found(cast, visit, room):
    assert room.get("/opd/BLU-26-000001/").status_code == 404
    assert room.get("/opd/nonsense/").status_code == 404
    assert cast.dr_khan.client().get(at(visit)).status_code == 404


def test_a_doctor_of_another_department_must_say_why(cast, visit):
    other = cast.member("dr_gyn", "MO", cast.green)
    other.user.postings.update(department="GYN", room="3")
    answer = other.client().get(at(visit))
    assert answer.status_code == 302 and str(visit.patient_id) in answer["Location"]
    data = {"op": "text:notes", "text": "x", "version": visit.draft_version}
    assert other.client().post(at(visit, "draft"), data).status_code == 409
    assert now(cast, visit).draft == visit.draft


def test_the_screen_costs_few_queries(cast, visit, room):
    """12 with medicines on paper, one more when tests are chosen; the side pane comes after it."""
    write(cast, visit, tests=[])
    room.get(at(visit))
    with CaptureQueriesContext(connection) as asked:
        told = room.get(at(visit)).content.decode()
    real = [
        q["sql"]
        for q in asked
        if "SAVEPOINT" not in q["sql"] and "facilities_region" not in q["sql"]
    ]
    assert len(real) <= 12, "\n".join(sql[:90] for sql in real)
    assert told.count("<") / 2 < 900  # elements open and close
