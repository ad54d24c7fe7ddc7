"""The nursing desk by keyboard, an alarm that reaches the doctor with its reason, and a snakebite
card whose timer runs on both screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import district
from tests.e2e.site import Site
from tests.e2e.steps import Keys, barriers, log_in

pytestmark = pytest.mark.browser
SLUG = "dh-purnia"
MOST_KEYS = 19  # journey 1, step 4


def registers(page: Page, site: Site, name: str, mobile: str) -> str:
    """A man of 41 at the window; answers his slip number."""
    page.goto(site.url(SLUG, "/reg/"))
    page.fill("#id_mobile", mobile)
    page.fill("#id_name_hi", name)
    page.fill("#id_age", "41")
    page.check("input[name=sex][value=male]", force=True)
    page.locator("label", has=page.locator("input[name=department]")).first.click()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    link = page.locator(".tk a[href*='/print']").first.get_attribute("href") or ""
    return link.split("/reg/slip/")[1].split("/")[0]


def measures_by_keyboard(page: Page, site: Site, number: str) -> int:
    """Scan, BP, pulse, temperature, oxygen, weight, no allergy, save: digits only, no mouse."""
    page.goto(site.url(SLUG, "/vitals/"))
    keys = Keys(page)
    keys.scan(number)
    expect(page.locator("#id_SBP")).to_be_focused()
    for digits in ("158", "96", "104", "986", "97", "620"):
        keys.type(digits)
    expect(page.locator("#id_TEMP")).to_have_value("98.6")
    expect(page.locator("#id_WT")).to_have_value("62.0")
    keys.press("n")
    expect(page.locator("[data-none]")).to_be_checked()
    keys.press("Control+Enter")
    expect(page).to_have_url(re.compile("/vitals/$"))
    assert keys.count - 1 <= MOST_KEYS  # the budget begins at the sheet
    return keys.count


def mends_a_slip_of_the_finger(page: Page, site: Site, number: str) -> None:
    """An impossible value says what was meant, and one press mends it."""
    page.goto(site.url(SLUG, f"/vitals/{number}/"))
    page.locator("#id_HR").fill("1200")
    page.keyboard.press("Control+Enter")
    mend = page.locator(".v .mend")
    expect(mend).to_contain_text("120")
    assert barriers(page) == []
    mend.click()
    expect(page.locator("#id_HR")).to_have_value("120")


def raises_an_alarm(page: Page, site: Site) -> None:
    """On the same sheet: low oxygen and pressure; the page says why before it is saved."""
    for code, value in (("SBP", "88"), ("DBP", "54"), ("SPO2", "89"), ("HR", "134")):
        page.fill(f"#id_{code}", value)
    page.locator("input[value=SNAKEBITE]").check(force=True)
    expect(page.locator("#danger")).to_contain_text("NEWS2 9")
    expect(page.locator("#prompts .ews.bad")).to_contain_text("NEWS2 9")
    expect(page.locator("#card-snakebite")).to_be_visible()
    page.locator("#card-snakebite button[value=start]").click()
    expect(page.locator("#card-snakebite [data-due] .left")).to_contain_text(
        re.compile(r"^1\d:\d\d")
    )
    assert barriers(page) == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("#bh-messages")).to_contain_text("NEWS2 9")


def doctor_sees_why(page: Page, site: Site, number: str) -> None:
    """First in the queue, the reason and the running timer beside the consultation."""
    log_in(page, site, "anjali.jha", SLUG)
    expect(page).to_have_url(re.compile("/opd/"))
    page.goto(site.url(SLUG, f"/opd/{number}/"))
    side = page.locator("#side")
    expect(side.locator(".ews.bad")).to_contain_text("NEWS2 9")
    expect(side.locator(".ews.bad")).to_contain_text("89")
    left = side.locator("#card-snakebite [data-due] .left")
    expect(left).to_contain_text(re.compile(r"^1\d:\d\d"))
    page.reload()
    expect(left).to_contain_text(re.compile(r"^1\d:\d\d"))
    assert barriers(page) == []


def doctor_puts_it_away(page: Page) -> None:
    page.locator("#card-snakebite .bh-x").click()
    expect(page.locator("#card-snakebite")).to_have_count(0)
    expect(page.locator(".away button")).to_be_visible()


def test_the_nursing_desk(site: Site, open_page):
    nurse = open_page()
    log_in(nurse, site, "rita.singh", SLUG)
    expect(nurse).to_have_url(re.compile("/vitals/"))
    quick = registers(nurse, site, "सुरेश दास", district.mobile())
    sick = registers(nurse, site, "कैलाश राम", district.mobile())
    measures_by_keyboard(nurse, site, quick)
    mends_a_slip_of_the_finger(nurse, site, sick)
    raises_an_alarm(nurse, site)
    doctor = open_page()
    doctor_sees_why(doctor, site, sick)
    doctor_puts_it_away(doctor)
