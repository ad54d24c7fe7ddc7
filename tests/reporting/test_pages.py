"""The pages: numbers as they are, plain sentences for bad input, other districts unseen."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from apps.accounts.permissions import Role
from apps.audit.models import AuditEvent
from apps.core import sheets
from apps.core.actor import Actor, Permission
from apps.core.ids import uuid7
from apps.documents import storage
from apps.encounters.models import Condition
from apps.facilities import places
from apps.facilities.models import Facility, Region
from apps.reporting import actions, queries
from apps.reporting.models import IncentivePayment, ReportRun
from tests.reporting.linked import linked
from tests.reporting.month import october

OCTOBER, JULY = "/reports/hmis/2026-10-01/", date(2026, 7, 1)


@pytest.fixture
def town(cast, settings):
    settings.DHIS_SOFTWARE_FROM = "2026-01-01"
    october(cast)
    connection.set_schema_to_public()
    for code in ("203", "212"):
        Region.objects.create(kind="district", code=code, name_hi=code, name_en=code)
    places.forget()
    actions.load_rules(actor=Actor.of_system("loader", Permission.MASTER_EDIT))
    cast.data = cast.member("data", Role.DME, None, "203")
    cast.other = cast.member("other_data", Role.DME, None, "212")
    connection.set_tenant(cast.green)
    return cast


def english(member):
    client = member.client()
    client.cookies["lang"] = "en"
    return client


def worked_out(cast, fire):
    with fire(execute=True):
        english(cast.manager).post(f"{OCTOBER}make")
    return ReportRun.objects.get()


def test_the_manager_has_it_worked_out_and_the_superintendent_submits(
    town, django_capture_on_commit_callbacks
):
    worked_out(town, django_capture_on_commit_callbacks)
    manager = english(town.manager)
    text = manager.get(f"{OCTOBER}?part=14").content.decode()
    assert ">9</span>" in text and "from the data" in text
    assert "Submit the form" not in text
    assert manager.post(f"{OCTOBER}submit").status_code == 403
    bad = manager.post(f"{OCTOBER}enter?part=14", {"n-14.2.1": "many"})
    assert bad.status_code == 422
    assert "Line 14.2.1: write a whole number" in bad.content.decode()
    assert 'value="many"' in bad.content.decode()
    assert manager.post(f"{OCTOBER}enter?part=14", {"n-14.15.1": "2"}).status_code == 302
    chief = english(town.ds)
    assert "Submit the form" in chief.get(f"{OCTOBER}?part=14").content.decode()
    assert chief.post(f"{OCTOBER}submit").status_code == 302
    text = chief.get(f"{OCTOBER}?part=14").content.decode()
    assert "these numbers stand" in text and "by hand" in text
    assert manager.post(f"{OCTOBER}enter", {"n-14.15.1": "3"}).status_code == 409


def test_the_page_that_waits_loads_itself_anew_when_the_numbers_are_there(
    town, django_capture_on_commit_callbacks
):
    manager, asks = english(town.manager), {"HX-Request": "true"}
    with django_capture_on_commit_callbacks() as then:
        manager.post(f"{OCTOBER}make")
    waits = manager.get(OCTOBER, headers=asks)
    assert "Being worked out" in waits.content.decode() and "HX-Refresh" not in waits
    for job in then:
        job()
    assert manager.get(OCTOBER, headers=asks)["HX-Refresh"] == "true"


def test_a_running_month_cannot_be_submitted_and_says_so(town, django_capture_on_commit_callbacks):
    month = timezone.localdate().replace(day=1).isoformat()
    with django_capture_on_commit_callbacks(execute=True):
        english(town.ds).post(f"/reports/hmis/{month}/make")
    answer = english(town.ds).get(f"/reports/hmis/{month}/")
    assert "still running" in answer.content.decode()
    answer = english(town.ds).post(f"/reports/hmis/{month}/submit")
    assert answer.status_code == 422
    assert "It can be submitted when it is over." in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/reports/hmis/October/", "not a day of the calendar"),
        ("/reports/hmis/2050-01-01/", "has not begun"),
        ("/reports/hmis/1999-01-01/", "more than two years ago"),
        ("/reports/weather/2026-10-01/", "does not exist here"),
        ("/incentive/?month=July", "Write the month"),
        ("/incentive/?month=2051-01", "has not begun"),
        ("/incentive/?month=2020-01", "from April 2023"),
    ],
)
def test_a_strange_address_gets_a_sentence(town, path, words):
    answer = english(town.ds).get(path)
    assert answer.status_code == 409 and words in answer.content.decode()


def test_the_people_behind_a_number(town, django_capture_on_commit_callbacks):
    worked_out(town, django_capture_on_commit_callbacks)
    text = english(town.manager).get(f"{OCTOBER}rows/14.1.2").content.decode()
    assert "ICD-10 I10" in text and text.count("<td>General Medicine") == 2
    assert AuditEvent.objects.filter(event="state_form.traced").count() == 1
    hidden = english(town.manager).get(f"{OCTOBER}rows/15.3.1.b").content.decode()
    assert "आशा" not in hidden and "Asha" not in hidden and "shown only to those" in hidden
    assert AuditEvent.objects.filter(event="state_form.traced").count() == 1
    assert english(town.manager).get(f"{OCTOBER}rows/2.1").status_code == 409


def test_another_district_sees_nothing_by_editing_the_address(
    town, django_capture_on_commit_callbacks
):
    worked_out(town, django_capture_on_commit_callbacks)
    pk = town.green.pk
    mine, other = english(town.data), english(town.other)
    for path in (f"{OCTOBER}{pk}/", f"{OCTOBER}{pk}/table.csv", f"/incentive/{pk}/",
                 f"/incentive/{pk}/records", f"/incentive/{pk}/records.csv",
                 "/incentive/?in=district:203", f"{OCTOBER}?in=district:203"):  # fmt: skip
        assert mine.get(path).status_code == 200, path
        assert other.get(path).status_code == 404, path
    for path in (f"{OCTOBER}{pk}/make", f"{OCTOBER}{pk}/enter", f"/incentive/{pk}/submit"):
        assert other.post(path).status_code == 404, path
    assert AuditEvent.objects.filter(event="access.refused", user_id=town.other.user.pk).exists()


def test_the_office_sees_who_is_missing_and_the_sum(town, django_capture_on_commit_callbacks):
    found = worked_out(town, django_capture_on_commit_callbacks)
    client = english(town.data)
    assert "No hospital has submitted" in client.get(OCTOBER).content.decode()
    actions.submit_form(found.pk, actor=town.ds.actor)
    text = client.get(f"{OCTOBER}?part=14").content.decode()
    assert '<td class="rp-n">9</td>' in text
    rows = list(
        csv.reader(io.StringIO(client.get(f"{OCTOBER}table.csv").content.decode("utf-8-sig")))
    )
    assert next(row for row in rows if row[0] == "14.2.1")[2:] == ["9", "9"]


def test_the_state_lists_districts_and_opens_one(town, django_capture_on_commit_callbacks):
    found = worked_out(town, django_capture_on_commit_callbacks)
    actions.submit_form(found.pk, actor=town.ds.actor)
    programme = english(town.member("programme", Role.SPO, None))
    text = programme.get(OCTOBER).content.decode()
    assert "in=district:203" in text and "in=district:212" in text
    assert "Green PHC" not in text
    assert "Green PHC" in programme.get(f"{OCTOBER}?in=district:203").content.decode()
    chief = english(town.member("chief", Role.SHQ, None))
    text = chief.get("/incentive/?month=2026-07").content.decode()
    assert "in=district:203" in text and "Green PHC" not in text
    assert "Green PHC" in chief.get("/incentive/?month=2026-07&in=district:203").content.decode()
    assert "Green PHC" in chief.get("/incentive/table.csv?month=2026-07").content.decode()


def test_a_form_as_csv_and_xlsx(town, django_capture_on_commit_callbacks):
    worked_out(town, django_capture_on_commit_callbacks)
    text = english(town.manager).get(f"{OCTOBER}table.csv").content.decode("utf-8-sig")
    rows = {row[0]: row for row in csv.reader(io.StringIO(text))}
    assert rows["14.1.2"][3:] == ["2", "", "from the data"]
    data = english(town.manager).get(f"{OCTOBER}table.xlsx").content
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        texts = file.read("xl/sharedStrings.xml").decode()
        assert "<v>2</v>" in file.read("xl/worksheets/sheet1.xml").decode()
    assert "Outpatient - Hypertension" in texts


def test_registers_on_screen_as_file_and_with_a_bad_range(town):
    client = english(town.ds)
    span = "first=01-10-2026&last=31-10-2026"
    text = client.get(f"/reports/registers/opd/?{span}").content.decode()
    assert text.count("GRN-26-9") == 12 and "(I10)" in text
    rows = client.get(f"/reports/registers/opd/table.csv?{span}").content.decode("utf-8-sig")
    assert len(rows.strip().splitlines()) == 13
    assert english(town.manager).get(f"/reports/registers/opd/table.csv?{span}").status_code == 403
    assert AuditEvent.objects.filter(event="state_form.printed").count() == 2
    lab = client.get(f"/reports/registers/lab/?{span}").content.decode()
    assert lab.count("<tr><td>") == 10 and "done outside" in lab
    for bad in ("first=31-10-2026&last=01-10-2026", "first=01-01-2026&last=31-12-2026", "first=x"):
        answer = client.get(f"/reports/registers/opd/?{bad}")
        assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()
    assert client.get("/reports/registers/births/?" + span).status_code == 409


def test_a_register_shows_to_each_what_the_work_needs(town):
    """A clerk sees who came, not why; HIV shows to the laboratory, not to the manager."""
    span = "first=01-10-2026&last=31-10-2026"
    clerk = english(town.ravi).get(f"/reports/registers/opd/?{span}").content.decode()
    assert clerk.count("GRN-26-9") == 12 and "(I10)" not in clerk
    lab = english(town.ravi).get(f"/reports/registers/lab/?{span}").content.decode()
    assert lab.count("<tr><td>") == 10 and "<b>POS</b>" not in lab
    manager = english(town.manager).get(f"/reports/registers/lab/?{span}").content.decode()
    assert "<b>POS</b>" in manager and "<b>NR</b>" not in manager
    assert manager.count("<b>Confidential</b>") == 3
    tech = english(town.member("tech", Role.LAB, town.green))
    assert "<b>NR</b>" in tech.get(f"/reports/registers/lab/?{span}").content.decode()
    connection.set_tenant(town.green)
    Condition.objects.update(standard_code="B24")
    assert (
        "(B24)" not in english(town.manager).get(f"/reports/registers/opd/?{span}").content.decode()
    )


def test_a_paper_drawn_for_more_is_not_for_less(
    town, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    pk = uuid7()
    with django_capture_on_commit_callbacks(execute=True):
        english(town.manager).post("/reports/pdf/", {
            "id": str(pk), "kind": "opd", "first": "01-10-2026", "last": "31-10-2026",
        })  # fmt: skip
    assert english(town.manager).get(f"/reports/pdf/{pk}.pdf").status_code == 200
    assert english(town.ravi).get(f"/reports/pdf/{pk}.pdf").status_code == 403


def test_the_pdf_is_made_once_and_only_for_who_may_read_it(
    town, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    worked_out(town, django_capture_on_commit_callbacks)
    pk = uuid7()
    wish = {"id": str(pk), "kind": "hmis", "first": "2026-10-01", "last": "2026-10-31",
            "language": "hi"}  # fmt: skip
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            assert english(town.manager).post("/reports/pdf/", wish).status_code == 202
    assert AuditEvent.objects.filter(event="state_form.printed").count() == 1
    answer = english(town.manager).get(f"/reports/pdf/{pk}.pdf")
    assert answer.content[:5] == b"%PDF-"
    assert "Open the PDF" in english(town.manager).get(f"/reports/pdf/{pk}/").content.decode()
    assert english(town.meena).get(f"/reports/pdf/{pk}.pdf").status_code == 403
    connection.set_tenant(town.green)
    assert storage.exists(actions.file_key(pk))
    clerk = {**wish, "id": str(uuid7()), "kind": "idsp"}
    assert english(town.manager).post("/reports/pdf/", clerk).status_code == 422  # not worked out


def test_too_long_a_register_is_told_and_not_drawn(
    town, settings, tmp_path, monkeypatch, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("apps.reporting.actions.papers.MOST_ROWS", 3)
    pk = uuid7()
    with django_capture_on_commit_callbacks(execute=True):
        english(town.manager).post("/reports/pdf/", {
            "id": str(pk), "kind": "opd", "first": "01-10-2026", "last": "31-10-2026",
        })  # fmt: skip
    assert "Choose fewer days" in english(town.manager).get(f"/reports/pdf/{pk}/").content.decode()
    cache.clear()
    assert english(town.manager).get(f"/reports/pdf/{pk}/").status_code == 404


def test_the_hospital_sees_its_own_rupees(town):
    connection.set_schema_to_public()
    for n in range(130):
        linked(town.green, JULY + timedelta(days=n % 28), kyc=n >= 10)
    actions.judge(JULY)
    text = english(town.ds).get("/incentive/?month=2026-07").content.decode()
    assert "₹ 200" in text and "Rule in force: V5" in text
    assert 'why=kyc">10</a>' in text
    assert "Submit the statement" not in text
    rows = english(town.ds).get("/incentive/records?month=2026-07&why=kyc").content.decode()
    assert rows.count("The ABHA is not verified by KYC</td>") == 10
    table = english(town.ds).get("/incentive/records.csv?month=2026-07").content.decode("utf-8-sig")
    assert len(table.strip().splitlines()) == 131
    text = english(town.ds).get("/incentive/?month=2026-10").content.decode()
    assert "Estimate, no claim." in text


def test_the_office_submits_compares_and_notes_a_payment(town):
    connection.set_schema_to_public()
    Facility.objects.filter(pk=town.green.pk).update(hfr_id="IN1010000001")
    for n in range(130):
        linked(town.green, JULY + timedelta(days=n % 28))
    actions.judge(JULY)
    client, address = english(town.data), f"/incentive/{town.green.pk}/"
    month = "?month=2026-07"
    bad = client.post(f"{address}tell{month}", {"received": "6", "claims": "ten"})
    assert bad.status_code == 422 and "one line for each amount" in bad.content.decode()
    assert ">ten</textarea>" in bad.content.decode()
    bare = client.post(f"{address}tell{month}", {"received": "6"})
    assert bare.status_code == 422 and "another number stands" in bare.content.decode()
    told = {"received": "6", "why": "by the old app"}
    assert client.post(f"{address}tell{month}", told).status_code == 302
    assert "corrected by hand: by the old app" in client.get(f"{address}{month}").content.decode()
    assert client.post(f"{address}nha{month}", {"records": "125"}).status_code == 302
    assert client.post(f"{address}submit{month}").status_code == 302
    payment = {"id": str(uuid7()), "rupees": "360", "on": "2026-09-01", "reference": "RKS 7"}
    for _ in range(2):
        assert client.post(f"{address}pay{month}", payment).status_code == 302
    assert IncentivePayment.objects.count() == 1
    text = client.get(f"/incentive/{month}").content.decode()
    assert "₹ 360" in text and ">-5</span>" in text
    assert client.post(f"{address}burn{month}").status_code == 422
    rows = client.get(f"/incentive/table.csv{month}").content.decode("utf-8-sig")
    assert "IN1010000001,2026-07,Green PHC,130,360.00" in rows
    estimate = client.post(f"{address}submit?month=2026-10")
    assert estimate.status_code == 422 and "nothing can be claimed" in estimate.content.decode()
    upload = io.BytesIO(b"hfr_id,month,records\nIN1010000001,2026-07,126\nIN0,2026-07,1\n")
    upload.name = "nha.csv"
    text = client.post("/incentive/nha", {"file": upload}).content.decode()
    assert "1 line was kept" in text and "No hospital of yours" in text
    assert queries.statement(town.green.pk, JULY).difference == -4


@pytest.mark.parametrize(
    "path",
    [
        "/reports/", "/reports/registers/", OCTOBER, "/incentive/", "/incentive/records",
        "/reports/idsp/2026-11-02/?part=L",
    ],
)  # fmt: skip
def test_empty_pages_stand_by_themselves(cast, path):
    assert cast.ds.client().get(path).status_code == 200


def test_a_spreadsheet_runs_no_name():
    assert sheets.as_csv([["=1+1", "-5", "ok"]]).decode("utf-8-sig").strip() == "'=1+1,'-5,ok"
