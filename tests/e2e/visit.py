"""A visit from the window to the signed paper, as five people do it, in both languages."""

import io
import re

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.site import Site
from tests.e2e.steps import barriers, fetched, log_in, qr_in_pdf, qr_on

SLUG = "dh-purnia"


def clerk_registers(page: Page, site: Site, mobile: str) -> str:
    """Eight fields and a department by keyboard; returns the slip number."""
    log_in(page, site, "ravi.ranjan", SLUG)
    expect(page).to_have_url(re.compile("/reg/"))
    page.fill("#id_mobile", mobile)
    page.fill("#id_name_hi", "रीना कुमारी")
    page.fill("#id_age", "34")
    expect(page.locator("#id_name_en")).to_have_value("Rina Kumari")
    switches_language_and_back(page, site)
    page.check("input[name=sex][value=female]", force=True)
    page.fill("#id_guardian_name", "मोहन मंडल")
    page.fill("#id_village", "मझेली")
    page.locator("label", has=page.locator("input[name=department]")).first.click()
    expect(page.locator("#id_name_en")).to_have_value("Rina Kumari")
    assert barriers(page) == []
    with page.expect_navigation():  # the ticket of the one before stands there until then
        page.keyboard.press("Control+Enter")
    expect(page.locator(".tk .big")).to_contain_text("M-")
    link = page.locator(".tk a[href*='/print']").first.get_attribute("href") or ""
    return link.split("/reg/slip/")[1].split("/")[0]


def switches_language_and_back(page: Page, site: Site) -> None:
    """The other language and back: the same page, and nothing that was typed is lost."""
    address = page.url
    for lang in ("en" if site.lang == "hi" else "hi", site.lang):
        page.locator(f".bh-lang button[value={lang}]").click()
        expect(page.locator("html")).to_have_attribute("lang", lang)
        assert page.url == address
        expect(page.locator("#id_name_hi")).to_have_value("रीना कुमारी")
        expect(page.locator("#id_age")).to_have_value("34")


def slip_prints(page: Page, site: Site, number: str) -> str:
    """80 mm and A5; returns the address that a camera reads from the printed QR."""
    read = ""
    for paper in ("80", "a5"):
        page.goto(site.url(SLUG, f"/reg/slip/{number}/print?paper={paper}&stay"))
        expect(page.locator("body")).to_contain_text(number)
        read = qr_on(page)
        assert "/s/" in read
        assert barriers(page) == []
    return read


def nurse_measures(page: Page, site: Site, number: str) -> None:
    """Scan, digits only: the cursor moves on by itself."""
    log_in(page, site, "rita.singh", SLUG)
    expect(page).to_have_url(re.compile("/vitals/"))
    page.wait_for_load_state()
    page.fill("#id_q", number)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/vitals/{number}/"))
    expect(page.locator("#sheet")).to_be_visible()
    assert barriers(page) == []
    page.locator("#id_SBP").focus()
    page.keyboard.type("15896")  # blood pressure 158/96, then the cursor stands at the pulse
    page.keyboard.type("84")
    page.locator("#id_WT").fill("62")
    page.check("input[name=allergy][value=none]", force=True)
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/vitals/$"))


def doctor_writes(page: Page, site: Site, number: str) -> None:
    log_in(page, site, "anjali.jha", SLUG)
    expect(page).to_have_url(re.compile("/opd/"))
    page.goto(site.url(SLUG, f"/opd/{number}/"))
    page.locator("form[action$='/call'] button").click()
    expect(page.locator(".bh-vit")).to_contain_text("158/96")
    pick(page, "complaints", "sir", nth=0)
    pick(page, "diagnoses", "उच्च रक्त", nth=0)
    expect(page.locator("#part-diagnoses")).to_contain_text("I10")
    page.keyboard.press("Alt+KeyM")
    pick(page, "medicines", "amlod", nth=0)
    row = page.locator("#ed")
    expect(row).to_be_visible()
    page.fill("#dose", "001")
    page.keyboard.press("Tab")
    page.fill("#days", "30")
    page.keyboard.press("Tab")
    expect(page.locator("#quantity")).to_have_value("30")
    assert barriers(page) == []


def pick(page: Page, part: str, text: str, *, nth: int) -> None:
    """Type into a search box of the doctor's screen and take a hit."""
    page.locator(f"#q-{part}").fill("")
    page.locator(f"#q-{part}").press_sequentially(text, delay=15)
    hit = page.locator(f"#found-{part} .hit:not(.own)").nth(nth)
    hit.click()
    expect(page.locator(f"#found-{part} .hit")).to_have_count(0)


def doctor_signs(page: Page, site: Site) -> None:
    page.keyboard.press("Control+Enter")
    page.fill("#pin", "0000")
    page.keyboard.press("Enter")
    expect(page.locator("#pin-no")).to_be_visible()
    page.fill("#pin", site.accounts["pin"])
    page.keyboard.press("Enter")
    expect(page.locator(".signed")).to_be_visible()


def paper_is_printed(page: Page) -> str:
    """Ask for each file, see it become ready, open it; returns the address in the printed QR."""
    page.locator("a[href*='/documents/']").first.click()
    asks = page.locator("#bh-files form button")
    expect(page.locator("#bh-files")).to_be_visible()
    for left in range(asks.count(), 0, -1):
        asks.first.click()
        expect(asks).to_have_count(left - 1)
    saves = page.locator("#bh-files a[download]")
    expect(saves).to_have_count(4, timeout=60_000)
    page.wait_for_load_state("networkidle")
    assert barriers(page) == []
    seen = {}
    for n in range(4):
        address = saves.nth(n).get_attribute("href") or ""
        seen[address] = fetched(page, address)
        assert seen[address][:5] == b"%PDF-"
    assert len(set(seen.values())) == 4
    english = next(body for address, body in seen.items() if "lang=en&paper=a5" in address)
    words = PdfReader(io.BytesIO(english)).pages[0].extract_text()
    assert "Amlodipine 5 mg" in words
    assert "158/96" in words
    return qr_in_pdf(english)


def anybody_checks(page: Page, address: str) -> None:
    """A stranger with the paper in hand: genuine, and no word of who or what."""
    page.goto(address)
    expect(page.locator(".pp-say.ok")).to_be_visible()
    text = page.locator("body").inner_text()
    assert not re.search("रीना|Rina|Amlodipine|158|उच्च|Hypertension", text)
    assert barriers(page) == []
    assert page.goto(address[:-4] + "ZZZZ").status == 404


def slip_opens_at_home(page: Page, address: str, mobile: str) -> None:
    """The slip's QR: nothing before the last four digits, then the dose strips and two PDFs."""
    page.goto(address)
    assert not re.search("Amlodipine|रीना|Rina", page.locator("body").inner_text())
    box = page.locator("main input:not([type=hidden])").first
    box.fill("0000")
    box.press("Enter")
    assert "Amlodipine" not in page.locator("body").inner_text()
    page.locator("main input:not([type=hidden])").first.fill(mobile[-4:])
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Amlodipine 5 mg")
    assert barriers(page) == []
    downloads(page)


def downloads(page: Page) -> None:
    """Hindi and English, each a PDF of its own."""
    for lang in ("hi", "en"):
        link = page.locator(f"main a[href*='.pdf'][href*='lang={lang}']").first
        assert fetched(page, link.get_attribute("href") or "")[:5] == b"%PDF-", lang


def patient_logs_in(page: Page, site: Site, mobile: str) -> None:
    """Own papers, in two languages."""
    patient_enters(page, site, mobile)
    assert barriers(page) == []
    downloads(page)


def patient_enters(page: Page, site: Site, mobile: str) -> None:
    """Mobile, then the code from the SMS (the demo shows what was sent)."""
    page.goto(site.url("", "/p/"))
    page.fill("#number", mobile)
    page.keyboard.press("Enter")
    expect(page.locator("#number[autocomplete=one-time-code]")).to_be_visible()
    assert barriers(page) == []
    sms = page.context.new_page()
    sms.goto(site.url("", "/messages/"))
    words = sms.locator("body").inner_text()
    code = re.search(r"\b(\d{6})\b", words)
    assert code, words[:400]
    page.fill("#number", code[1])
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Amlodipine 5 mg")
