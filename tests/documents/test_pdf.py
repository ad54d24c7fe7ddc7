"""What the paper shows: doses above all, then pages, size, fonts, and nothing from outside."""

from collections import defaultdict
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from pypdf import PdfReader
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from apps.documents import pdf
from tests.documents.glyphs import marks, source
from tests.documents.papers import DAY, many, medicine, prescription

MM = 72 / 25.4
# Page width and margin in mm, base size in points, as in print.css.
SIZES = {"a5": (148, 9, 9.5), "a4": (210, 13, 12.92)}
TIGHT = 8.8 / 9.5  # from six medicines on
NUMBER, DOSE, REST = 1.9, 3.55, 4.9 + 3 + 3.6  # widths of columns in rem


def doses(data: bytes, size: str, scale: float = 1) -> list[tuple[str, list[str]]]:
    """(row number, three doses) of each row that an eye would read as digits, top to bottom."""
    width, margin, rem = SIZES[size]
    rem *= scale
    left, right = margin * MM, (width - margin) * MM
    first = right - (REST + 3 * DOSE) * rem
    edges = [first + n * DOSE * rem for n in range(4)]
    rows = defaultdict(lambda: ["", "", "", ""])
    for mark in sorted(marks(data), key=lambda m: (m.page, -m.y, m.x)):
        in_number = left <= mark.x < left + NUMBER * rem
        cell = 0 if in_number else 1 + sum(mark.x >= edge for edge in edges[1:])
        if not in_number and not edges[0] <= mark.x < edges[3]:
            continue
        line = next((key for key in rows if key[0] == mark.page and abs(key[1] - mark.y) < rem / 2),
                    (mark.page, mark.y))  # fmt: skip
        rows[line][cell] += mark.digit or "?"
    return [(row[0], row[1:]) for row in rows.values()
            if row[0].isdecimal() and "".join(row[1:]) and "?" not in "".join(row[1:])]  # fmt: skip


def draw(medicines=None, language="hi", size="a5", **more):
    content = prescription(medicines, **more)
    return pdf.draw("Prescription", content, language=language, size=size)


def text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)


@pytest.mark.parametrize("size", ["a5", "a4"])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_an_eye_reads_the_doses_that_were_written(language, size):
    paper = draw(many(25), language, size)
    expected = [(str(n), m["pattern"]) for n, m in enumerate(many(25), start=1)]
    assert doses(paper.data, size, TIGHT) == expected


def test_the_eye_is_not_fooled_by_hindi_digits():
    paper = draw([medicine("Amlodipine 5 mg", "एम्लोडिपिन", ["१", "०", "१"])])
    assert doses(paper.data, "a5") == []


def test_the_eye_sees_the_swapped_glyphs_of_a_split_font_family():
    """The known trap: one family, two files by unicode-range, digits drawn as other signs."""
    content = {"doc": prescription(), "size": "a5", "language": "hi"}
    with translation.override("hi"):
        html = render_to_string("documents/Prescription.html", content)
    sheet = pdf.STYLESHEET.read_text("utf-8").split("\n")
    ranges = {"latin": "U+0-FF", "devanagari": "U+900-97F"}
    faces = [
        f'@font-face{{font-family:"Bhavya Print";font-weight:{weight};'
        f"unicode-range:{ranges[script]};src:url({source(script, weight).as_uri()})}}"
        for weight in (400, 700)
        for script in ranges
    ]
    fonts = FontConfiguration()
    css = "\n".join([*faces, *(line for line in sheet if not line.startswith("@font-face"))])
    style = CSS(string=css, font_config=fonts)
    data = HTML(string=html).write_pdf(font_config=fonts, stylesheets=[style])
    right = [(str(n), m["pattern"]) for n, m in enumerate(DAY, start=1) if m["pattern"]]
    assert doses(draw().data, "a5") == right
    assert doses(data, "a5") != right


def test_english_text_extracts_exactly():
    words = text(draw(language="en").data).split()
    for line in DAY[:3]:
        name = line["name"].split()
        at = next(n for n in range(len(words)) if words[n : n + 3] == name)
        assert words[at + 3 : at + 7] == ["tablet", *line["pattern"]]
    assert "no more than 3 a day" in " ".join(words)


@pytest.mark.parametrize("count, most", [(1, 1), (3, 1), (8, 2), (25, 5)])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_it_holds_from_one_to_many_medicines(language, count, most):
    paper = draw(many(count), language)
    assert paper.pages <= most
    assert len(paper.data) < 60_000
    pages = [page.extract_text() for page in PdfReader(BytesIO(paper.data)).pages]
    assert len(pages) == paper.pages
    for number, page in enumerate(pages, start=1):
        assert f"{number}/{paper.pages}" in page
        assert "PUR-26-118204" in page


def test_eight_ordinary_medicines_are_one_page():
    eight = [medicine(f"Medicine {n} 10 mg", "दवा", ["1", "0", "1"]) for n in range(8)]
    assert draw(eight).pages == 1
    assert draw(eight, "en").pages == 1


def test_the_head_of_the_table_is_on_every_page():
    pages = PdfReader(BytesIO(draw(many(25), "en").data)).pages
    assert all("Morning" in page.extract_text() for page in list(pages)[:-1])


@pytest.mark.parametrize("status, words", [("none", "No known allergy"), ("unknown", "not asked")])
def test_the_allergy_box_is_never_blank(status, words):
    assert words in text(draw(language="en", allergies={"status": status, "items": []}).data)


def test_only_our_fonts_are_embedded():
    reader = PdfReader(BytesIO(draw(many(8)).data))
    fonts = {
        str(entry.get_object()["/BaseFont"])
        for page in reader.pages
        for entry in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("Bhavya-Print" in font for font in fonts)


def test_the_file_says_what_it_is():
    reader = PdfReader(BytesIO(draw(language="en").data))
    assert reader.metadata.title == "Prescription PUR-26-118204"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    box = reader.pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (148, 210)
    box = PdfReader(BytesIO(draw(size="a4").data)).pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)


def test_a_page_may_load_nothing_from_outside():
    fetcher = pdf.FontsOnly(allowed_protocols={"file"})
    for url in ("http://example.test/x.png", "file:///etc/passwd", "data:text/plain,x"):
        with pytest.raises(FatalURLFetchingError):
            fetcher.fetch(url)


def test_what_a_human_typed_stays_text():
    paper = draw(language="en", patient={**prescription()["patient"], "name_en": "<b>A & B</b>"})
    assert "<b>A & B</b>" in text(paper.data)
