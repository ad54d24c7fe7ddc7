"""A real browser against a real site; every page is watched for errors of script and server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.site import Site

CHROMIUM = shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
# Two cores with two browsers and two sites: how long a thing may take to appear, not a budget.
expect.set_options(timeout=15_000)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
]


@pytest.fixture(scope="session")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """xdist calls its processes gw0, gw1, … and gives each a folder in the one of the run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    base = tmp_path_factory.getbasetemp()
    shared = os.environ.get("SEEDED_SITE") or (base.parent if worker else base)
    site = Site(tmp_path_factory.mktemp("site"), Path(shared), int(worker.removeprefix("gw") or 0))
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="module")
def site(running_site: Site) -> Site:
    """Each file of journeys finds the same day, whatever ran before it."""
    running_site.renew()
    return running_site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A file's journeys run in its LANGUAGES, Hindi where it names none: half of the long ones in
    English, as the screens are the same and the run has six minutes. BOTH_LANGUAGES runs all."""
    if "lang" in metafunc.fixturenames:
        own = getattr(metafunc.module, "LANGUAGES", ["hi"])
        metafunc.parametrize("lang", ["hi", "en"] if "BOTH_LANGUAGES" in os.environ else own)


@pytest.fixture
def open_page(browser: Browser, site: Site, lang: str, request: pytest.FixtureRequest):
    """`open_page()` gives a new person's browser: own cookies, `lang`, and an error watch."""
    contexts, faults = [], []
    site.lang = lang

    def make(width: int = 1366, height: int = 768) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=f"{lang}-IN",
            reduced_motion="reduce",
        )
        context.add_cookies(
            [{"name": "lang", "value": lang, "domain": ".bhavya.localhost", "path": "/"}]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on(
            "response",
            lambda answer: (
                faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
            ),
        )
        return page

    yield make
    if getattr(request.node, "failed", False):
        folder = Path(request.config.rootpath) / ".local" / "shots"
        folder.mkdir(parents=True, exist_ok=True)
        for n, context in enumerate(contexts):
            for page in context.pages:
                page.screenshot(path=folder / f"{request.node.name}-{n}.png")
    for context in contexts:
        context.close()
    assert faults == []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    outcome = yield
    if outcome.get_result().failed:
        item.failed = True
