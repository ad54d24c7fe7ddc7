"""What a page weighs on the wire, against the budget of the interface: a 2G line pays for it."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

from tests.encounters import people
from tests.house.tree import ROOT

KB = 1024
FONTS = ("build/fonts/bhavya-deva.woff2", "build/fonts/bhavya-latin.woff2")
COLD_KB, WARM_KB, NODES = 150, 15, 900  # a staff work page
FILE = re.compile(r'(?:href|src)="([^"]+\.(?:css|js|woff2|svg))"')
VOID = re.compile(r"<(?!/|!)[a-z]", re.I)
PAGES = {
    "registration": ("ravi", "/reg/"),
    "old slip": ("ravi", "/reg/find"),
    "slips": ("ravi", "/reg/slips"),
    "typing slips in": ("ravi", "/reg/paper/type"),
    "vitals": ("rita", "/vitals/"),
    "vitals of one": ("rita", "/vitals/{number}/"),
    "queue": ("dr_rao", "/opd/"),
    "consultation": ("dr_rao", "/opd/{number}/"),
    "patients": ("ravi", "/patients/"),
    "own page": ("ravi", "/me"),
    "what waits": ("ravi", "/sync"),
    "staff": ("manager", "/staff/"),
}


def packed(raw: bytes) -> int:
    return len(gzip.compress(raw, 9, mtime=0))


def weight(address: str) -> int:
    """A static file as it travels: text packed, fonts as they are."""
    name = address.removeprefix(staticfiles_storage.base_url).lstrip("/")
    found = finders.find(name)
    assert found, name
    raw = Path(found).read_bytes()
    return len(raw) if name.endswith(".woff2") else packed(raw)


@pytest.mark.parametrize("name", PAGES)
def test_a_work_page_keeps_to_its_budget(cast, name):
    member, path = PAGES[name]
    number = people.at_the_doctor(cast).number if "{" in path else ""
    html = getattr(cast, member).client().get(path.format(number=number)).content
    text = html.decode()
    files = {f for f in FILE.findall(text) if f.startswith("/")} | {f"/static/{f}" for f in FONTS}
    cold = packed(html) + sum(weight(f) for f in files)
    assert packed(html) <= WARM_KB * KB
    assert cold <= COLD_KB * KB, f"{cold / KB:.0f} KB: {sorted((weight(f), f) for f in files)}"
    assert len(VOID.findall(text.split("<body", 1)[1])) <= NODES


@pytest.mark.parametrize(("name", "most_kb"), [("bhavya.js", 6), ("outbox.js", 5)])
def test_the_scripts_of_every_page_are_small(name, most_kb):
    assert packed((ROOT / "bhavya/static/js" / name).read_bytes()) <= most_kb * KB


def test_the_shell_that_the_browser_keeps_is_small(db, client):
    page = client.get("/offline", headers={"host": "green-phc.bhavya.localhost"})
    assert packed(page.content) <= 3 * KB
    script = client.get("/sw.js", headers={"host": "green-phc.bhavya.localhost"})
    assert script["Content-Type"].startswith("text/javascript")
    assert len(script.content) <= 3 * KB
