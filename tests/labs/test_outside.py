"""Samples that go out, and their results as a table."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from pypdf import PdfWriter

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents.models import DocumentReference
from apps.encounters.models import QueueToken
from apps.labs import actions, queries
from tests.labs.samples import PIN, collected, pathologist, technician


@pytest.fixture
def sample(cast):
    _, (sample,) = collected(cast, "TFT", "LIPID", "KFT")
    orders = [order.pk for order in queries.orders_on(sample)]
    actions.send_out(orders, performer="PPP", actor=technician(cast).actor)
    return sample


def table(*rows):
    return "\n".join(["accession,test_code,value,unit", *rows]).encode()


def read(cast, *rows, keep_good=True):
    return actions.read_results(table(*rows), keep_good=keep_good, actor=technician(cast).actor)


def test_it_works(cast, sample):
    assert queries.outside()[0]["tests"] == "TFT LIPID KFT"
    assert queries.worklist()["rows"] == []
    number = sample.accession
    rows = [f"{number},{code},{value}," for code, value in (
        ("TSH", "2.1"), ("T3", "120"), ("T4", "8"), ("CHOL", "180"), ("TG", "120"), ("HDL", "50"),
        ("UREA", "28"), ("CREA", "0.9"))]  # fmt: skip
    found = read(cast, *rows)
    assert (found.good, found.samples, found.bad) == (8, 1, [])
    reports = actions.verify(number, id=uuid7(), pin=PIN, actor=pathologist(cast).actor)
    assert {report.source for report in reports} == {"PPP"}
    today = timezone.localdate()
    assert [row["n"] for row in queries.outside_counts(today)] == [1, 1, 1]
    assert queries.outside_counts(date(2020, 1, 1)) == []


@pytest.mark.parametrize(("keep_good", "left"), [(True, 397), (False, 0)])
def test_three_bad_rows_in_four_hundred(cast, sample, keep_good, left):
    good = [f"{sample.accession},TSH,{1 + n / 1000:.3f},uIU/mL" for n in range(397)]
    bad = ["NOWHERE-L-1,TSH,2,", f"{sample.accession},HB,12,", f"{sample.accession},CHOL,18000,"]
    found = read(cast, *good, *bad, keep_good=keep_good)
    assert [n for n, _ in found.bad] == [399, 400, 401]
    assert [no.code for _, no in found.bad] == [
        "specimen.not_found", "outside.not_sent", "result.impossible_guess",
    ]  # fmt: skip
    assert all(no.sentence != no.code for _, no in found.bad)
    assert found.kept is keep_good
    stored = queries.reports_of(queries.orders_on(sample))
    assert bool(stored) is bool(left)


def test_it_refuses_what_is_no_table(cast, sample):
    for data in (b"", b"%PDF-1.7 nothing", b"a,b\n1,2\n", b"accession,test_code,value\n"):
        with pytest.raises(Refused, match=r"outside\.file"):
            actions.read_results(data, keep_good=True, actor=technician(cast).actor)


def test_it_is_safe_to_send_twice(cast, sample):
    row = f"{sample.accession},TSH,2.1,"
    for _ in range(2):
        read(cast, row)
    assert len(queries.reports_of(queries.orders_on(sample))) == 1


def test_it_comes_back_to_our_benches(cast, sample):
    by = technician(cast).actor
    orders = [order.pk for order in queries.orders_on(sample)]
    with pytest.raises(Refused, match=r"outside\.unknown"):
        actions.send_out(orders, performer="ELSE", actor=by)
    actions.send_out(orders, performer="", actor=by)
    assert len(queries.worklist()["rows"]) == 1
    with pytest.raises(Forbidden):
        actions.send_out(orders, performer="PPP", actor=cast.ravi.actor)


def pdf():
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def test_the_laboratorys_own_paper_ends_the_tests_and_is_kept_once(cast, sample):
    """Days later too; the token of today goes back to the doctor as with typed results."""
    key, expert = uuid7(), pathologist(cast).actor
    for _ in range(2):
        done = actions.read_paper(sample.accession, id=key, files=[pdf()], actor=expert)
        assert {order.test_code for order in done} == {"TFT", "LIPID", "KFT"}
    assert queries.outside() == []
    assert DocumentReference.objects.filter(pk=key, form="scan").count() == 1
    token = QueueToken.objects.get(encounter_id=sample.encounter_id)
    assert (token.station, token.returning) == ("doctor", "report")
    assert [row["n"] for row in queries.outside_counts(timezone.localdate())] == [1, 1, 1]
    assert queries.outside_counts(date(2020, 1, 1)) == []
    for page in ("/lab/outside", f"/lab/{sample.accession}/result"):
        assert pathologist(cast).client().get(page).status_code == 200
        connection.set_tenant(cast.green)
    with pytest.raises(Refused, match=r"outside\.no_paper"):
        actions.read_paper(sample.accession, id=uuid7(), files=[pdf()], actor=expert)


def test_a_paper_is_refused_whole(cast, sample):
    expert = pathologist(cast).actor
    with pytest.raises(Forbidden):
        actions.read_paper(
            sample.accession, id=uuid7(), files=[pdf()], actor=technician(cast).actor
        )
    for accession, files, code in (
        ("NOWHERE-L-1", [pdf()], "specimen.not_found"),
        (sample.accession, [b"hello"], "scan.type"),
        (sample.accession, [b"%PDF-1.4 half"], "scan.broken"),
    ):
        with pytest.raises(Refused, match=code):
            actions.read_paper(accession, id=uuid7(), files=files, actor=expert)
    assert queries.outside()[0]["tests"] == "TFT LIPID KFT"
    assert not DocumentReference.objects.exists()


def test_the_page_takes_a_paper(cast, sample):
    client = pathologist(cast).client()
    page = client.get("/lab/outside").content.decode()
    assert sample.accession in page
    assert 'name="pages"' in page
    sent = {"accession": sample.accession, "id": str(uuid7())}
    assert client.post("/lab/outside/scan", sent).status_code == 422
    file = SimpleUploadedFile("report.pdf", pdf(), "application/pdf")
    assert client.post("/lab/outside/scan", sent | {"pages": file}).status_code == 302
    connection.set_tenant(cast.green)
    assert queries.outside() == []
