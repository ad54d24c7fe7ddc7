"""What every journey does: log in, look for barriers, count keys."""

import base64
import io
import json
import subprocess
from functools import cache

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.site import Site
from tests.house.tree import ROOT

TYPED_MS = 60  # a quick typist; below 50 ms a row of keys is a scanner
SCAN = """(text) => {
    for (const key of [...text, "Enter"]) {
        const at = document.activeElement;
        at.dispatchEvent(new KeyboardEvent("keydown", {key, code: key, bubbles: true,
                                                       cancelable: true}));
    }
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Keys:
    """A keyboard that counts. Each key is one, a chord (Alt and 2) is one, a scan is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def type(self, text: str) -> None:
        self.count += len(text)
        self.page.keyboard.type(text, delay=TYPED_MS)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.count += 1
            self.page.keyboard.press(key)

    def scan(self, text: str) -> None:
        """A scanner's burst: as fast as the page can take it, with Enter at the end."""
        self.count += 1
        self.page.wait_for_load_state()  # before its scripts run a page hears no scanner
        self.page.evaluate(SCAN, text)


@cache
def axe_source() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def log_in(page: Page, site: Site, username: str, slug: str = "") -> None:
    """Through the log-in page, as a person does."""
    page.goto(site.url(slug))
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", site.accounts["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    # The profile's language came with the log-in: switch as a person would, it is remembered.
    if page.locator("html").get_attribute("lang") != site.lang:
        page.locator(f".bh-lang button[value={site.lang}]").click()
        expect(page.locator("html")).to_have_attribute("lang", site.lang)


def barriers(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on the page as it stands."""
    page.evaluate(axe_source())
    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
    found = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def qr_on(page: Page) -> str:
    """What a camera reads from the page as it is drawn; "" when there is no QR."""
    return _read(Image.open(io.BytesIO(page.screenshot(full_page=True))))


def qr_in_pdf(pdf: bytes) -> str:
    """The same from the first page of a PDF, printed at 200 dots an inch."""
    drawn = subprocess.run(
        ["pdftoppm", "-png", "-r", "200", "-singlefile", "-"], input=pdf, capture_output=True,
        check=True, timeout=60,
    )  # fmt: skip
    return _read(Image.open(io.BytesIO(drawn.stdout)))


def _read(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(picture)
    return found[0].text if found else ""


def fetched(page: Page, address: str) -> bytes:
    """What this browser, with its cookies, gets from an address of the same host."""
    text = page.evaluate(
        """async (address) => {
            const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
            let text = "";
            for (const byte of bytes) text += String.fromCharCode(byte);
            return btoa(text);
        }""",
        address,
    )
    return base64.b64decode(text)
