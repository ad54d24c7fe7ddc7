"""A counter's shared computer through a bad day: other people, the lock, a dead server."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in

pytestmark = pytest.mark.browser
SLUG = "dh-purnia"
SHELL_IS_KEPT = """Promise.race([navigator.serviceWorker.ready.then(() => true),
    new Promise((done) => setTimeout(() => done(false), 8000))])"""
RAVI, RITA = "ravi.ranjan", "rita.singh"


def test_one_computer_for_many(site: Site, open_page, lang: str):
    manager, counter = open_page(), open_page()
    becomes_a_shared_computer(counter, site)
    everybody_logs_in_once(counter, site)
    changes_the_person(counter, site)
    locks_and_opens_again(counter, site)
    locks_when_left_alone(counter, site)
    signed_out_from_afar(manager, counter, site)


def test_a_dead_server_loses_nothing(site: Site, open_page, lang: str):
    clerk = open_page()
    log_in(clerk, site, RAVI, SLUG)
    assert clerk.evaluate(SHELL_IS_KEPT)
    mark = f"{int(time.time() * 1000) % 100000:05d}"
    name = f"सुमन {mark}"
    site.stop_web()
    try:
        registers(clerk, name)
        expect(clerk.locator("#bh-sync")).to_have_attribute("data-state", "off")
        expect(clerk.locator("#bh-messages .bh-al.warn")).to_be_visible()
        expect(clerk.locator("#bh-offline")).to_be_visible()
        expect(clerk.locator("#bh-sending")).to_be_visible()
        expect(clerk.locator("#id_name_hi")).to_have_value("")
        assert barriers(clerk) == []
        stored = clerk.evaluate("JSON.stringify(localStorage)")
        assert name not in stored  # what waits is locked with the clerk's key
        clerk.reload()
        expect(clerk.locator("#waits")).to_contain_text("1")
        assert barriers(clerk) == []
    finally:
        site.start_web()
        site.wait()
    expect(clerk.locator("#bh-sync[data-state=on]")).to_be_visible(timeout=20_000)
    expect(clerk.locator("#bh-sending")).to_be_hidden(timeout=10_000)
    clerk.goto(site.url(SLUG, "/reg/slips"))
    expect(clerk.locator("#rows tr", has_text=mark)).to_have_count(1)
    waits_and_is_shown(clerk, site)


def test_a_wrong_clock_is_told(site: Site, open_page):
    """Three hours behind: every page says so and tells the hour that papers carry."""
    page = open_page()
    log_in(page, site, RAVI, SLUG)
    expect(page.locator("#bh-clock")).to_be_hidden()
    page.clock.set_fixed_time(time.time() - 3 * 3600)
    page.reload()
    expect(page.locator("#bh-clock")).to_be_visible()
    assert barriers(page) == []


def registers(page: Page, name: str) -> None:
    page.fill("#id_name_hi", name)
    page.fill("#id_age", "31")
    # By their labels, as a hand does: a message of the line that is gone moves the form meanwhile.
    for sign in ("[name=sex][value=female]", "[name=no_mobile]", "[name=department]"):
        page.locator("label", has=page.locator(f"input{sign}")).first.click()
    page.keyboard.press("Control+Enter")


def waits_and_is_shown(page: Page, site: Site) -> None:
    """A line that breaks in the browser: the list of what waits, log-out warns, then it goes."""
    page.goto(site.url(SLUG, "/reg/"))
    page.context.set_offline(True)
    registers(page, "रेखा")
    expect(page.locator("#bh-sync")).to_have_attribute("data-state", "off")
    page.context.set_offline(False)
    expect(page.locator("#bh-sync[data-state=on]")).to_be_visible(timeout=15_000)
    expect(page.locator("#bh-sending")).to_be_hidden(timeout=10_000)
    page.wait_for_load_state("networkidle")  # what was sent may open its own page first
    page.goto(site.url(SLUG, "/sync"))
    expect(page.locator("#sync-none")).to_be_visible()
    assert barriers(page) == []


def becomes_a_shared_computer(page: Page, site: Site) -> None:
    log_in(page, site, "manager.purnia", SLUG)
    page.goto(site.url(SLUG, "/devices/"))
    page.fill("#id_name", f"काउंटर {site.lang}")
    page.keyboard.press("Enter")
    expect(page.locator(".bh-b.ok")).to_be_visible()
    assert barriers(page) == []
    page.goto(site.url(SLUG, "/me"))
    page.locator("form[action='/accounts/logout/'] button").click()
    page.wait_for_url(re.compile("/login/"))


def everybody_logs_in_once(page: Page, site: Site) -> None:
    for username in (RAVI, RITA):
        page.goto(site.url(SLUG, "/switch"))
        page.locator("form[action='/switch/password'] button").click()
        page.wait_for_url(re.compile("/login/"))
        log_in(page, site, username, SLUG)
        expect(page.locator(".bh-lockit")).to_be_visible()


def changes_the_person(page: Page, site: Site) -> None:
    """One digit for the face, four for the PIN, Enter: six keys, under three seconds."""
    page.goto(site.url(SLUG, "/switch"))
    assert barriers(page) == []
    face = page.locator(".bh-face", has_text=re.compile("रवि|Ravi")).locator("input")
    digit = (face.get_attribute("data-key") or "")[-1]
    start = time.monotonic()
    page.keyboard.press(f"Digit{digit}")
    page.keyboard.type(site.accounts["pin"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/reg/"))
    assert time.monotonic() - start < 3
    if page.locator("html").get_attribute("lang") != site.lang:
        page.locator(f".bh-lang button[value={site.lang}]").click()


def locks_and_opens_again(page: Page, site: Site) -> None:
    page.fill("#id_name_hi", "आधा लिखा")
    page.keyboard.press("Alt+KeyL")
    expect(page.locator("#bh-lock")).to_be_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#bh-lock")).to_be_visible()
    page.keyboard.type("0000")
    page.keyboard.press("Enter")
    expect(page.locator("#bh-lock [role=alert]")).to_be_visible()
    page.keyboard.type(site.accounts["pin"])
    page.keyboard.press("Enter")
    expect(page.locator("#bh-lock")).to_be_hidden()
    expect(page.locator("#id_name_hi")).to_have_value("आधा लिखा")
    page.locator("h1").first.click()
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#bh-keys dl")).to_contain_text("Ctrl ↵")
    assert barriers(page) == []
    page.keyboard.press("Escape")


def locks_when_left_alone(page: Page, site: Site) -> None:
    page.clock.install()
    page.goto(site.url(SLUG, "/reg/"))
    page.fill("#id_name_hi", "आधा लिखा")
    with page.expect_response(lambda answer: answer.url.endswith("/lock")):  # told to the server
        page.clock.fast_forward(185_000)
    expect(page.locator("#bh-lock")).to_be_visible()
    page.clock.resume()
    page.reload()  # the server keeps it locked too
    page.wait_for_url(re.compile("/lock"))
    assert barriers(page) == []
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/reg/"))


def signed_out_from_afar(manager: Page, counter: Page, site: Site) -> None:
    log_in(manager, site, "manager.purnia", SLUG)
    manager.goto(site.url(SLUG, "/staff/?text=ravi.ranjan"))
    manager.locator("#rows tbody a").first.click()
    manager.locator("form[action$='/sessions/end'] button").click()
    expect(manager.locator("#bh-messages .bh-al.ok")).to_be_visible()
    counter.goto(site.url(SLUG, "/reg/slips"))
    counter.wait_for_url(re.compile("/login/"))
