"""How the phone reads a bundle: ours, foreign, broken, hostile; and its words."""

import re
import string

import pytest

from apps.abdm.fhir import BUILDERS, build
from apps.abdm_sandbox import phr_words
from apps.abdm_sandbox.phr_bundle import paper
from apps.abdm_sandbox.phr_html import Html, h, join
from tests.abdm.papers import facts
from tests.house.tree import ROOT

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_our_own_papers_are_read(kind):
    read = paper(build(facts(kind)))
    assert read.kind == kind and read.title and read.hospital == "District Hospital Purnia"
    made_up = kind in ("DischargeSummary", "ImmunizationRecord", "Invoice")
    assert read.author == ("Demo Doctor" if made_up else "Dr Anjali Jha")
    assert read.patient == "Sunita Devi"
    assert read.date.startswith("2026-11-23")
    assert read.parts or read.files


def test_medicines_and_results_keep_their_words():
    lines = [line for part in paper(build(facts("Prescription"))).parts for line in part.lines]
    assert lines[0].name == "Paracetamol 500 mg" and "after food" in lines[0].more
    lines = [line for p in paper(build(facts("DiagnosticReport"))).parts for line in p.lines]
    told = {line.name: line.more for line in lines}
    assert told["Haemoglobin"] == "10.4 g/dL (12–15)" and told["Malaria parasite"] == "not seen"


@pytest.mark.parametrize(
    "bundle",
    [
        None, [], "x", 7, {}, {"entry": 7}, {"entry": [None, 7, {"resource": "x"}]},
        {"entry": [{"resource": {"resourceType": "Composition", "section": [{"entry": [7]}]}}]},
        {"entry": [{"resource": {"resourceType": "Composition", "title": 7, "author": "x",
                                 "section": [{"text": {"div": ["x"]}, "entry": [{"reference": {}}],
                                              "section": [{"section": 7}]}]}}]},
        {"entry": [{"resource": {"resourceType": "Binary", "data": "%%%"}}]},
        {"entry": [{"fullUrl": "a", "resource": {"resourceType": "DiagnosticReport", "id": "r",
                                                 "result": [{"reference": "a"}]}}]},
    ],
)  # fmt: skip
def test_broken_bundles_are_empty_papers(bundle):
    assert isinstance(paper(bundle).parts, list)


def test_markup_in_a_bundle_is_only_text():
    told = {"title": EVIL, "text": {"div": f"<div>{EVIL}&lt;b&gt;rest</div>"}}
    node = {"resourceType": "Composition", "title": EVIL, "section": [told]}
    read = paper({"entry": [{"resource": node}]})
    shown = join([h("<h1>{t}</h1>", t=read.title)] + [h("{t}", t=p.text) for p in read.parts])
    assert "<script" not in shown and "<img" not in shown and "&lt;b&gt;rest" in shown


def test_only_what_was_made_here_stays_markup():
    assert h("{a}{b}", a="<i>", b=Html("<b>")) == "&lt;i&gt;<b>"
    assert join(["<i>", Html("<b>")]) == "&lt;i&gt;<b>"
    assert h('<a title="{x}">', x='"><script>') == '<a title="&quot;&gt;&lt;script&gt;">'


def test_every_sentence_is_there_in_both_languages():
    def holes(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, (hindi, english) in phr_words.WORDS.items():
        assert hindi and english and holes(hindi) == holes(english), key
        assert re.search("[\u0900-\u097f]", hindi) and english.isascii() | ("…" in english), key


def test_every_sentence_that_is_said_exists():
    text = "\n".join(p.read_text("utf-8") for p in (ROOT / "apps/abdm_sandbox").glob("phr*.py"))
    said = set(re.findall(r'(?:say|note)\(\s*"(\w+)"', text))
    assert said and said <= set(phr_words.WORDS)
