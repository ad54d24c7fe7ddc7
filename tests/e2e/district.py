"""A district admin brings a hospital on board, staffs it, and it registers its first patient."""

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in

INDIA = ZoneInfo("Asia/Kolkata")  # the day of the site, not of the machine
OWN_PASSWORD = "मेरा-पासवर्ड-2026"


@dataclass(frozen=True)
class Plan:
    """One hospital of Purnia for each language, so that both runs find theirs unopened."""

    code: str
    slug: str
    prefix: str
    search: str


PLANS = {
    "hi": Plan("BHBL1996", "chc-amour", "AMR", "अमौर"),
    "en": Plan("BHBL1997", "chc-baisa", "BAI", "baisa"),
}


def mobile() -> str:
    return f"6000{random.randint(100000, 999999)}"


def finds_it(page: Page, site: Site, plan: Plan) -> None:
    """Only the own district is there; another district's hospital does not exist here."""
    log_in(page, site, "dpm.purnia")
    expect(page).to_have_url(re.compile("/board/"))
    assert page.goto(site.url("", "/hospitals/BHDH188/")).status == 404
    page.goto(site.url("", "/hospitals/"))
    assert "अररिया" not in page.locator("main").inner_text()
    assert "Araria" not in page.locator("main").inner_text()
    assert barriers(page) == []
    page.fill("input[name=q]", plan.search)
    page.keyboard.press("Enter")
    page.locator(f"main a[href$='/hospitals/{plan.code}/']").first.click()
    assert barriers(page) == []


def brings_on_board(page: Page, plan: Plan) -> None:
    """Level, address, prefix; the card fills by itself and ends in a link."""
    page.locator("main a[href$='/onboard']").click()
    with page.expect_response(re.compile("level=CHC")):
        page.select_option("#pick", "CHC")
    expect(page.locator("#id_slug")).to_be_visible()
    page.fill("#id_slug", plan.slug)
    page.fill("#id_number_prefix", plan.prefix)
    assert barriers(page) == []
    page.locator("form[method=post] button.btn-primary").click()
    expect(page.locator("#job .bh-al.ok")).to_be_visible(timeout=60_000)


def changes_settings(page: Page, site: Site, plan: Plan) -> None:
    page.goto(site.url("", f"/hospitals/{plan.code}/settings"))
    page.locator("input[name$=help_line]").fill("102")
    page.locator(".fc-sticky button.btn-primary").click()
    expect(page.locator("#bh-messages .bh-al")).to_be_visible()
    expect(page.locator("input[name$=help_line]")).to_have_value("102")
    assert barriers(page) == []


def adds_one(page: Page, site: Site, plan: Plan) -> tuple[str, str]:
    """A clerk with role and hospital; returns the user name and first password of the slip."""
    page.goto(site.url("", "/staff/new"))
    page.fill("input[name=name_en]", f"Test Clerk {plan.prefix}")
    page.fill("input[name=mobile]", mobile())
    page.select_option("#a-role", "REG")
    label = page.locator(
        "#a-place option[value^='f:']", has_text=re.compile(f"{plan.search}", re.I)
    )
    page.select_option("#a-place", label.first.get_attribute("value"))
    assert barriers(page) == []
    page.locator("main form button.btn-primary").click()
    words = page.locator(".bh-slip code")
    expect(words).to_have_count(2)
    return words.nth(0).inner_text(), words.nth(1).inner_text()


def adds_a_list(page: Page, site: Site, plan: Plan, tmp_path) -> None:
    """A list with a bad line is refused whole; the mended one is taken whole."""
    head = "name_en,name_hi,mobile,role,hospital\n"
    good = f"Nurse {plan.prefix},नर्स,{mobile()},NUR,{plan.slug}\n"
    bad = f"Doctor {plan.prefix},डॉक्टर,98350,MO,{plan.slug}\n"
    mended = bad.replace("98350", mobile())
    page.goto(site.url("", "/staff/list"))
    for lines, ends_well in ((good + bad, False), (good + mended, True)):
        path = tmp_path / "staff.csv"
        path.write_text(head + lines, encoding="utf-8")
        page.set_input_files("#id_file", path)
        page.locator("form[enctype] button.btn-primary").click()
        expect(page.locator("main .bh-al.ok" if ends_well else "main .bh-al.bad")).to_be_visible()
    page.locator("button[name=commit]").click()
    expect(page.locator(".bh-slip")).to_have_count(2)


def moves_and_closes(page: Page, site: Site, plan: Plan) -> None:
    """The nurse goes to another hospital of the district tomorrow; the doctor's account closes."""
    open_person(page, site, f"Nurse {plan.prefix}")
    form = page.locator("form[action$='/transfer']")
    page.locator("details", has=form).locator("summary").click()
    form.locator("select[name=role]").select_option("NUR")
    other = form.locator(
        "select[name=place] option[value^='f:']", has_text=re.compile("श्रीनगर|Srinagar")
    )
    form.locator("select[name=place]").select_option(other.first.get_attribute("value"))
    form.locator("input[type=date]").fill(str(datetime.now(INDIA).date() + timedelta(days=1)))
    form.locator("button").click()
    expect(page.locator("main table tbody tr")).to_have_count(2)
    assert barriers(page) == []
    open_person(page, site, f"Doctor {plan.prefix}")
    page.locator("details", has=page.locator("form[action$='/close']")).locator("summary").click()
    page.locator("form[action$='/close'] button").click()
    expect(page.locator("form[action$='/open']")).to_be_visible()


def open_person(page: Page, site: Site, name: str) -> None:
    page.goto(site.url("", f"/staff/?text={name.replace(' ', '+')}"))
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.locator("#rows tbody a").first.click()


def first_patient(page: Page, site: Site, plan: Plan, login: tuple[str, str]) -> None:
    """The new clerk: first password, own password, then number one of the new hospital."""
    page.goto(site.url(plan.slug))
    page.fill("input[name=login]", login[0])
    page.fill("input[name=password]", login[1])
    page.keyboard.press("Enter")
    page.fill("input[name=oldpassword]", login[1])
    page.fill("input[name=password1]", OWN_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "password" not in url)
    page.goto(site.url(plan.slug, "/reg/"))
    page.fill("#id_name_en", "Sunita Devi")
    page.fill("#id_age", "41")
    page.check("input[name=sex][value=female]", force=True)
    page.locator("label", has=page.locator("input[name=department]")).first.click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".tk .big")).to_contain_text("-001")
    expect(page.locator(".tk a[href*='/print']").first).to_have_attribute(
        "href", re.compile(f"{plan.prefix}-\\d\\d-000001")
    )
