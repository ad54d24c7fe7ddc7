"""A week's form: worked out, completed, submitted, printed; the district sees it, and the money."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in

pytestmark = pytest.mark.browser
SLUG = "dh-purnia"


def week_of(lang: str) -> str:
    """The Monday of a week that nobody reported yet: last week's form is submitted in the demo, and
    the same site is walked in both languages."""
    today, back = timezone.localdate(), {"hi": 14, "en": 21}[lang]
    return (today - timedelta(days=today.weekday() + back)).isoformat()


def prepares(page: Page, site: Site, monday: str) -> None:
    """The manager has it worked out, looks behind a number and writes one by hand."""
    log_in(page, site, "manager.purnia", SLUG)
    page.goto(site.url(SLUG, f"/reports/idsp/{monday}/?part=P"))
    page.locator("form[action*='/make'] button").click()  # The page waits and shows them itself.
    expect(page.locator(".rp-lines")).to_be_visible(timeout=40_000)
    assert barriers(page) == []
    page.locator("a[href$='/rows/IDSP16']").click()
    expect(page.locator("h1")).to_contain_text("IDSP16")
    assert barriers(page) == []
    page.goto(site.url(SLUG, f"/reports/idsp/{monday}/?part=P"))
    page.fill("input[name='n-IDSP37']", "many")
    page.keyboard.press("Enter")
    expect(page.locator("#rp-wrong")).to_contain_text("IDSP37")
    page.fill("input[name='n-IDSP37']", "1")
    page.keyboard.press("Enter")
    expect(page.locator("tr", has_text="IDSP37").locator(".bh-b.info")).to_be_visible()
    assert page.locator("form[action*='/submit']").count() == 0


def submits(page: Page, site: Site, monday: str) -> None:
    """The superintendent submits and prints."""
    log_in(page, site, "ds.purnia", SLUG)
    page.goto(site.url(SLUG, f"/reports/idsp/{monday}/?part=P"))
    page.locator("form[action*='/submit'] button").click()
    expect(page.locator("#rp-state .bh-b.ok")).to_be_visible()
    assert page.locator("input[name^='n-']").count() == 0
    assert barriers(page) == []
    page.locator(f"button.btn-second[name=language][value={site.lang}]").click()
    expect(page.locator("#job a.btn-primary")).to_be_visible(timeout=40_000)
    page.goto(site.url(SLUG, "/incentive/?month=2026-10"))
    expect(page.locator("main .bh-al.warn").first).to_contain_text("V5 Corrigendum 7")
    assert barriers(page) == []


def looks(page: Page, site: Site, monday: str) -> None:
    """The district's surveillance officer sees it, and nothing of another district."""
    log_in(page, site, "idsp.purnia")
    page.goto(site.url("", f"/reports/idsp/{monday}/"))
    expect(page.locator("tr", has=page.locator(".bh-b.ok")).first).to_be_visible()
    assert barriers(page) == []
    assert page.goto(site.url("", f"/reports/idsp/{monday}/?in=district:188")).status == 404
    assert page.goto(site.url("", "/incentive/")).status == 403


def test_a_week_is_reported(open_page, site: Site, lang: str) -> None:
    monday = week_of(lang)
    prepares(open_page(), site, monday)
    submits(open_page(), site, monday)
    looks(open_page(width=360, height=640), site, monday)
