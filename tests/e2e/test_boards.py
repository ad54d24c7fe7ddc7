"""State, district and block look down to the hospital, take an alarm in hand, and no further."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.e2e.steps import barriers, log_in

pytestmark = pytest.mark.browser
LANGUAGES = ["hi", "en"]
HOSPITAL, BLOCK_USER = "phc-srinagar", "bhm.srinagar"
NOTE = "बिजली नहीं, जेनरेटर चलाया जा रहा है"
# A block's officer, whom the demo lacks, and expired medicine at that block's hospital: an alarm
# without a cause would be closed within the minute.
PREPARE = f"""
from datetime import date
from apps.accounts.models import PractitionerRole, User
from apps.facilities.models import Facility
from apps.monitoring import actions
from apps.monitoring.models import Alarm
from apps.supply.models import StockLevel
place = Facility.objects.get(slug="{HOSPITAL}")
user, made = User.objects.get_or_create(username="{BLOCK_USER}",
    defaults={{"name_hi": "प्रखंड प्रबंधक", "name_en": "Block Manager"}})
user.set_password("bhavya-demo-2026"); user.save()
PractitionerRole.objects.get_or_create(user=user, role="BHM", scope="block",
    place_code=place.block_code, from_date=date(2026, 1, 1))
StockLevel.objects.get_or_create(facility=place, medication_code="E2E",
    defaults={{"district_code": place.district_code, "expired": 4}})
Alarm.objects.filter(facility_id=place.pk).delete()
Alarm.objects.create(facility_id=place.pk, rule="expired", n=1)
actions.count()
print(place.pk, place.block_code)
"""


@pytest.fixture
def ground(site: Site) -> tuple[str, str]:
    """The hospital's id and its block's code."""
    facility_id, block = site.manage("shell", "-c", PREPARE).split()[-2:]
    return facility_id, block


def test_from_the_state_down_and_never_beyond_the_own_place(
    site: Site, ground: tuple[str, str], open_page, lang: str
):
    facility_id, block = ground
    state = open_page()
    log_in(state, site, "state.admin")
    the_board_is_laid_out_as_drawn(state, site)
    goes_down_to_the_hospital(state, facility_id, block)
    an_alarm_is_taken_in_hand(state, site)
    the_district_sees_that(open_page(), site, facility_id)
    the_block_sees_its_own(open_page(), site, block)
    everybody_sees_the_open_page(open_page(360, 640), site, lang)


def the_board_is_laid_out_as_drawn(page: Page, site: Site) -> None:
    """Picture 05: five figures in one row, the map beside the days, the list below, worst first."""
    page.goto(site.url("", "/board/?p=30"))
    cards = [box(one) for one in page.locator(".mo-kpis > div").all()]
    assert len(cards) == 5 and len({round(card["y"]) for card in cards}) == 1
    tiles, days, rows = (box(page.locator(x)) for x in (".mo-tiles", ".mo-chart", ".mo-list"))
    assert cards[0]["y"] < tiles["y"] < rows["y"] and days["y"] < rows["y"]
    assert tiles["x"] < days["x"] and page.locator(".mo-ti").count() == 38
    waits = page.locator(".mo-list tbody tr td:nth-child(2)").all_inner_texts()
    numbers = [int("".join(sign for sign in text if sign.isdigit()) or 0) for text in waits]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > 45
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert barriers(page) == []


def box(locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found
    return found


def goes_down_to_the_hospital(page: Page, facility_id: str, block: str) -> None:
    """The same figure on the district's line and on the district's own page."""
    line = page.locator(".mo-list tbody tr", has=page.locator("a[href*='/district/214/']"))
    told = line.locator("td").nth(2).inner_text().strip()
    page.locator(".mo-ti[href*='/district/214/']").click()
    expect(page.locator(".mo-kpis b").first).to_have_text(told)
    page.locator(f".mo-list a[href*='/block/{block}/']").click()
    page.locator(f".mo-list a[href*='{facility_id}']").click()
    expect(page.locator(".mo-kpis > div")).to_have_count(5)
    assert barriers(page) == []


def an_alarm_is_taken_in_hand(page: Page, site: Site) -> None:
    page.goto(site.url("", "/board/alarms/"))
    row = page.locator(".mo-alarms li").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("?")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()
    assert barriers(page) == []
    row.locator("input[name=note]").fill(NOTE)
    page.keyboard.press("Enter")
    expect(page.locator(".mo-alarms li").first).to_contain_text(NOTE)
    assert barriers(page) == []


def the_district_sees_that(page: Page, site: Site, facility_id: str) -> None:
    log_in(page, site, "dpm.purnia")
    page.goto(site.url("", "/board/alarms/"))
    expect(page.locator(".mo-alarms li").first).to_contain_text(NOTE)
    for path in ("/board/district/188/", "/board/district/188/alarms", "/board/state/x/"):
        assert page.goto(site.url("", path)).status == 404
    assert page.goto(site.url("", f"/board/hospital/{facility_id}/uptime")).status == 200
    assert barriers(page) == []


def the_block_sees_its_own(page: Page, site: Site, block: str) -> None:
    log_in(page, site, BLOCK_USER)
    page.goto(site.url("", "/board/?p=30"))
    expect(page.locator(".mo-list tbody tr")).to_have_count(1)
    assert barriers(page) == []
    assert page.goto(site.url("", f"/board/block/{block}/fair")).status == 200
    assert page.goto(site.url("", "/board/district/214/")).status == 404
    page.goto(site.url("", "/board/?from=2026-11-05&to=2026-11-01"))
    expect(page.locator("#mo-wrong")).to_be_visible()


def everybody_sees_the_open_page(page: Page, site: Site, lang: str) -> None:
    page.goto(site.url("", "/h/?lang=en" if lang == "en" else "/h/"))
    page.locator("a[href*='/h/in/214/']").click()
    page.locator(f"a[href*='/h/{HOSPITAL}/']").click()
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator(".pp-facts")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert barriers(page) == []
