"""The QR posters: one for the house, one a window."""

import io

import pypdf
import pytest

from apps.abdm import queries
from apps.abdm.counters import HOUSE, counters
from apps.accounts.permissions import Role
from apps.facilities.config import FacilityConfig
from tests.abdm.conftest import GREEN_ID
from tests.e2e.steps import qr_in_pdf


@pytest.fixture
def manager(cast):
    return cast.member("green_manager", Role.HM, cast.green).client()


def test_it_works(cast, stand_in, manager):
    page = manager.get("/abdm/posters/").content.decode()
    assert "OPD1" in page
    assert HOUSE in page
    drawn = manager.get("/abdm/posters.pdf")
    assert drawn["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(drawn.content)).pages
    assert len(pages) == 1 + len(cast.green.config.get("counters", ["1"]))
    one = manager.get("/abdm/posters.pdf?counter=OPD1")
    assert len(pypdf.PdfReader(io.BytesIO(one.content)).pages) == 1


def test_the_qr_says_hospital_and_counter(cast, stand_in, settings):
    rows = {row["code"]: row["text"] for row in queries.posters(cast.green)["rows"]}
    assert rows["OPD1"].endswith(f"/share-profile?hip-id={GREEN_ID}&counter-id=OPD1")


def test_without_abdm_the_page_says_so(cast, manager):
    page = manager.get("/abdm/posters/")
    assert page.status_code == 200
    assert "OPD1" not in page.content.decode()
    assert manager.get("/abdm/posters.pdf").status_code == 404


def test_an_unknown_counter_has_no_poster(stand_in, manager):
    assert manager.get("/abdm/posters.pdf?counter=OPD77").status_code == 404


def test_codes_are_plain_short_and_each_its_own():
    names = ("1", "2", "खिड़की 1", "महिला", "Senior citizens and disabled people", "?", "??")
    codes = [one.code for one in counters(FacilityConfig(counters=names))]
    assert codes[:4] == ["GATE", "OPD1", "OPD2", "KHIDKEE1"]
    assert len(set(codes)) == len(codes) == 8
    assert all(code.isalnum() and code.isascii() and len(code) <= 20 for code in codes)


def test_a_new_window_leaves_the_others_as_they_are():
    before = counters(FacilityConfig(counters=("1", "2")))
    after = counters(FacilityConfig(counters=("महिला", "2", "1")))
    assert set(before) <= set(after)


def test_a_camera_reads_the_printed_code(stand_in, manager):
    drawn = manager.get("/abdm/posters.pdf?counter=OPD1").content
    assert qr_in_pdf(drawn).endswith(f"?hip-id={GREEN_ID}&counter-id=OPD1")
