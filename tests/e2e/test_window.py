"""The window without a mouse: a first visit, a repeat visit, somebody from the list of arrivals."""

import json
import re
import secrets
import sys

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import Keys, barriers, log_in, qr_on

pytestmark = pytest.mark.browser
SLUG = "dh-purnia"
# As cards print it; the number is of the stand-in's labelled range.
CARD = json.dumps({
    "hidn": "91-0000-0000-9007", "hid": "sakina.k@sbx", "name": "Sakina Khatun", "gender": "F",
    "statelgd": "10", "distlgd": "203", "dob": "14/2/1992", "state name": "BIHAR",
    "district_name": "PURNIA", "mobile": "6000077009", "address": "Majeli",
})  # fmt: skip
PROVE = """
from apps.core.actor import Actor, Permission
from apps.core.tenancy import facility_context
from apps.facilities.models import Facility
from apps.patients import actions, queries
with facility_context(Facility.objects.get(slug="{slug}").pk):
    found = queries.of_mobile("6000077009")[0]
    assert actions.attach_abha(found["id"], number="91-0000-0000-9007", address="sakina.k@sbx",
        via="otp-number", actor=Actor.of_system("test", Permission.PATIENT_REGISTER))
"""
FIRST, REPEAT, ARRIVAL = 38, 6, 2  # keys, from the journeys of the programme


def test_the_window_by_keys_alone(site: Site, open_page, lang: str):
    page, phone = open_page(), open_page(360, 640)
    log_in(page, site, "ravi.ranjan", SLUG)
    expect(page).to_have_url(re.compile("/reg/"))
    number = first_visit(page)
    repeat_visit(page, number)
    tells_the_name(phone, site)
    comes_from_the_list(page, site)
    an_abha_card(page, site)


def first_visit(page: Page) -> str:
    """No mobile, name, age, sex, father, village from what was written before, department."""
    keys = Keys(page)
    keys.press("Enter")  # no mobile
    expect(page.locator("#id_name_hi")).to_be_focused()
    keys.type("Ramjatan Mah")
    keys.press("Enter")
    keys.type("68")  # goes on by itself
    keys.type("m")
    expect(page.locator("[name=sex][value=male]")).to_be_checked()
    keys.type("Sukhdeo ")
    keys.press("Enter")
    keys.type("maj")
    expect(page.locator("[data-pick]").first).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#id_village")).not_to_have_value("maj")
    assert barriers(page) == []
    keys.type("1")
    expect(page.locator("[name=department]").first).to_be_checked()
    expect(page.locator("[data-senior]")).to_be_checked()
    keys.press("Enter")
    expect(page.locator(".tk.made .big")).to_contain_text("M-")
    sys.stdout.write(f"first visit: {keys.count} keys (budget {FIRST})\n")
    assert keys.count <= FIRST
    return page.url.split("slip=")[1]


def repeat_visit(page: Page, number: str) -> None:
    """Scan, department, Enter."""
    keys = Keys(page)
    keys.scan(number)
    expect(page).to_have_url(re.compile("/reg/again/"))
    assert barriers(page) == []
    keys.type("3")
    keys.press("Enter")
    expect(page).to_have_url(re.compile("slip="))
    again = page.url.split("slip=")[1]
    assert again != number
    sys.stdout.write(f"repeat visit: {keys.count} keys (budget {REPEAT})\n")
    assert keys.count <= REPEAT


def tells_the_name(phone: Page, site: Site) -> None:
    """At home or at the gate, on a telephone, without a log-in."""
    phone.goto(site.url(SLUG, "/here/"))
    assert barriers(phone) == []
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    phone.fill("#id_name", "Sarita Murmu")
    phone.fill("#id_age", "420")
    phone.locator("button.pp-btn.p").click()
    expect(phone.locator("#id_age_error")).to_contain_text("42")
    phone.fill("#id_age", "42")
    phone.check("input[name=sex][value=female]", force=True)
    phone.fill("#id_mobile", f"60000{secrets.randbelow(100_000):05}")
    phone.locator("button.pp-btn.p").click()
    expect(phone.locator(".pp-big")).to_be_visible()
    expect(phone.locator("body")).not_to_contain_text("Sarita")
    assert barriers(phone) == []


def comes_from_the_list(page: Page, site: Site) -> None:
    """F4 gives the token of whoever stands first."""
    page.goto(site.url(SLUG, "/reg/"))
    waiting = page.locator(".came-rows li")
    before = waiting.count()
    assert before > 0
    assert "/here/" in qr_on(page)
    keys = Keys(page)
    keys.press("F4")
    expect(page.locator(".tk.made .big")).to_be_visible()
    expect(waiting).to_have_count(before - 1)
    sys.stdout.write(f"from the list: {keys.count} key (budget {ARRIVAL})\n")
    assert keys.count <= ARRIVAL


def an_abha_card(page: Page, site: Site) -> None:
    """A keyboard wedge types the card's whole QR into whatever has the focus: a stranger's card
    fills in the form, a known one opens its patient, at the window and in the search."""
    page.goto(site.url(SLUG, "/reg/"))
    page.wait_for_load_state()
    for sign in CARD:  # real keys: a scanner holds Shift for capitals, as a hand does
        page.keyboard.press(f"Shift+{sign}" if sign.isupper() else sign)
    page.keyboard.press("Enter")
    expect(page.locator("#id_name_en")).to_have_value("Sakina Khatun")
    expect(page.locator("#id_mobile")).to_have_value("6000077009")
    expect(page.locator("[name=sex][value=female]")).to_be_checked()
    page.locator("[name=department]").first.check(force=True)
    page.locator("#id_mobile").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tk.made .big")).to_be_visible()
    site.manage("shell", "-c", PROVE.format(slug=SLUG))
    keys = Keys(page)
    keys.scan(CARD)
    expect(page).to_have_url(re.compile("/reg/again/"))
    expect(page.locator("main")).to_contain_text("91-0000-••••-9007")
    page.goto(site.url(SLUG, "/patients/"))
    page.keyboard.press("/")  # in the search of any page
    page.wait_for_timeout(200)  # a hand takes up the scanner; without it "/" is of the burst
    keys.scan(CARD)
    expect(page).to_have_url(re.compile("/reg/again/"))
