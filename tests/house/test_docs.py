"""Every setting and every event is said somewhere a person looks."""

import re

from apps.audit.events import Event
from tests.house.tree import ROOT, name, sources

ASKED = re.compile(r'env\.\w+\(\s*"([A-Z_]+)"')


def test_every_setting_is_in_the_readme():
    asked = {n for path in sources("bhavya") for n in ASKED.findall(path.read_text("utf-8"))}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert asked
    assert {n for n in asked if f"`{n}`" not in readme} == set()


def test_every_event_happens_somewhere():
    text = "\n".join(p.read_text("utf-8") for p in sources("apps") if p.name != "events.py")
    assert [event.name for event in Event if f"Event.{event.name}" not in text] == []


def test_no_trace_of_this_machine():
    # Paths of one machine, and the names of the registries' hosts, do not belong in the tree.
    signs = re.compile(r"/work/|/root/|pythonhosted|registry\.npmjs|deb\.debian")
    here = name(ROOT / "tests/house/test_docs.py")
    files = [
        *sources("apps", "bhavya", "tests"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "requirements").glob("*"),
        ROOT / "README.md",
        ROOT / "package-lock.json",
        ROOT / "Makefile",
    ]
    assert [name(f) for f in files if name(f) != here and signs.search(f.read_text("utf-8"))] == []
