"""A hundred hospitals from one file: looked at first, then on board, with a report."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.audit.models import AuditEvent
from apps.core.ids import uuid7
from apps.facilities.forms_list import decoded
from apps.facilities.models import Facility, OnboardingList
from tests.cast import GREEN
from tests.facilities.master import entry

HEAD = "register_code,name,facility_type,slug,prefix\n"
MANY = "/hospitals/many?lang=en"


@pytest.fixture
def listed(cast):
    """T1 and T2 are fine, T3 has no level; B1 lies in another district."""
    for code, kind in (("T1", "PHC"), ("T2", "PHC"), ("T3", "BLOCK")):
        entry(code, facility_type=kind, district_code=GREEN["district_code"])
    entry("B1", facility_type="PHC", district_code="212")
    return cast.neha.client()


def send(client, text, **more):
    raw = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("a.csv", raw, "text/csv")
    return client.post(MANY, {"id": str(uuid7()), "file": file, **more})


def commit(client, text, id):
    return client.post(MANY, {"id": str(id), "text": text, "commit": "1"})


def test_it_works(cast, listed, django_capture_on_commit_callbacks):
    text = HEAD + "T1,,,phc-test,TST\nT2\nT3\nB1\nT9\nT1\n"
    html = send(listed, text).content.decode()
    assert "2 hospitals can come on board" in html and "4 lines cannot be done" in html
    assert "outside of your office" in html and "Choose the level" in html
    assert "not in the register" in html and "stands twice" in html
    assert not Facility.objects.filter(register_code="T1").exists()
    made = uuid7()
    with django_capture_on_commit_callbacks(execute=True):
        answer = commit(listed, text, made)
    assert answer.url == f"/hospitals/many/{made}"
    one = Facility.objects.get(register_code="T1")
    assert (one.slug, one.prefix, one.status) == ("phc-test", "TST", "active")
    html = listed.get(f"{answer.url}?lang=en").content.decode()
    assert "2 of 6 are on Bhavya" in html and "4 lines were not done" in html
    assert "every 2s" not in html
    report = listed.get(f"/hospitals/many/{made}.csv?lang=en").content.decode("utf-8-sig")
    lines = report.splitlines()
    assert len(lines) == 5 and lines[1].startswith("4,T3,") and lines[1].count("refused") == 1
    told = AuditEvent.objects.get(event="hospitals.listed")
    assert told.detail == {"lines": {"queued": 2, "refused": 4}}


def test_it_is_safe_to_send_twice(cast, listed, django_capture_on_commit_callbacks):
    made, text = uuid7(), HEAD + "T1\nT2\n"
    with django_capture_on_commit_callbacks(execute=True):
        commit(listed, text, made)
        commit(listed, text, made)
        commit(listed, text, uuid7())  # the same list from a new page
    assert Facility.objects.filter(register_code__in=["T1", "T2"]).count() == 2
    assert OnboardingList.objects.count() == 2
    assert "All hospitals of this list are on Bhavya already" in send(listed, text).content.decode()


def test_while_schemas_are_made_the_page_asks_again_and_shows_a_failure(cast, listed):
    made = uuid7()
    commit(listed, HEAD + "T1\nT2\n", made)  # the jobs wait for a commit that a test never makes
    address = f"/hospitals/many/{made}?lang=en"
    html = listed.get(address).content.decode()
    assert "every 2s" in html and "0 of 2 are on Bhavya" in html
    Facility.objects.filter(register_code="T1").update(status="failed", failure="DataError 22012")
    html = listed.get(address).content.decode()
    assert "Set-up failed" in html and "DataError 22012" in html


def test_a_line_in_another_encoding_does_not_stop_the_others(cast, listed):
    raw = HEAD.encode() + "T1,अमौर\n".encode() + b"T2,Caf\xe9\n"
    html = send(listed, raw).content.decode()
    assert "2 hospitals can come on board" in html and "encoding in line 3" in html
    text, odd = decoded("register_code\tname\nT1\tअमौर\n".encode("utf-16"))
    assert "अमौर" in text and odd == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code;x\n", "no hospitals"), ("name\nT1\n", "register_code"), ("", "Choose the file"),
        (b"PK\x03\x04\0\0", "no CSV"), (HEAD + "T1\n" * 151, "at most 150"),
        (HEAD + "T1,,,Bad Slug!\n", "no web address"), (HEAD + "T1,,,,1\n", "no number prefix"),
        (HEAD + "T1,,,www\n", "no web address"), (b"register_code\n" + b"x" * 300_000, "256 KB"),
    ],
)  # fmt: skip
def test_a_bad_list_gets_a_clear_sentence(cast, listed, text, said):
    assert said in send(listed, text).content.decode()
    assert Facility.objects.count() == 2


def test_semicolons_and_hindi_headings_are_read(cast, listed):
    html = send(listed, "कोड;स्तर\nT3;CHC\n").content.decode()
    assert "1 hospital can come on board" in html


def test_another_office_does_not_see_the_list(cast, listed):
    made = uuid7()
    commit(listed, HEAD + "T1\n", made)
    assert cast.other_admin.client().get(f"/hospitals/many/{made}").status_code == 404


def test_the_template_lists_who_is_still_to_come(cast, listed):
    text = listed.get("/hospitals/many.csv").content.decode("utf-8-sig")
    assert "T1," in text and "T3," in text and "B1," not in text
