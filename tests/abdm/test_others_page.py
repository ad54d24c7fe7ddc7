"""The doctor's panel, the page of one record, its files; what patient and auditor see."""

import copy
import json
import re

from django.db import connection

from apps.abdm.models import ConsentArtefact
from apps.accounts.models import PractitionerRole
from apps.audit.models import AuditEvent
from apps.portal import queries as portal
from tests.abdm.askers import MEDICINE, document
from tests.abdm.test_read_outside import SCRIPT
from tests.encounters import people

PDF = "JVBERi0xLjQKJSVFT0YK"
PAPER = {
    "resourceType": "DocumentReference",
    "description": "Scan <b>1</b>",
    "content": [{"attachment": {"contentType": "text/html", "title": "Scan", "data": PDF}}],
}
PERSON = {
    "resourceType": "Patient",
    "name": [{"text": "Asha <i>Devi</i>"}],
    "gender": "female",
    "birthDate": "1992-01-01",
}


def came(asker, *resources, **composition):
    asker.foreign(document(*resources, **composition))
    asker.granted()
    (record,) = asker.records()
    return record


def form(asker, **changes):
    html = asker.text()
    told = dict(re.findall(r'name="(id|first|last)"[^>]*? value="([^"]*)"', html))
    kinds = re.findall(r'name="kinds" value="(\w+)" checked', html)
    return {"purpose": "CAREMGT", "keep": "1", "kinds": kinds, **told, **changes}


def send(asker, told, client=None):
    with asker.capture(execute=True):
        answer = (client or asker.client).post(
            f"/patients/{asker.visit.patient_id}/others/ask", told
        )
    asker.in_green()
    return answer


def test_it_works(asker, django_assert_max_num_queries):
    """Asked with the form as it is, twice; agreed; read; all without a script in the browser."""
    asker.foreign(document(MEDICINE))
    with django_assert_max_num_queries(20):
        assert "अनुमति" in asker.text()
    told = form(asker)
    assert len(told["kinds"]) == 8
    assert [send(asker, told).status_code for _ in range(2)] == [302, 302]
    asker.settle()
    assert ConsentArtefact.objects.count() == 1
    assert "मरीज़ की हाँ का इंतज़ार" in asker.text()
    asker.decide()
    html = asker.text()
    assert "Demo Gaya" in html and "27-05-2026" in html
    (path,) = re.findall(r"/others/([0-9a-f-]{36}/)", html)
    with django_assert_max_num_queries(20):
        shown = asker.text(path)
    assert "Metformin 500 mg" in shown and "1 tablet twice a day" in shown
    assert "Demo Gaya" in shown and "Dr Gaya" in shown and "27-05-2026" in shown
    event = AuditEvent.objects.get(event="record.read")
    assert event.user_id == asker.cast.dr_rao.user.pk
    assert event.patient_id == asker.visit.patient_id


def test_the_doctors_record_holds_the_panel(asker):
    history = asker.client.get(f"/opd/{asker.visit.number}/history").content.decode()
    url = f"/patients/{asker.visit.patient_id}/others/"
    assert f'hx-get="{url}"' in history and f'href="{url}"' in history
    panel = asker.client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in panel and 'name="keep"' in panel


def test_a_wrong_form_comes_back_with_a_sentence(asker):
    told = form(asker, last="2999-01-01", keep="30", kinds=["Invoice"])
    answer = send(asker, told)
    html = answer.content.decode()
    assert answer.status_code == 422 and "तारीख़ें जाँचें" in html
    assert 'value="30" checked' in html and html.count('name="kinds"') == 8
    assert re.findall(r'name="kinds" value="(\w+)" checked', html) == ["Invoice"]
    wrong = ({"first": "yesterday"}, {"kinds": []}, {"purpose": "DSRCH"}, {"id": "x", "keep": ""})
    for changes in wrong:
        assert send(asker, form(asker, **changes)).status_code == 422
    assert not ConsentArtefact.objects.exists()


def test_without_abha_or_link_it_says_so(asker, settings):
    asker.visit.patient.refresh_from_db()
    asker.visit.patient.abha_address = ""
    asker.visit.patient.save()
    html = asker.text()
    assert "ABHA पता नहीं है" in html and 'name="keep"' not in html
    settings.ABDM_CLIENT_ID = ""
    assert "जोड़ चालू नहीं" in asker.text()


def test_only_who_has_the_patient_before_them(asker):
    record = came(asker, MEDICINE)
    other = asker.cast.member("dr_sen", "SPC", asker.cast.green)
    PractitionerRole.objects.filter(user=other.user).update(department="EYE", room="9")
    for path in ("", f"{record.pk}/", f"{record.pk}/files/0"):
        url = f"/patients/{asker.visit.patient_id}/others/{path}"
        assert other.client().get(url).status_code in (403, 409), path
        khan = asker.cast.dr_khan.client("blue-chc.bhavya.localhost")
        assert khan.get(url).status_code in (404, 409), path
    answer = send(asker, {"keep": "1"}, other.client())
    assert answer.status_code in (403, 409)
    nurse = asker.cast.rita.client().get(f"/patients/{asker.visit.patient_id}/others/")
    assert 'name="keep"' not in nurse.content.decode()  # may not ask
    asker.in_green()
    assert not AuditEvent.objects.filter(event="record.read").exists()


def test_the_record_of_another_patient_is_not_there(asker, cast):
    record = came(asker, MEDICINE)
    from_another = f"/patients/{patient_of_the_same_doctor(cast)}/others/{record.pk}/"
    assert asker.client.get(from_another).status_code == 404


def patient_of_the_same_doctor(cast):
    connection.set_tenant(cast.green)
    return people.at_the_doctor(cast, mobile="9835022799", name_hi="रीना").patient_id


def test_a_script_is_only_letters(asker):
    """In a narrative, a title, a name, a reference, a file's name: nothing of it is mark-up."""
    evil = "<script>alert(7)</script>"
    paper = copy.deepcopy(PAPER)
    paper["content"][0]["attachment"]["title"] = evil
    drug = {**MEDICINE, "medicationCodeableConcept": {"text": evil}, "note": [{"text": evil}]}
    section = [
        {"title": evil, "text": {"div": SCRIPT}, "entry": [{"reference": "urn:uuid:1"}]},
        {"title": "Files", "entry": [{"reference": "urn:uuid:2"}]},
    ]
    record = came(asker, drug, paper, section=section, title=evil, author=[{"display": evil}])
    for html in (asker.text(f"{record.pk}/"), asker.text()):
        assert "<script>alert" not in html and "onerror" not in html and "javascript:" not in html
        assert "onclick=" not in html and "alert(1)" not in html
    shown = asker.text(f"{record.pk}/")
    assert "Drink &amp; rest" in shown and "&lt;script&gt;alert(7)" in shown
    answer = asker.page(f"{record.pk}/")
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"] or "no-cache" in answer["Cache-Control"]


def test_a_file_is_saved_and_never_opened_here(asker):
    record = came(asker, PAPER)
    assert f"/others/{record.pk}/files/0" in asker.text(f"{record.pk}/")
    answer = asker.page(f"{record.pk}/files/0")
    assert answer.content.startswith(b"%PDF") and answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="record-1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"].startswith("private, no-store")
    asker.page(f"{record.pk}/files/1", status=404)
    asker.page(f"{record.pk}/files/99999", status=404)
    files = [one.detail["file"] for one in AuditEvent.objects.filter(event="record.read")]
    assert sorted(n for n in files if n is not None)[0] == 0


def test_another_persons_record_is_said_to_be_so(asker):
    record = came(asker, {**PERSON, "gender": "male", "birthDate": "1950"}, MEDICINE,
                  subject={"reference": "urn:uuid:1"})  # fmt: skip
    html = asker.text(f"{record.pk}/")
    assert "मेल नहीं खाता" in html and "Asha &lt;i&gt;Devi" in html


def test_the_right_person_raises_no_alarm(asker):
    record = came(asker, PERSON, MEDICINE, subject={"reference": "urn:uuid:1"})
    html = asker.text(f"{record.pk}/")
    assert "मेल नहीं खाता" not in html
    year, month, day = PERSON["birthDate"].split("-")
    assert f" · महिला · {day}-{month}-{year}" in html and PERSON["birthDate"] not in html


def test_a_withdrawn_paper_says_so_first(asker):
    record = came(asker, MEDICINE, status="entered-in-error")
    assert "वापस ले लिया" in asker.text(f"{record.pk}/")


def test_the_states_are_told(asker):
    asker.foreign(document(MEDICINE))
    asker.ask()
    assert ">फिर देखें<" in asker.text()
    asker.decide("deny")
    assert ">फिर देखें<" not in asker.text()
    assert "मरीज़ ने मना किया" in asker.text()
    (row,) = asker.granted()
    assert "तक की अनुमति" in asker.text()
    asker.sandbox_end(row)
    html = asker.text()
    assert "अनुमति वापस ली, रिकॉर्ड मिटाए गए" in html and "Metformin" not in html
    asker.ask()
    asker.decide("expire")
    assert "समय पूरा" in asker.text()


def test_the_patient_sees_who_asked_why_when_until(asker):
    """On the own page: the doctor, the hospital, the reason, the state; never what came."""
    asker.foreign(document(MEDICINE))
    asker.granted()
    place = portal.live.hospitals(ids={asker.cast.green.pk})[0]

    class Member:
        places = [(place, asker.visit.patient_id)]

    connection.set_schema_to_public()
    (row,) = portal.asked_elsewhere(Member)
    assert row["who"].name_en == "Dr Rao" and row["place"] == place
    assert row["status"] == "granted" and row["ends"] and row["at"]
    assert [(one["name"], one["sent"], one["records"]) for one in row["sources"]] == [
        ("Demo Gaya", 1, [])
    ]
    assert "Metformin" not in json.dumps(row, default=str)


def test_the_auditor_sees_every_step(asker):
    record = came(asker, MEDICINE)
    asker.page(f"{record.pk}/")
    asker.sandbox_end(asker.artefacts()[0])
    mine = AuditEvent.objects.filter(patient_id=asker.visit.patient_id).order_by("at")
    told = {one.event: one for one in mine}
    assert told["consent.requested"].user_id == asker.cast.dr_rao.user.pk
    assert told["consent.requested"].detail == {"purpose": "CAREMGT", "kinds": 8, "days": 7}
    for event in ("consent.received", "records.fetched", "record.received", "transfer.ended",
                  "record.read", "consent.ended", "records.erased"):  # fmt: skip
        assert event in told
        assert "Metformin" not in json.dumps(told[event].detail)
