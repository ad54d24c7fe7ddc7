"""A medicine from the doctor's pen to an empty bin: given in two parts, then out for everybody."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in
from tests.e2e.test_lab import registers
from tests.e2e.visit import SLUG, nurse_measures, pick

pytestmark = pytest.mark.browser
LANGUAGES = ["en"]
# Two that the demo does not lay on any shelf, so that each language has its own.
MEDICINES = {"hi": ("MED0861", "Thiamine"), "en": ("MED0860", "Riboflavin")}
MOBILES = {"hi": "6000077201", "en": "6000077202"}


def keeper_fills(page: Page, site: Site, code: str, batch: str, quantity: str) -> None:
    """A lot onto the counter's shelf, fields in their order by keyboard."""
    page.goto(site.url(SLUG, f"/stock/receive?code={code}"))
    page.fill("#id_batch_no", batch)
    page.fill("#id_expiry", "31-12-2031")
    page.fill("#id_quantity", quantity)
    page.select_option("form.fc-grid select[name=store]", "counter-1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#bh-messages")).to_contain_text(batch)


def doctor_prescribes(page: Page, site: Site, number: str, code: str, name: str) -> None:
    log_in(page, site, "anjali.jha", SLUG)
    page.goto(site.url(SLUG, f"/opd/{number}/"))
    page.locator("form[action$='/call'] button").click()
    pick(page, "complaints", "sir", nth=0)
    pick(page, "diagnoses", "उच्च रक्त", nth=0)
    page.locator("#q-medicines").press_sequentially(name[:6], delay=15)
    page.locator(f"#found-medicines .hit[value$=':{code}']").click()
    page.fill("#dose", "001")
    page.keyboard.press("Tab")
    page.fill("#days", "30")
    page.keyboard.press("Tab")
    expect(page.locator("#quantity")).to_have_value("30")
    page.keyboard.press("Control+Enter")
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Enter")
    expect(page.locator(".signed")).to_be_visible()


def scans(page: Page, number: str) -> None:
    """What the scanner types at the counter: the cursor stands there already."""
    expect(page.locator("#id_q")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(page.locator("#give .ln[data-line]")).to_have_count(1)


def gives(page: Page, keys: list[str]) -> None:
    for key in keys:
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile(r"/rx/\?done="))


def a_part_is_given(page: Page, site: Site, number: str) -> None:
    """12 of 30: one chord after the scan (2 keys, 3 allowed); labels, and a slip for 18."""
    page.goto(site.url(SLUG, "/rx/"))
    expect(page.locator(".rail .bh-queue")).to_be_visible()
    assert barriers(page) == []
    scans(page, number)
    expect(page.locator("#give .cnt")).to_have_text("30 / 12")
    expect(page.locator("#give .say")).to_contain_text("18")
    assert barriers(page) == []
    gives(page, ["Control+Enter"])
    expect(page.locator(".done-card")).to_contain_text("18")
    papers = {
        name: page.locator(f".done-card a[href$='/{name}']").get_attribute("href") or ""
        for name in ("labels", "slip")
    }
    for name, words in (("labels", "12"), ("slip", "18")):
        page.goto(site.url(SLUG, f"{papers[name]}?stay"))
        expect(page.locator("main")).to_contain_text(words)
        assert barriers(page) == []


def the_rest_is_given(page: Page, site: Site, number: str) -> None:
    page.goto(site.url(SLUG, "/rx/"))
    scans(page, number)
    expect(page.locator("#give .cnt")).to_contain_text("18 / 50")
    gives(page, ["Control+Enter"])
    expect(page.locator(".done-card .bh-al")).to_have_count(0)


def the_bin_is_empty(page: Page, site: Site, doctor: Page, number: str, medicine: tuple[str, str]):
    """One press at the shelf; the doctor's search says so within 5 seconds."""
    code, name = medicine
    page.goto(site.url(SLUG, f"/stock/{code}/"))
    assert barriers(page) == []
    page.locator(f"form[action$='/stock/{code}/empty'] button").first.press("Enter")
    expect(page.locator("#bh-messages")).not_to_be_empty()
    doctor.goto(site.url(SLUG, f"/opd/{number}/find/medicines?q={name}"))
    expect(doctor.locator(f".hit[value$=':{code}'] .bh-b.bad")).to_be_visible(timeout=5_000)


def the_indent_goes_off(page: Page, site: Site) -> None:
    """The draft is there already: one chord sends it (9 keys allowed for 20 items)."""
    page.goto(site.url(SLUG, "/stock/indent/new"))
    expect(page.locator("input[name^=asked-]").first).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/stock/indent/[0-9a-f-]{36}/"))
    assert barriers(page) == []


def test_a_medicine_from_pen_to_empty_bin(site: Site, open_page, lang: str):
    code, name = MEDICINES[lang]
    number = registers(open_page(), site, MOBILES[lang])
    nurse_measures(open_page(), site, number)
    counter, doctor = open_page(), open_page()
    log_in(counter, site, "meena.devi", SLUG)
    expect(counter).to_have_url(re.compile("/rx/"))
    keeper_fills(counter, site, code, f"{lang.upper()}-1", "12")
    doctor_prescribes(doctor, site, number, code, name)
    a_part_is_given(counter, site, number)
    keeper_fills(counter, site, code, f"{lang.upper()}-2", "50")
    the_rest_is_given(counter, site, number)
    the_bin_is_empty(counter, site, doctor, number, (code, name))
    the_indent_goes_off(counter, site)
