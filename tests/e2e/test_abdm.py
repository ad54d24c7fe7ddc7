"""From the QR on the wall to the paper on the phone, through a gateway in a process of its own:
share, token, window, nurse, doctor, linking by itself, reading by the patient's consent."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, fetched, log_in, qr_in_pdf
from tests.e2e.visit import SLUG, doctor_signs, doctor_writes, nurse_measures

pytestmark = pytest.mark.browser
LINKED_WITHIN_S = 30
SUNITA = "sunita.devi87@sbx"
WORDS = {
    "hi": {"share": "साझा करें", "pull": "काग़ज़ मँगाएँ", "allow": "अनुमति दें"},
    "en": {"share": "Share", "pull": "Get the records", "allow": "Allow"},
}


def test_from_the_poster_to_the_paper_on_the_phone(site: Site, open_page):
    site.renew()
    site.start_stand_in()
    assert site.accounts["phone"] == site.phone()
    address = poster_is_read(open_page(), site)
    phone = open_page(360, 640)
    token = phone_shares(phone, site, address)
    number = clerk_takes_her(open_page(), site, token)
    nurse_measures(open_page(), site, number)
    doctor = open_page()
    doctor_writes(doctor, site, number)
    doctor_signs(doctor, site)
    visit_arrives(phone, site, number)
    phone_reads(phone, site)


def poster_is_read(page: Page, site: Site) -> str:
    """The manager's poster of the first window, as a camera reads it."""
    log_in(page, site, "manager.purnia", SLUG)
    page.goto(site.url(SLUG, "/abdm/posters/"))
    assert barriers(page) == []
    links = page.locator("a[href*='posters.pdf?counter=']")
    address = links.nth(1).get_attribute("href") or ""
    read = qr_in_pdf(fetched(page, address))
    assert read.startswith(site.phone("/phr/share-profile?hip-id="))
    return read


def phone_shares(phone: Page, site: Site, address: str) -> str:
    """Scan, say who, look at what is told, share; returns the number that arrives."""
    phone.goto(address)
    if site.lang == "en":
        phone.locator("button.lang").click()
        expect(phone.locator("html")).to_have_attribute("lang", "en")
    assert fits(phone)
    phone.locator(f"button[value='{SUNITA}']").click()
    expect(phone.locator("dl")).to_contain_text("91-0000-0000")
    assert fits(phone)
    phone.get_by_role("button", name=WORDS[site.lang]["share"]).click()
    expect(phone.locator("#token")).to_be_visible()
    assert fits(phone)
    return phone.locator("#token").inner_text()


def clerk_takes_her(page: Page, site: Site, token: str) -> str:
    """She stands on the list with the number of her phone: one press; returns the slip number."""
    log_in(page, site, "ravi.ranjan", SLUG)
    page.goto(site.url(SLUG, "/reg/"))
    hers = page.locator(".came-rows li", has_text="ABHA")
    expect(hers).to_contain_text(re.compile(rf"\b{token}\b"))
    expect(hers).to_contain_text(re.compile("Sunita Devi|सुनीता देवी"))
    hers.locator("button").click()
    expect(page.locator(".tk.made .big")).to_be_visible()
    return page.url.split("slip=")[1].split("&")[0]


def visit_arrives(phone: Page, site: Site, number: str) -> None:
    """Nobody presses anything: the signed visit stands in the app."""
    until = time.monotonic() + LINKED_WITHIN_S
    while number not in phone.goto(site.phone("/phr/records")).text():
        assert time.monotonic() < until, "the visit was not linked"
        phone.wait_for_timeout(500)
    assert fits(phone)


def phone_reads(phone: Page, site: Site) -> None:
    phone.get_by_role("button", name=WORDS[site.lang]["pull"]).click()
    papers = phone.locator("a.tile[href^='/phr/records/']")
    expect(papers.first).to_be_visible(timeout=30_000)
    assert fits(phone)
    papers.first.click()
    expect(phone.locator("main")).to_contain_text("Amlodipine 5 mg")
    assert fits(phone)


def fits(phone: Page) -> bool:
    """A narrow phone shows all of it, and whoever sees badly can use it."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert barriers(phone) == []
    return True
