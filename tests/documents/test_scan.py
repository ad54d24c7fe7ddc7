"""Old papers: photos cleaned and put together; what cannot be read is told, nothing is kept."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from apps.core.errors import Forbidden, Refused
from apps.core.ids import uuid7
from apps.documents import actions, queries
from apps.documents.models import DocumentReference


def photo(kind="JPEG", size=(1200, 1600)):
    """A photograph that says where it was taken, lying on its side."""
    picture = Image.new("RGB", size, "white")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    out = io.BytesIO()
    picture.save(out, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return out.getvalue()


def pdf(pages=2, *, locked=False):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('boo')")}
    deed = DictionaryObject({NameObject(key): value for key, value in action.items()})
    writer.root_object[NameObject("/OpenAction")] = deed
    if locked:
        writer.encrypt("secret")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def scan(cast, visit, *files, id=None, by=None, what="report", dated=None):
    return actions.add_scan(
        visit.id, id=id or uuid7(), files=list(files), what=what, dated=dated,
        actor=(by or cast.ravi).actor,
    )  # fmt: skip


def test_it_works(cast, visit, media, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = scan(cast, visit, photo(), photo("PNG"), pdf())
    paper = queries.document(paper.pk)
    assert (paper.kind, paper.form) == ("HealthDocumentRecord", "scan")
    file = queries.rendition(paper, "hi-a4")
    assert (file.status, file.pages) == ("ready", 4)
    data = queries.pdf(paper, "hi-a4")
    assert b"SecretPhone" not in data
    assert b"app.alert" not in data
    first = PdfReader(io.BytesIO(data)).pages[0].mediabox
    assert first.width > first.height  # EXIF said: turned
    assert all(b"SecretPhone" not in p.read_bytes() for p in media.rglob("*") if p.is_file())


def test_it_is_safe_to_send_twice(cast, visit, media):
    same = uuid7()
    assert scan(cast, visit, photo(), id=same).pk == scan(cast, visit, photo(), id=same).pk
    assert DocumentReference.objects.count() == 1


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "scan.none"),
        ([b"GIF89a....."], "scan.type"),
        ([b"\xff\xd8\xff\xe0 broken"], "scan.broken"),
        ([b"%PDF-1.7 broken"], "scan.broken"),
        ([b"x" * (10 * 1024 * 1024 + 1)], "scan.too_large"),
        ([b"x"] * 21, "scan.too_many"),
    ],
)
def test_it_refuses_files(cast, visit, media, files, code):
    with pytest.raises(Refused) as no:
        scan(cast, visit, *files)
    assert no.value.code == code
    assert not DocumentReference.objects.exists()
    assert list(media.rglob("*.*")) == []


def test_it_refuses_locked_and_endless_pdfs(cast, visit, media):
    with pytest.raises(Refused, match=r"scan\.locked"):
        scan(cast, visit, pdf(locked=True))
    with pytest.raises(Refused, match=r"scan\.too_many"):
        scan(cast, visit, pdf(21))


def test_it_refuses_an_unknown_kind_and_a_day_to_come(cast, visit, media):
    with pytest.raises(Refused, match=r"scan\.kind"):
        scan(cast, visit, photo(), what="novel")
    with pytest.raises(Refused, match=r"scan\.date"):
        scan(cast, visit, photo(), dated=timezone.localdate() + timedelta(days=1))


def test_a_pharmacist_may_not(cast, visit):
    with pytest.raises(Forbidden):
        scan(cast, visit, photo(), by=cast.meena)


def test_the_page(cast, visit, media):
    client = cast.rita.client()
    url = f"/visits/{visit.id}/scan"
    assert client.get(url).status_code == 200
    form = {"id": str(uuid7()), "what": "card", "dated": "2020-01-31", "note": ""}
    assert client.post(url, form).status_code == 422
    page = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    done = client.post(url, form | {"pages": [page]})
    assert done.status_code == 302
    connection.set_tenant(cast.green)
    assert DocumentReference.objects.get().content["scan"]["dated"] == "2020-01-31"


def test_the_slips_of_today_lead_to_it(cast, visit):
    listed = cast.ravi.client().get("/reg/slips").content.decode()
    assert f"/visits/{visit.id}/scan" in listed
