"""A token on the screen in the hall: called, missed, back, moved; the phone follows."""

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in, qr_on

pytestmark = pytest.mark.browser
SLUG, ROOM, OTHER = "dh-purnia", "7", "9"


def test_a_token_from_call_to_another_room(site: Site, open_page, lang: str):
    site.renew()  # the line that the other language shared out
    manager, tv, phone, doctor = open_page(), open_page(), open_page(360, 640), open_page()
    log_in(manager, site, "manager.purnia", SLUG)
    screen_is_bound(manager, tv, open_page(), site)
    number, token = is_called(doctor, site)
    shows(tv, token, ROOM)
    phone_opens(open_page(), phone, site, number)
    expect(phone.locator(".pp-token")).to_have_attribute("data-state", "called")
    goes_to_another_room(manager, doctor, tv, site, token)
    says(phone, site, "waiting")
    assert barriers(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    other = open_page()
    log_in(other, site, "rakesh.gupta", SLUG)
    other.goto(site.url(SLUG, f"/opd/{number}/"))
    other.locator("form[action$='/call'] button").click()
    shows(tv, token, OTHER)
    says(phone, site, "called")
    expect(phone.locator(".pp-token .a")).to_contain_text(OTHER)
    a_line_is_shared_out(manager, site)


def screen_is_bound(manager: Page, tv: Page, third: Page, site: Site) -> None:
    """The first machine that opens the address is the screen; another one is refused."""
    manager.goto(site.url(SLUG, "/admin/tv"))
    assert barriers(manager) == []
    manager.fill("#id_name", f"हॉल {time.time():.0f}")
    manager.keyboard.press("Enter")
    path = urlsplit(manager.locator(".qm-url").inner_text().strip()).path
    assert barriers(manager) == []
    assert tv.goto(site.url(SLUG, path)).status == 200
    assert third.goto(site.url(SLUG, path)).status == 403
    assert tv.reload().status == 200


def is_called(doctor: Page, site: Site) -> tuple[str, str]:
    """Slip number and token of whoever is next."""
    log_in(doctor, site, "anjali.jha", SLUG)
    doctor.goto(site.url(SLUG, "/opd/"))
    doctor.keyboard.press("F2")
    doctor.wait_for_url(re.compile(r"/opd/PUR-\d\d-\d+/"))
    number = doctor.url.rstrip("/").split("/")[-1]
    return number, doctor.locator("#rail li.cur .bh-tok").inner_text().strip()


def shows(tv: Page, token: str, room: str) -> None:
    expect(tv.locator("#call-no")).to_have_text(token, timeout=20_000)
    expect(tv.locator("#call-room")).to_contain_text(room)


def phone_opens(clerk: Page, phone: Page, site: Site, number: str) -> None:
    """The telephone's camera reads the slip."""
    log_in(clerk, site, "ravi.ranjan", SLUG)
    clerk.goto(site.url(SLUG, f"/reg/slip/{number}/print?paper=80&stay"))
    phone.goto(site.url(SLUG, urlsplit(qr_on(clerk)).path))
    assert barriers(phone) == []


def goes_to_another_room(manager: Page, doctor: Page, tv: Page, site: Site, token: str) -> None:
    """Not there, then here again, then another room; the number stays."""
    doctor.locator("#rail li.cur button[value=skip]").click()
    doctor.wait_for_url(re.compile("/opd/$"))
    expect(tv.locator("#missed-list")).to_contain_text(token)
    manager.goto(site.url(SLUG, f"/queue/room/{ROOM}/"))
    assert barriers(manager) == []
    row = manager.locator(".qm-line li", has_text=token)
    row.locator("button[value=back]").click()
    expect(row.locator("button[value=skip]")).to_be_visible()
    row.locator("select[name=room]").select_option(OTHER)
    row.locator("button[value=move]").click()
    expect(row).to_have_count(0)


def says(phone: Page, site: Site, state: str) -> None:
    phone.reload()  # by itself it looks every 15 seconds
    expect(phone.locator(".pp-token")).to_have_attribute("data-state", state)


def a_line_is_shared_out(manager: Page, site: Site) -> None:
    """One tap on the room, one on the rooms that are ticked; unfair plans ask once more."""
    manager.goto(site.url(SLUG, "/queue/"))
    assert barriers(manager) == []
    manager.locator(f"#room-{ROOM} a[href$='/share']").click()
    manager.wait_for_url(re.compile("/share$"))
    assert barriers(manager) == []
    if not manager.locator("[name=to]:checked").count():
        manager.locator("[name=to]").first.check()
    manager.locator("form.bh-card .btn-primary").click()
    if manager.locator("[name=anyway]").count():
        manager.locator("[name=anyway]").click()
    manager.wait_for_url(re.compile("/queue/$"))
    expect(manager.locator("#bh-messages [role=status]")).to_be_visible()
