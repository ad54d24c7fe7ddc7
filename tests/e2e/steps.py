"""What every journey does: log in, look for barriers, count keys."""

import json
from functools import cache

from playwright.sync_api import Page

from tests.e2e.site import Site
from tests.house.tree import ROOT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


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


def barriers(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on the page as it stands."""
    page.evaluate(axe_source())
    found = page.evaluate(
        f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}})"
    )
    return [
        f"{fault['id']}: {node['html'][:160]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
