"""Photographs and PDFs of old papers: cleaned of what a camera writes into them, put together.

A page is decoded and written anew, so that no place, no device and no hidden script of the file
that came in is kept.
"""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from apps.core.errors import Refused
from apps.documents.pdf import Paper

MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 20
MOST_PIXELS = 60_000_000  # a phone's largest picture; more is a bomb
LONGER_SIDE = 2000  # 170 dots an inch on A4: small letters stay readable, a page is 300 KB
A4 = (595.0, 842.0)
MARGIN = 14.0
PICTURES = ("JPEG", "PNG")


def clean(data: bytes) -> tuple[str, bytes]:
    """("jpg" | "pdf", bytes) of one file as it came: EXIF, scripts and links are gone.

    Refused: scan.too_large, scan.type, scan.broken, scan.locked, scan.too_many.
    """
    if len(data) > MOST_BYTES:
        raise Refused("scan.too_large", limit_mb=MOST_BYTES // 1024 // 1024)
    if data[:1024].lstrip().startswith(b"%PDF"):
        return "pdf", _clean_pdf(data)
    return "jpg", _clean_picture(data)


def _clean_picture(data: bytes) -> bytes:
    try:
        picture = Image.open(io.BytesIO(data), formats=PICTURES)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        # Neither picture: broken when it begins like one, else another kind of file.
        known = data.startswith((b"\xff\xd8", b"\x89PNG"))
        raise Refused("scan.broken" if known else "scan.type") from None
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused("scan.too_large", limit_mb=MOST_BYTES // 1024 // 1024)
    try:
        picture.draft("RGB", (LONGER_SIDE, LONGER_SIDE))  # a JPEG is decoded small at once
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGER_SIDE, LONGER_SIDE))
        flat = Image.new("RGB", upright.size, "white")
        flat.paste(upright, mask=upright.getchannel("A") if "A" in upright.getbands() else None)
    except (OSError, ValueError, SyntaxError):
        raise Refused("scan.broken") from None
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=78, optimize=True)
    return out.getvalue()


def _clean_pdf(data: bytes) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Refused("scan.locked")
        if len(reader.pages) > MOST_PAGES:
            raise Refused("scan.too_many", most=MOST_PAGES)
        writer = PdfWriter()
        for page in reader.pages:
            _without_deeds(writer.add_page(page))
        out = io.BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError):
        raise Refused("scan.broken") from None
    if not reader.pages:
        raise Refused("scan.broken")
    return out.getvalue()


def _without_deeds(page: PageObject) -> None:
    """A page may show; it may not do: no links, forms or actions."""
    for name in ("/Annots", "/AA"):
        if name in page:
            del page[name]


def together(files: Sequence[Path]) -> Paper:
    """One PDF of cleaned pages, pictures set on A4 upright or across."""
    writer = PdfWriter()
    for path in files:
        data = path.read_bytes()
        source = data if path.suffix == ".pdf" else _on_a4(data)
        for page in PdfReader(io.BytesIO(source)).pages:
            _without_deeds(writer.add_page(page))
    writer.metadata = None
    out = io.BytesIO()
    writer.write(out)
    return Paper(out.getvalue(), len(writer.pages))


def _on_a4(data: bytes) -> bytes:
    """The picture as a PDF page of A4 width at most; the JPEG's own bytes are kept."""
    picture = Image.open(io.BytesIO(data))
    wide, high = A4 if picture.height >= picture.width else A4[::-1]
    dots = max(picture.width / (wide - 2 * MARGIN), picture.height / (high - 2 * MARGIN)) * 72
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=dots, quality=78)
    return out.getvalue()
