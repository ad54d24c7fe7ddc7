"""Hindi is complete, and no page breaks the rules of the interface."""

import ast
import re

import pytest

from apps.core.errors import REFUSALS
from apps.core.templatetags.bhavya import ICONS
from tests.house.tree import ROOT, name, sources, templates

PO = ROOT / "locale" / "hi" / "LC_MESSAGES" / "django.po"
ENTRY = re.compile(r"\n\s*\n")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def unquote(block: str) -> str:
    return "".join(ast.literal_eval(f'"{part}"') for part in QUOTED.findall(block))


def entries() -> dict[str, str]:
    """msgid to msgstr (plural forms joined) of every living entry."""
    found = {}
    for block in ENTRY.split(PO.read_text("utf-8")):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        text = "\n".join(lines)
        if not text.startswith(("msgid", "msgctxt")):
            continue
        ids, _, strings = text.partition("\nmsgstr")
        found[unquote(ids.split("\nmsgid_plural")[0].split("msgid", 1)[1])] = unquote(strings)
    return found


def test_every_message_has_a_hindi_translation():
    assert [msgid for msgid, hindi in entries().items() if msgid and not hindi] == []
    assert "#, fuzzy" not in PO.read_text("utf-8").split("\n\n", 1)[1]


def test_every_refusal_is_translated():
    known = entries()
    missing = [
        code for code, words in REFUSALS.items() if getattr(words, "_args", [words])[0] not in known
    ]
    assert missing == []


def test_hindi_holds_the_same_placeholders():
    wrong = [
        msgid
        for msgid, hindi in entries().items()
        if msgid
        and set(re.findall(r"%\(\w+\)[sd]", msgid)) != set(re.findall(r"%\(\w+\)[sd]", hindi))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "sign",
    [r'\son[a-z]+="', r"<script(?![^>]*\bsrc=)", r"hx-on", r"hx-disabled-elt", r"hx-ext",
     r"https?://(?!www\.w3\.org)"],
)  # fmt: skip
def test_no_page_holds(sign):
    wrong = [name(t) for t in templates() if re.search(sign, t.read_text("utf-8"))]
    assert wrong == []


@pytest.mark.parametrize(
    "sign", [r":has\(", "color-mix", "oklch", r"light-dark\(", "@starting-style", r"\bpopover\b"]
)
def test_style_sheets_stay_on_the_floor(sign):
    sheets = sorted((ROOT / "bhavya" / "static" / "css").glob("*.css"))
    without_comments = {
        s: re.sub(r"/\*.*?\*/", "", s.read_text("utf-8"), flags=re.S) for s in sheets
    }
    assert [name(s) for s, text in without_comments.items() if re.search(sign, text)] == []


def test_every_icon_is_built():
    listed = set((ROOT / "bhavya/local/icons.txt").read_text("utf-8").split())
    used = {
        (name(page), icon)
        for page in templates()
        for icon in re.findall(r'{% icon "([\w-]+)"', page.read_text("utf-8"))
    }
    assert {pair for pair in used if pair[1] not in listed} == set()
    assert ICONS.exists()


def test_scripts_are_small():
    scripts = sorted((ROOT / "bhavya" / "static" / "js").glob("*.js"))
    sizes = {name(s): s.stat().st_size for s in scripts}
    assert {n for n, size in sizes.items() if size > 12_000} == set()


def test_no_formatting_inside_gettext():
    wrong = [
        name(path)
        for path in sources("apps")
        if re.search(r"\b_\(\s*f[\"']", path.read_text("utf-8"))
    ]
    assert wrong == []
