"""From the QR on the wall to the paper on the phone, through a gateway in a process of its own:
share, token, window, nurse, doctor, linking by itself, reading by the patient's consent: on her
phone, then in the chart of a second hospital, until she takes it back."""

import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, fetched, log_in, qr_in_pdf
from tests.e2e.visit import SLUG, doctor_signs, doctor_writes, nurse_measures

pytestmark = pytest.mark.browser
SECOND, PLACE = "phc-srinagar", "srinagar"
LINKED_WITHIN_S, COMES_WITHIN_S = 30, 30
SETTLED_S = 16  # what was written in the last seconds is not asked for: clocks differ
SUNITA = "sunita.devi87@sbx"
WORDS = {
    "hi": {
        "share": "साझा करें", "pull": "काग़ज़ मँगाएँ", "allow": "अनुमति दें",
        "back": "अनुमति वापस लें", "ask": "मरीज़ से पूछें",
    },
    "en": {
        "share": "Share", "pull": "Get the records", "allow": "Allow", "back": "Take it back",
        "ask": "Ask the patient",
    },
}  # fmt: skip


def test_from_the_poster_to_the_paper_on_the_phone(site: Site, open_page):
    site.renew()
    site.start_stand_in()
    assert site.accounts["phone"] == site.phone()
    address = poster_is_read(open_page(), site, "manager.purnia", SLUG)
    phone = open_page(360, 640)
    token = phone_shares(phone, site, address)
    number = clerk_takes_her(open_page(), site, token, "ravi.ranjan", SLUG)
    nurse_measures(open_page(), site, number)
    doctor = open_page()
    doctor_writes(doctor, site, number)
    doctor_signs(doctor, site)
    signed = time.monotonic()
    visit_arrives(phone, site, number)
    phone_reads(phone, site)
    other = doctor_elsewhere(open_page, site, phone)
    other.wait_for_timeout(max(0, SETTLED_S - (time.monotonic() - signed)) * 1000)
    doctor_asks(other, site)
    phone_allows(phone, site)
    record = record_is_read(other, site)
    phone_takes_back(phone, site)
    record_is_gone(other, site, record)


def poster_is_read(page: Page, site: Site, manager: str, slug: str) -> str:
    """The manager's poster of the first window, as a camera reads it."""
    log_in(page, site, manager, slug)
    page.goto(site.url(slug, "/abdm/posters/"))
    assert barriers(page) == []
    links = page.locator("a[href*='posters.pdf?counter=']")
    address = links.nth(1).get_attribute("href") or ""
    read = qr_in_pdf(fetched(page, address))
    assert read.startswith(site.phone("/phr/share-profile?hip-id="))
    return read


def phone_shares(phone: Page, site: Site, address: str) -> str:
    """Scan, say who the first time, look at what is told, share; returns the number that comes."""
    phone.goto(address)
    hers = phone.locator(f"button[value='{SUNITA}']")
    if hers.count():
        says_who(phone, site)
        hers.click()
    expect(phone.locator("dl")).to_contain_text("91-0000-0000")
    assert fits(phone)
    phone.get_by_role("button", name=WORDS[site.lang]["share"]).click()
    expect(phone.locator("#token")).to_be_visible(timeout=30_000)  # as long as an app waits
    assert fits(phone)
    return phone.locator("#token").inner_text()


def says_who(phone: Page, site: Site) -> None:
    if site.lang == "en":
        phone.locator("button.lang").click()
        expect(phone.locator("html")).to_have_attribute("lang", "en")
    assert fits(phone)


def clerk_takes_her(page: Page, site: Site, token: str, clerk: str, slug: str) -> str:
    """She stands on the list with the number of her phone: one press; returns the slip number."""
    log_in(page, site, clerk, slug)
    page.goto(site.url(slug, "/reg/"))
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


def doctor_elsewhere(open_page, site: Site, phone: Page) -> Page:
    """She shares her profile at a second hospital; its doctor's screen with her record."""
    address = poster_is_read(open_page(), site, f"manager.{PLACE}", SECOND)
    token = phone_shares(phone, site, address)
    number = clerk_takes_her(open_page(), site, token, f"reg.{PLACE}", SECOND)
    doctor = open_page()
    log_in(doctor, site, f"doctor.{PLACE}", SECOND)
    doctor.goto(site.url(SECOND, f"/opd/{number}/"))
    doctor.locator(f"a[href$='/opd/{number}/history']").first.click()
    expect(doctor.locator("#others form")).to_be_visible()
    return doctor


def doctor_asks(doctor: Page, site: Site) -> None:
    """From the panel in the record, with what the form begins with: all kinds, seven days."""
    assert barriers(doctor) == []
    doctor.get_by_role("button", name=WORDS[site.lang]["ask"]).click()
    expect(doctor).to_have_url(re.compile("/others"))
    expect(doctor.locator(".ab-ask")).to_have_count(1)
    assert barriers(doctor) == []


def phone_allows(phone: Page, site: Site) -> None:
    """The question stands on her phone with the doctor's name; yes."""
    allow = phone.get_by_role("button", name=WORDS[site.lang]["allow"])
    until = time.monotonic() + COMES_WITHIN_S
    while not (phone.goto(site.phone("/phr/consents")) and allow.count()):
        assert time.monotonic() < until, "nobody asked"
        phone.wait_for_timeout(500)
    expect(phone.locator(".card", has=allow)).to_contain_text("Dr Vikas Yadav")
    assert fits(phone)
    allow.click()
    expect(phone.get_by_role("button", name=WORDS[site.lang]["back"])).to_be_visible()


def record_is_read(doctor: Page, site: Site) -> str:
    """What the first hospital sent, with its name and day; returns its address."""
    listed = doctor.locator(".srcs .recs a", has_text=re.compile("Prescription|पर्ची"))
    comes(doctor, listed.first)
    today = f"{datetime.now(ZoneInfo('Asia/Kolkata')):%d-%m-%Y}"
    expect(doctor.locator(".srcs > li")).to_contain_text("DH Purnia")
    expect(listed.first).to_contain_text(today)
    assert barriers(doctor) == []
    listed.first.click()
    expect(doctor.locator(".bh-head h1")).to_have_text("DH Purnia")
    expect(doctor.locator(".bh-head")).to_contain_text(today)
    expect(doctor.locator("main")).to_contain_text("Amlodipine 5 mg")
    expect(doctor.locator("main")).to_contain_text("Sunita Devi")
    assert barriers(doctor) == []
    address = doctor.url
    doctor.keyboard.press("Escape")
    expect(doctor.locator(".ab-ask")).to_have_count(1)
    return address


def phone_takes_back(phone: Page, site: Site) -> None:
    phone.goto(site.phone("/phr/consents"))
    back = phone.get_by_role("button", name=WORDS[site.lang]["back"])
    back.click()
    expect(back).to_have_count(0)
    assert fits(phone)


def record_is_gone(doctor: Page, site: Site, record: str) -> None:
    """No line of it in the chart, and its own address answers as if it had never been."""
    until = time.monotonic() + COMES_WITHIN_S
    listed = doctor.locator(".srcs .recs")
    while doctor.reload() and listed.count():
        assert time.monotonic() < until, "it is still there"
        doctor.wait_for_timeout(500)
    expect(doctor.locator(".ab-ask")).to_have_count(1)
    assert barriers(doctor) == []
    answer = doctor.goto(record)
    assert answer is not None and answer.status == 404
    assert "Amlodipine" not in doctor.content()


def comes(page: Page, what: Locator) -> None:
    """Loaded anew until it stands there: nothing on the page waits for another hospital."""
    until = time.monotonic() + COMES_WITHIN_S
    while page.reload() and not what.count():
        assert time.monotonic() < until, f"it did not come: {page.url}"
        page.wait_for_timeout(500)


def fits(phone: Page) -> bool:
    """A narrow phone shows all of it, and whoever sees badly can use it."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert barriers(phone) == []
    return True
