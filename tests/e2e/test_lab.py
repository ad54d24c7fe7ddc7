"""A test from the doctor's chip to the patient's telephone, with one token, in both languages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import Keys, barriers, fetched, log_in
from tests.e2e.visit import SLUG, pick

pytestmark = pytest.mark.browser
LANGUAGES = ["en"]
MOBILES = {"hi": "6000077101", "en": "6000077102"}


def registers(page: Page, site: Site, mobile: str) -> str:
    log_in(page, site, "ravi.ranjan", SLUG)
    page.fill("#id_mobile", mobile)
    page.fill("#id_name_hi", "सुनीता देवी")
    page.fill("#id_age", "34")
    page.check("input[name=sex][value=female]", force=True)
    page.locator("label", has=page.locator("input[name=department]")).first.click()
    expect(page.locator("#id_name_en")).not_to_have_value("")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"slip="))
    return page.url.split("slip=")[1].split("&")[0]


def doctor_orders(page: Page, site: Site, number: str) -> None:
    log_in(page, site, "anjali.jha", SLUG)
    # Straight from the slip, past the nursing desk: this journey is about the laboratory.
    page.evaluate(
        """(path) => fetch(path, {method: "POST", headers: {
            "X-CSRFToken": document.cookie.match("csrftoken=([^;]*)")[1]}})""",
        f"/opd/{number}/call",
    )
    page.goto(site.url(SLUG, f"/opd/{number}/"))
    pick(page, "complaints", "sir", nth=0)
    pick(page, "diagnoses", "उच्च रक्त", nth=0)
    pick(page, "tests", "kidney", nth=0)
    page.keyboard.press("Control+Enter")
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Enter")
    expect(page.locator(".signed")).to_be_visible()


def technician_works(page: Page, site: Site, number: str) -> tuple[str, int]:
    """Scan, Enter, label; scan the tube, five values; (accession, keys)."""
    log_in(page, site, "puja.lab", SLUG)
    expect(page).to_have_url(re.compile("/lab/"))
    page.fill("#id_q", number)
    page.keyboard.press("Enter")
    expect(page.locator("#take")).to_be_visible()
    assert barriers(page) == []
    page.locator("#take button").press("Enter")
    expect(page.locator(".lbl svg")).to_be_visible()
    accession = page.locator(".lbl .ac").inner_text()
    assert barriers(page) == []
    page.goto(site.url(SLUG, f"/lab/worklist?q={accession}"))
    return accession, types_values(page)


def types_values(page: Page) -> int:
    first = page.locator("#grid [data-next]").first
    first.fill("2800")
    expect(page.locator("#grid .why")).to_be_visible()
    assert barriers(page) == []
    page.locator("#grid [data-guess]").click()
    expect(page.locator("#grid .why")).to_have_count(0)
    first.fill("")
    first.focus()
    keys = Keys(page)
    for value in ("28", "1", "4", "138", "4"):  # urea, creatinine, uric acid, sodium, potassium
        keys.type(value)
        keys.press("Enter")
    expect(page).to_have_url(re.compile("/lab/worklist"))
    return keys.count


def nothing_is_out(page: Page, site: Site, mobile: str) -> None:
    enters(page, site, mobile)
    expect(page.locator("main")).to_be_visible()
    assert page.locator("a[href*='/p/paper']", has_text=re.compile("रिपोर्ट|report")).count() == 0


def verifier_signs(page: Page, site: Site, accession: str) -> int:
    log_in(page, site, "path.purnia", SLUG)
    expect(page).to_have_url(re.compile("/lab/verify"))
    page.goto(site.url(SLUG, f"/lab/{accession}/verify"))
    expect(page.locator("#pin")).to_be_focused()
    assert barriers(page) == []
    keys = Keys(page)
    keys.type(site.accounts["pin"])
    keys.press("Enter")
    expect(page.locator("#bh-messages")).to_contain_text(accession)
    return keys.count


def doctor_sees(page: Page, site: Site, number: str) -> None:
    """The same token is back with its badge; the values stand beside the visit."""
    log_in(page, site, "anjali.jha", SLUG)
    row = page.locator(f"#q-{number}")
    expect(row.locator(".bh-b").last).to_have_text("रिपोर्ट" if site.lang == "hi" else "Report")
    page.goto(site.url(SLUG, f"/opd/{number}/"))
    expect(page.locator("#results")).to_contain_text("138")
    assert barriers(page) == []
    page.goto(site.url(SLUG, "/opd/results/"))
    assert barriers(page) == []


def enters(page: Page, site: Site, mobile: str) -> None:
    page.goto(site.url("", "/p/"))
    page.fill("#number", mobile)
    page.keyboard.press("Enter")
    expect(page.locator("#number[autocomplete=one-time-code]")).to_be_visible()
    sms = page.context.new_page()
    sms.goto(site.url("", "/messages/"))
    code = re.search(r"\b(\d{6})\b", sms.locator("body").inner_text())
    assert code
    sms.close()
    page.fill("#number", code[1])
    page.keyboard.press("Enter")


def patient_reads(page: Page, site: Site) -> None:
    page.goto(site.url("", "/p/"))
    page.locator("a.pp-row", has_text="रिपोर्ट" if site.lang == "hi" else "Test report").click()
    expect(page.locator("main")).to_contain_text("138")
    assert barriers(page) == []
    link = page.locator(f"main a[href*='.pdf'][href*='lang={site.lang}']").first
    expect(link).to_be_visible()
    for _ in range(40):
        body = fetched(page, link.get_attribute("href") or "")
        if body[:5] == b"%PDF-":
            return
        page.wait_for_timeout(500)
    raise AssertionError("the report was not drawn")


def test_a_test_from_order_to_report(site: Site, open_page, lang: str):
    mobile = MOBILES[lang]
    number = registers(open_page(), site, mobile)
    doctor = open_page()
    doctor_orders(doctor, site, number)
    accession, typed = technician_works(open_page(), site, number)
    patient = open_page(360, 640)
    nothing_is_out(patient, site, mobile)
    assert typed + verifier_signs(open_page(), site, accession) <= 18
    doctor_sees(open_page(), site, number)
    patient_reads(patient, site)
