"""Papers over time: signed, certified, added to, and read at home, in Hindi and in English."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import district, visit
from tests.e2e.site import Site
from tests.e2e.steps import barriers

pytestmark = pytest.mark.browser
SLUG = visit.SLUG


def prints_in_a_frame(page: Page) -> None:
    """The paper goes to the printer from a hidden frame, with its fonts, in under two seconds."""
    page.evaluate("window.kept = true")
    page.locator("a[data-print-frame]").first.click()
    page.locator("#bh-print[data-ready]").wait_for(state="attached", timeout=2_000)
    assert page.evaluate("window.kept")


def certificate(page: Page, site: Site, number: str) -> str:
    """Filled in, refused without a day, signed; returns the address of its check page."""
    page.goto(site.url(SLUG, f"/opd/{number}/certificate"))
    assert barriers(page) == []
    page.locator("label", has=page.locator("input[value=rest-certificate]")).click()
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Control+Enter")
    expect(page.locator(".es")).to_be_visible()
    page.fill("#ends", page.input_value("#starts"))
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/documents/"))
    assert barriers(page) == []
    return page.locator("a[href*='/v/']").first.get_attribute("href") or ""


def addendum(page: Page, site: Site, number: str) -> None:
    """A medicine is stopped, another one added."""
    page.goto(site.url(SLUG, f"/opd/{number}/"))
    page.locator("a[href$='/addendum']").click()
    expect(page.locator("#text")).to_be_visible()
    assert barriers(page) == []
    page.fill("#text", "BP 110/70")
    page.check("input[name=stop]")
    page.locator("#q").press_sequentially("paracet", delay=15)
    page.locator("#found .hit", has_text="500 mg").first.click()
    page.fill("#dose-1", "SOS")
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Control+Enter")
    expect(page.locator(".paper s")).to_contain_text("Amlodipine")
    expect(page.locator(".paper")).to_contain_text("BP 110/70")
    assert barriers(page) == []


def home(page: Page, site: Site, mobile: str) -> None:
    """The amended paper on the patient's phone: what was stopped says so; the certificate too."""
    visit.patient_enters(page, site, mobile)
    expect(page.locator(".pp-md s")).to_contain_text("Amlodipine")
    names = {"hi": "आराम का प्रमाण पत्र", "en": "Rest certificate"}
    expect(page.locator("main")).to_contain_text(names[site.lang])
    assert barriers(page) == []


def test_a_paper_lives_on(site: Site, open_page):
    clerk, mobile = open_page(), district.mobile()
    number = visit.clerk_registers(clerk, site, mobile)
    visit.nurse_measures(open_page(), site, number)
    doctor = open_page()
    visit.doctor_writes(doctor, site, number)
    visit.doctor_signs(doctor, site)
    prints_in_a_frame(doctor)
    check = certificate(doctor, site, number)
    addendum(doctor, site, number)
    doctor.goto(site.url(SLUG, f"/opd/{number}/history"))
    expect(doctor.locator(".tl").first).to_contain_text("Amlodipine")
    assert barriers(doctor) == []
    phone = open_page(360, 640)
    phone.goto(check)
    expect(phone.locator(".pp-say.ok")).to_be_visible()
    home(phone, site, mobile)
