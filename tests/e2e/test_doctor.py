"""The doctor's day by keyboard alone, with every key counted; and the power that goes."""

import re
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import Keys, barriers, log_in

pytestmark = pytest.mark.browser
SLUG, DOCTOR = "dh-purnia", "anjali.jha"
ROUTINE, REPEAT = 25, 6
AGAIN = """
from apps.demo.seed import SYSTEM, known_id
from apps.core.ids import uuid7
from apps.core.tenancy import facility_context
from apps.encounters import actions, queries
with facility_context(known_id("facility", "{slug}")):
    seen = queries.by_number("{number}")
    new = actions.start_visit(seen.patient_id, id=uuid7(), department="MED", actor=SYSTEM)
    actions.skip_vitals(new.pk, reason="urgent", actor=SYSTEM)
    print(queries.visit(new.pk).number)
"""


def calls_a_new_visit(page: Page) -> Keys:
    """F2 until someone comes who was not here before today; counts from that one's call on.

    Those back from the laboratory come first, and their pages hold results, not an empty sheet.
    """
    for _ in range(10):
        keys, before = Keys(page), page.url
        keys.press("F2")
        page.wait_for_url(lambda url, before=before: url != before and "/opd/PUR-" in url)
        if page.locator("#q-complaints").count():
            return keys
        page.locator("form[action$='/seen'] button").last.click()
        page.wait_for_load_state()
    raise AssertionError("nobody new in the queue")


def test_a_routine_and_a_repeat_visit_by_keyboard(site: Site, open_page, lang: str):
    page = open_page()
    log_in(page, site, DOCTOR, SLUG)
    page.goto(site.url(SLUG, "/opd/"))
    keys = calls_a_new_visit(page)
    number = page.url.rstrip("/").split("/")[-1]
    expect(page.locator("#q-complaints")).to_be_focused()
    writes(page, keys)
    assert barriers(page) == []
    signs(page, site, keys)
    sys.stdout.write(f"routine visit: {keys.count} of {ROUTINE} keys\n")
    assert keys.count <= ROUTINE, keys.count
    again = site.manage("shell", "-c", AGAIN.format(slug=SLUG, number=number)).split()[-1]
    page.goto(site.url(SLUG, f"/opd/{again}/"))
    expect(page.locator("#q-complaints")).to_be_focused()
    keys = Keys(page)
    keys.press("Alt+KeyR")
    expect(page.locator("#part-medicines .rx .name")).not_to_have_count(0)
    signs(page, site, keys, enter=False)
    sys.stdout.write(f"repeat visit: {keys.count} of {REPEAT} keys\n")
    assert keys.count <= REPEAT, keys.count


def writes(page: Page, keys: Keys) -> None:
    """Complaint and days, diagnosis, set, one dose, two tests, the next visit."""
    keys.press("1")
    expect(page.locator(".days-now")).to_be_visible()
    keys.press("3")
    expect(page.locator("#part-complaints .bh-tag")).to_contain_text("3")
    keys.press("Alt+Digit2", "v", "i", "r", "Enter")
    expect(page.locator("#part-diagnoses .bh-tag")).to_contain_text("B34.9")
    expect(page.locator("[data-key='Alt+KeyS']")).to_be_visible()
    keys.press("Alt+KeyS")
    expect(page.locator("#row-0")).to_be_visible()
    expect(page.locator("#q-medicines")).to_be_focused()
    keys.press("1")
    expect(page.locator("#dose")).to_be_focused()
    keys.press("1", "1", "1", "Enter")
    expect(page.locator("#ed")).to_have_count(0)
    expect(page.locator("#row-0 .dose")).to_have_text("1-1-1")
    keys.press("Alt+Digit4", "1")
    expect(page.locator("#f-tests input:checked")).to_have_count(1)
    keys.press("2")
    expect(page.locator("#f-tests input:checked")).to_have_count(2)
    keys.press("Alt+Digit5", "1")
    expect(page.locator("#follow-0")).not_to_be_checked()


def signs(page: Page, site: Site, keys: Keys, *, enter: bool = True) -> None:
    keys.press("Control+Enter")
    expect(page.locator("#pin")).to_be_focused()
    keys.press(*site.accounts["pin"])
    page.keyboard.press("Enter")
    keys.count += enter
    expect(page.locator(".signed")).to_be_visible()


def test_the_power_goes_between_two_edits(site: Site, open_page):
    """What was written before is on the server; the field being typed is in the browser."""
    page = open_page()
    log_in(page, site, DOCTOR, SLUG)
    page.goto(site.url(SLUG, "/opd/"))
    page.keyboard.press("F2")
    page.wait_for_url(re.compile(r"/opd/PUR-\d\d-\d+/"))
    page.keyboard.press("1")
    expect(page.locator("#part-complaints .bh-tag")).to_have_count(1)
    site.power_cut()
    page.locator("#advice-text").press_sequentially("दो दिन आराम")
    site.power_cut()
    page.reload()
    expect(page.locator("#part-complaints .bh-tag")).to_have_count(1)
    expect(page.locator("#advice-text")).to_have_value("दो दिन आराम")
    page.reload()  # by now the server has it as well
    expect(page.locator("#advice-text")).to_have_value("दो दिन आराम")
