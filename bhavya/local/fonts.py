"""Cuts Bhavya's fonts out of Noto Sans Devanagari (OFL-1.1, from npm). Needs fontTools:

    .venv/bin/python bhavya/local/fonts.py node_modules bhavya/static/build/fonts

For screens: two variable fonts, weights 400 to 700, the Devanagari one with Hindi's signs only.
For paper: Latin and Devanagari merged into ONE file a weight, static TrueType. Two files under one
family name made WeasyPrint print every digit, doses included, as a Devanagari sign; a variable font
became Type 3 in the PDF.
"""

import os
import sys
from io import BytesIO
from pathlib import Path

# fontTools stamps each file with the time of the build; a fixed time makes the same bytes every
# time.
os.environ["SOURCE_DATE_EPOCH"] = "1577836800"

from fontTools.merge import Merger
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WEIGHTS = (400, 700)
FRACTION = 0.72  # size of the two digits of ½
PACKAGE = "noto-sans-devanagari"
# Hindi's letters and signs without the ones of Marathi, Nepali, Sanskrit and Sindhi; joiners,
# dotted circle, rupee; ASCII and the typographic quotes and dashes, so that a mixed line does not
# change fonts at each space.
HINDI = (
    "0900-0903,0905-0914,0915-0939,093C-094D,0950,0958-095F,0960-096F,0970,"
    "200C,200D,25CC,20B9,0020-007E,00A0,2013,2014,2018,2019,201C,201D"
)
# English and the signs of units and doses. Accented letters are rare enough for the system's font.
ENGLISH = (
    "0020-007E,00A0,00A3,00A7,00A9,00AB,00B0-00B3,00B5,00B7,00B9,00BB-00BE,00D7,00F7,"
    "2013,2014,2018-201A,201C-201E,2022,2026,2039,203A,2122,2212"
)


def screen(modules: Path, out: Path) -> None:
    """bhavya-deva.woff2 (about 60 KB) and bhavya-latin.woff2 (about 12 KB)."""
    for script, name in (("devanagari", "deva"), ("latin", "latin")):
        source = (
            modules
            / "@fontsource-variable"
            / PACKAGE
            / "files"
            / f"{PACKAGE}-{script}-wght-normal.woff2"
        )
        low, high = WEIGHTS
        font = instancer.instantiateVariableFont(TTFont(source), {"wght": (low, low, high)})
        font = only(HINDI if script == "devanagari" else ENGLISH, reread(font))
        font.flavor = "woff2"
        font.save(out / f"bhavya-{name}.woff2")


def reread(font: TTFont) -> TTFont:
    """Through bytes and back: the subsetter trips over tables the instancer half filled."""
    written = BytesIO()
    font.save(written)
    return TTFont(written)


def only(signs: str, font: TTFont) -> TTFont:
    """Drop what is not written here; keep every layout feature: conjuncts depend on them."""
    options = Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.desubroutinize = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(signs))
    subsetter.subset(font)
    return font


def paper(modules: Path, out: Path) -> None:
    """bhavya-print-400.ttf and bhavya-print-700.ttf, about 210 KB each."""
    for weight in WEIGHTS:
        parts = []
        for script in ("devanagari", "latin"):
            source = (
                modules
                / "@fontsource"
                / PACKAGE
                / "files"
                / f"{PACKAGE}-{script}-{weight}-normal.woff2"
            )
            font = TTFont(source)
            font.flavor = None
            part = out / f"part-{script}-{weight}.ttf"
            font.save(part)
            parts.append(part)
        font = Merger().merge([str(part) for part in parts])
        add_fractions(font)
        font.save(out / f"bhavya-print-{weight}.ttf")
        for part in parts:
            part.unlink()


def add_fractions(font: TTFont) -> None:
    """½ ¼ ¾ out of the font's own digits and slash.

    Noto Sans Devanagari has none. Half a tablet would be printed in whatever font the machine
    has, or as an empty box where it has none.
    """
    names, glyphs, order = font.getBestCmap(), font["glyf"], font.getGlyphOrder()
    drawn, rise = font.getGlyphSet(), 714  # height of the digits, in 1/1000 em
    widths = font["hmtx"]
    digit = round(widths[names[ord("1")]][0] * FRACTION)
    bar = round(widths[names[ord("/")]][0] * FRACTION)
    for sign, (above, below) in {"½": ("1", "2"), "¼": ("1", "4"), "¾": ("3", "4")}.items():
        pen = TTGlyphPen(None)
        for part, x, y in (
            (above, 0, round(rise * (1 - FRACTION))),
            ("/", digit, round(rise * (1 - FRACTION) / 2)),
            (below, digit + bar, 0),
        ):
            to = TransformPen(pen, (FRACTION, 0, 0, FRACTION, x, y))
            drawn[names[ord(part)]].draw(to)
        name = f"uni{ord(sign):04X}"
        order.append(name)
        glyphs[name] = pen.glyph()
        glyphs[name].recalcBounds(glyphs)
        widths[name] = (2 * digit + bar, glyphs[name].xMin)
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(sign)] = name
    font.setGlyphOrder(order)


if __name__ == "__main__":
    modules, out = Path(sys.argv[1]), Path(sys.argv[2])
    screen(modules, out)
    paper(modules, out)
