"""Journey 1 by keyboard alone, on one patient: gate's list, nurse, doctor's signature."""

import re
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import Keys, log_in
from tests.e2e.test_doctor import DOCTOR, ROUTINE, SLUG, signs, writes
from tests.e2e.test_vitals import measures_by_keyboard

pytestmark = pytest.mark.browser
LANGUAGES = ["hi", "en"]
MOST, CLERK = 52, 2


def test_from_the_list_to_the_signed_paper_without_a_mouse(site: Site, open_page):
    site.renew()  # the list that the other language used up
    number, clerk = takes_the_first(open_page(), site)
    nurse = open_page()
    log_in(nurse, site, "rita.singh", SLUG)
    measured = measures_by_keyboard(nurse, site, number)
    doctor = open_page()
    log_in(doctor, site, DOCTOR, SLUG)
    doctor.goto(site.url(SLUG, "/opd/"))
    keys = Keys(doctor)
    keys.scan(number)
    expect(doctor).to_have_url(re.compile(f"/opd/{number}/"))
    expect(doctor.locator("#q-complaints")).to_be_focused()
    writes(doctor, keys)
    signs(doctor, site, keys)
    total = clerk + measured + keys.count
    sys.stdout.write(f"J1: {clerk} + {measured} + {keys.count} = {total} keys (budget {MOST})\n")
    assert keys.count <= ROUTINE
    assert total <= MOST


def takes_the_first(page: Page, site: Site) -> tuple[str, int]:
    """Slip number, and the keys it took the clerk. The journey's Sunita is grown up; of children
    the nurse asks the weight first."""
    log_in(page, site, "ravi.ranjan", SLUG)
    page.goto(site.url(SLUG, "/reg/"))
    rows = page.locator(".came-rows li")
    expect(rows.first).to_be_visible()
    for _ in range(rows.count()):
        age = int(re.search(r"\d+", rows.first.locator(".c-who").inner_text())[0])
        keys, left = Keys(page), rows.count() - 1
        keys.press("F4")
        expect(rows).to_have_count(left)
        page.wait_for_load_state()
        if age >= 18:
            assert keys.count <= CLERK
            return page.url.split("slip=")[1].split("&")[0], keys.count
    raise AssertionError("nobody grown up on the list")
