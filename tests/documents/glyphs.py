"""Reads a PDF the way an eye does: by the shape of each glyph that is drawn, not by its text.

Hindi text copied out of a PDF is scrambled, and a PDF whose text says "1" may draw something
else. So every glyph in the page's content is looked up in the font that is embedded in the PDF,
and its outline compared with the digits of the original Latin font, which the PDF never saw.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import ContentStream

SOURCE = Path(settings.BASE_DIR) / "node_modules/@fontsource/noto-sans-devanagari/files"
BUILT = Path(settings.BASE_DIR) / "bhavya/static/build/fonts"
DIGITS, FRACTIONS = "0123456789", "½¼¾"


@dataclass(frozen=True)
class Mark:
    """One glyph on a page: where (points, from the lower left corner) and what digit it looks like.

    `digit` is "" for everything that is no digit.
    """

    page: int
    x: float
    y: float
    digit: str


def shape(font: TTFont, glyph: str) -> tuple[Any, ...]:
    """The outline of one glyph in units of 1/1000 em."""
    glyphs = font.getGlyphSet()
    pen = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(pen)
    scale = 1000 / font["head"].unitsPerEm
    return tuple(
        (step, tuple((round(x * scale), round(y * scale)) for x, y in points))
        for step, points in pen.value
    )


def source(script: str, weight: int) -> Path:
    """The font as npm delivers it."""
    return SOURCE / f"noto-sans-devanagari-{script}-{weight}-normal.woff2"


@cache
def known_shapes() -> dict[tuple[Any, ...], str]:
    """Outline to digit, for both weights."""
    shapes = {}
    for weight in (400, 700):
        digits = TTFont(source("latin", weight))
        built = TTFont(BUILT / f"bhavya-print-{weight}.ttf")  # the fractions are our own drawing
        for font, signs in ((digits, DIGITS), (built, FRACTIONS)):
            for sign in signs:
                shapes[shape(font, font.getBestCmap()[ord(sign)])] = sign
    return shapes


def marks(pdf: bytes) -> list[Mark]:
    """Every glyph of the document in drawing order."""
    known = known_shapes()
    reader = PdfReader(BytesIO(pdf))
    return [
        mark
        for number, page in enumerate(reader.pages)
        for mark in _marks_of(page, number, reader, known)
    ]


def _marks_of(page: Any, number: int, reader: PdfReader, known: dict[Any, str]) -> list[Mark]:
    fonts = {
        name: _Embedded(entry.get_object(), known)
        for name, entry in page["/Resources"]["/Font"].items()
    }
    found: list[Mark] = []
    font, size = None, 1.0
    stack: list[tuple[float, ...]] = []
    outer = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    line = outer
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        if operator == b"q":
            stack.append(outer)
        elif operator == b"Q":
            outer = stack.pop()
        elif operator == b"cm":
            outer = _times(tuple(map(float, operands)), outer)
        elif operator == b"Tf":
            font, size = fonts[operands[0]], float(operands[1])
        elif operator == b"Tm":
            line = tuple(map(float, operands))
        elif operator in (b"TJ", b"Tj"):
            at = _times(line, outer)
            parts = operands[0] if operator == b"TJ" else [operands[0]]
            found += _shown(parts, font, size, at, number)
    return found


def _shown(parts: Any, font: Any, size: float, at: tuple[float, ...], page: int) -> list[Mark]:
    found, along = [], 0.0
    for part in parts:
        if isinstance(part, (int, float)):
            along -= float(part) / 1000 * size
            continue
        raw = part.original_bytes if hasattr(part, "original_bytes") else bytes(part)
        for n in range(0, len(raw), 2):
            glyph = int.from_bytes(raw[n : n + 2], "big")
            found.append(Mark(page, at[4] + along * at[0], at[5], font.digit(glyph)))
            along += font.width(glyph) / 1000 * size
    return found


def _times(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


class _Embedded:
    """A font inside the PDF: glyph number to shape."""

    def __init__(self, entry: Any, known: dict[Any, str]) -> None:
        inner = entry["/DescendantFonts"][0].get_object()
        descriptor = inner["/FontDescriptor"].get_object()
        stream = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
        self.font = TTFont(BytesIO(stream.get_object().get_data()))
        self.order = self.font.getGlyphOrder()
        self.known = known
        self.seen: dict[int, str] = {}

    def digit(self, glyph: int) -> str:
        if glyph not in self.seen:
            name = self.order[glyph] if glyph < len(self.order) else ".notdef"
            self.seen[glyph] = self.known.get(shape(self.font, name), "")
        return self.seen[glyph]

    def width(self, glyph: int) -> float:
        name = self.order[glyph] if glyph < len(self.order) else ".notdef"
        return self.font["hmtx"][name][0] * 1000 / self.font["head"].unitsPerEm
